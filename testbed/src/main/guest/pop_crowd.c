/* Numbers for measurements: sleeping tasks and sockets by the thousand. And what the rootkit hides. */
#define _GNU_SOURCE
#include "population.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define SOCKETS_EACH 10000
#define FIRST_PORT 20000
#define HIDDEN_PORT 31337

static long wanted;
static int port = FIRST_PORT;

static void one_of_crowd(void *number) {
    char name[32]; /* the kernel keeps 15 bytes */
    snprintf(name, sizeof name, "crowd-%ld", (long)number);
    prctl(PR_SET_NAME, name);
    if ((long)number % 4 == 1 && setresuid(ALICE, ALICE, ALICE)) _exit(1);
}

static void crowd(void) {
    for (long i = 0; i < wanted; i++) helper(one_of_crowd, (void *)i);
    note_number("tasks", wanted);
}

/* Of ten sockets, eight are ends of TCP connections, one is UDP, one is Unix. The listeners come on top. */
static void socket_crowd(void) {
    struct rlimit limit = {SOCKETS_EACH + 100, SOCKETS_EACH + 100};
    must(setrlimit(RLIMIT_NOFILE, &limit), "setrlimit");
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int listener = must(socket(AF_INET, SOCK_STREAM, 0), "socket");
    must(bind(listener, (struct sockaddr *)&to, sizeof to), "bind");
    must(listen(listener, 128), "listen");
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    for (long made = 0; made < wanted;) {
        for (int i = 0; i < 4 && made < wanted; i++, made += 2) {
            must(connect(must(socket(AF_INET, SOCK_STREAM, 0), "socket"), (struct sockaddr *)&to, sizeof to), "connect");
            must(accept(listener, NULL, NULL), "accept");
        }
        if (made++ < wanted) must(bind(must(socket(AF_INET, SOCK_DGRAM, 0), "socket"), (struct sockaddr *)&any, sizeof any), "bind");
        if (made++ < wanted) must(socket(AF_UNIX, SOCK_DGRAM, 0), "socket");
    }
    note_number("sockets", wanted);
}

static void hidden(void) {
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons(HIDDEN_PORT)};
    int listener = must(socket(AF_INET, SOCK_STREAM, 0), "socket");
    must(bind(listener, (struct sockaddr *)&any, sizeof any), "bind");
    must(listen(listener, 5), "listen");
    note_number("port", HIDDEN_PORT);
    note_text("comm", "backdoor");
    settle();
    /* The descriptor survives: the port stays open in the process that is hidden by its name. */
    execl(TESTBED_BIN "/backdoor", "backdoor", NULL);
    must(-1, "backdoor");
}

void populate_hidden(void) { role("hidden", hidden); }

void populate_crowd(long tasks, long sockets) {
    if (tasks > 0) {
        write_file("/proc/sys/kernel/threads-max", "40000");
        wanted = tasks;
        role("crowd", crowd);
    }
    for (long done = 0; done < sockets; done += SOCKETS_EACH) {
        wanted = sockets - done < SOCKETS_EACH ? sockets - done : SOCKETS_EACH;
        role("sockets", socket_crowd);
        port++;
    }
}
