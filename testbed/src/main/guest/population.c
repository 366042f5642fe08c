#define _GNU_SOURCE
#include "population.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/utsname.h>
#include <unistd.h>

#define ROLE_SECONDS 150

static FILE *manifest;
static int roles;
static int setup = -1; /* the role's end of the pipe to the director */
static char description[1 << 16];
static size_t described;

static void append(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    size_t room = sizeof description - described;
    size_t n = vsnprintf(description + described, room, format, arguments);
    if (n < room) described += n;
    va_end(arguments);
}

static void append_text(const char *text) {
    append("\"");
    for (const unsigned char *c = (const unsigned char *)text; *c; c++)
        append(*c < 0x20 || *c > 0x7e || *c == '"' || *c == '\\' ? "\\u%04x" : "%c", *c);
    append("\"");
}

void note_number(const char *name, long value) { append(",\"%s\":%ld", name, value); }

void note_text(const char *name, const char *value) {
    append(",\"%s\":", name);
    append_text(value);
}

void note_list(const char *name, const char *const *values) {
    append(",\"%s\":[", name);
    for (int i = 0; values[i]; i++) {
        if (i) append(",");
        append_text(values[i]);
    }
    append("]");
}

void missing(const char *what) {
    static int count;
    char name[32];
    snprintf(name, sizeof name, "missing%d", count++);
    char text[300];
    snprintf(text, sizeof text, "%s: %s", what, strerror(errno));
    note_text(name, text);
}

void settle(void) {
    if (setup < 0) return;
    append("}\n");
    if (write(setup, description, described) < 0) _exit(1);
    close(setup);
    setup = -1;
}

void rest(void) {
    settle();
    for (;;) pause();
}

long must(long value, const char *what) {
    if (value != -1) return value;
    say("population: %s: %s", what, strerror(errno));
    char text[300];
    snprintf(text, sizeof text, "%s: %s", what, strerror(errno));
    note_text("failed", text);
    settle();
    _exit(1);
}

pid_t helper(void (*body)(void *), void *argument) {
    pid_t child = must(fork(), "fork");
    if (child) return child;
    if (setup >= 0) close(setup);
    setup = -1;
    body(argument);
    rest();
}

void become(uid_t user) {
    gid_t groups[] = {user, 100};
    must(setgroups(2, groups), "setgroups");
    must(setresgid(user, user, user), "setresgid");
    must(setresuid(user, user, user), "setresuid");
}

void role(const char *name, void (*body)(void)) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC)) die("pipe");
    fflush(manifest); /* or the child inherits what is not written yet */
    pid_t child = fork();
    if (child < 0) die("fork");
    if (child == 0) {
        close(ends[0]);
        setup = ends[1];
        /* Far from the descriptors that roles count. */
        int far = fcntl(setup, F_DUPFD_CLOEXEC, 900);
        if (far >= 0) close(setup), setup = far;
        close(fileno(manifest));
        int null = open("/dev/null", O_RDWR);
        for (int i = 0; i < 2; i++) dup2(null, i);
        if (null > 2) close(null);
        described = 0;
        append("{\"role\":\"%s\",\"pid\":%d", name, getpid());
        body();
        rest();
    }
    close(ends[1]);
    char buffer[4096];
    size_t total = 0;
    struct pollfd readable = {ends[0], POLLIN, 0};
    if (roles++) fputs(",\n", manifest);
    for (;;) {
        if (poll(&readable, 1, ROLE_SECONDS * 1000) <= 0) {
            say("population: the role %s does not come to rest", name);
            break;
        }
        ssize_t n = read(ends[0], buffer, sizeof buffer);
        if (n <= 0) break;
        total += n;
        fwrite(buffer, 1, n, manifest);
    }
    if (!total) fprintf(manifest, "{\"role\":\"%s\",\"pid\":%d,\"failed\":\"it ended without a word\"}\n", name, child);
    close(ends[0]);
}

int main(int argc, char **argv) {
    if (argc > 1) return run_mode(argc, argv);
    signal(SIGPIPE, SIG_IGN);
    manifest = fopen(MANIFEST ".new", "we");
    if (!manifest) die("cannot write the manifest");
    struct utsname kernel;
    uname(&kernel);
    fprintf(manifest, "{\"release\":\"%s\",\"roles\":[\n", kernel.release);
    char *population = option("population", "standard");
    if (!strcmp(population, "standard")) {
        populate_system();
        populate_tasks();
        populate_attributes();
        populate_files();
        populate_memory();
        populate_namespaces();
        populate_terminals();
        populate_sockets();
    }
    if (option("rootkit", NULL)) populate_hidden();
    populate_crowd(option_number("tasks", 0), option_number("sockets", 0));
    fputs("]}\n", manifest);
    if (fclose(manifest) || rename(MANIFEST ".new", MANIFEST)) die("cannot finish the manifest");
    return 0;
}
