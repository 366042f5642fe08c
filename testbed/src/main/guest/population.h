/*
 * The population: processes whose every property the tests know. Each role is a process (with helpers of its own) that
 * arranges something, describes it for the manifest, and then rests for good.
 */
#ifndef TESTBED_POPULATION_H
#define TESTBED_POPULATION_H

#include "guest.h"

#include <stddef.h>
#include <sys/types.h>

#define SELF TESTBED_BIN "/population"
#define ALICE 1001
#define BOB 1002
#define CAROL 1003

/* Runs body in a new process and waits until it rests, executes a program or gives up. Roles run one after another. */
void role(const char *name, void (*body)(void));

/* Adds a member to the description of the running role. Texts may hold any bytes. */
void note_number(const char *name, long value);
void note_text(const char *name, const char *value);
void note_list(const char *name, const char *const *values);

/* Notes what this kernel does not have; the role goes on without. */
void missing(const char *what);

/* Ends the set-up: the description goes to the manifest. rest() never returns; settle() is for roles that go on. */
void settle(void);
void rest(void) __attribute__((noreturn));

/* Forks a helper of the role; it does not hold the set-up open and dies with nobody. */
pid_t helper(void (*body)(void *), void *argument);

/* Returns value, or gives the role up with errno's text when it is -1. */
long must(long value, const char *what);

/* Gives up root for that user, keeping no capability. */
void become(uid_t user);

/* Modes in which the population's program is executed again: a process image of its own is part of the role. */
int run_mode(int argc, char **argv);

void populate_system(void);
void populate_tasks(void);
void populate_attributes(void);
void populate_files(void);
void populate_memory(void);
void populate_sockets(void);
void populate_namespaces(void);
void populate_terminals(void);
void populate_crowd(long tasks, long sockets);
void populate_hidden(void);

#endif
