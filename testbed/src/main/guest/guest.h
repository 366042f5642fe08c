/* What the programs of the test guest share. Each is static and self-contained: the guest may hold any user space. */
#ifndef TESTBED_GUEST_H
#define TESTBED_GUEST_H

#include <stddef.h>
#include <sys/types.h>

#define TESTBED_BIN "/usr/lib/testbed"
#define TESTBED_RUN "/run/testbed"
#define MANIFEST TESTBED_RUN "/manifest.json"

/* Prints one line to the console (file descriptor 2). */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints one line with errno's text and exits with status 1. */
void die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

/* The value of a `testbed.NAME=` word of the kernel command line, or the fallback. The result is allocated. */
char *option(const char *name, const char *fallback);
long option_number(const char *name, long fallback);

/* Writes the text to the file; returns -1 with errno set on failure. */
int write_file(const char *path, const char *text);

/* Runs a program, waits, and returns its exit status (128 + signal when killed, -1 when it could not be run). */
int run(const char *path, ...) __attribute__((sentinel));

/* Creates a directory and its parents; existing ones are fine. */
void make_directories(const char *path, mode_t mode);

#endif
