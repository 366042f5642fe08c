/* Terminal sessions: pseudo terminals with shells, jobs in the foreground and in the background. */
#define _GNU_SOURCE
#include "population.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

static char slave_name[64];
static uid_t session_user;

static void shell(void *unused) {
    (void)unused;
    setsid();
    int slave = must(open(slave_name, O_RDWR), slave_name);
    must(ioctl(slave, TIOCSCTTY, 0), "TIOCSCTTY");
    for (int i = 0; i < 3; i++) dup2(slave, i);
    if (slave > 2) close(slave);
    signal(SIGPIPE, SIG_DFL);
    if (session_user) {
        fchown(0, session_user, 5);
        become(session_user);
    }
    if (chdir("/tmp")) _exit(1);
    setenv("HISTFILE", "", 1);
    execl("/bin/bash", "-bash", "--norc", "--noprofile", "-i", NULL);
    _exit(127);
}

static int open_terminal(void) {
    int master = must(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), "posix_openpt");
    must(grantpt(master), "grantpt");
    must(unlockpt(master), "unlockpt");
    must(ptsname_r(master, slave_name, sizeof slave_name), "ptsname");
    return master;
}

/* Waits until the terminal's foreground group is no longer the shell's: the job runs. */
static void type(int master, pid_t leader, const char *command) {
    must(write(master, command, strlen(command)), "typing");
    for (int tries = 0; tries < 400; tries++) {
        pid_t foreground = 0;
        char echoed[4096];
        fcntl(master, F_SETFL, O_NONBLOCK);
        while (read(master, echoed, sizeof echoed) > 0);
        if (!ioctl(master, TIOCGPGRP, &foreground) && foreground != leader && foreground > 0) return;
        usleep(10000);
    }
    errno = ETIMEDOUT;
    must(-1, "the shell's job");
}

static void session(uid_t user, const char *command) {
    session_user = user;
    int master = open_terminal();
    pid_t leader = helper(shell, NULL);
    usleep(100000);
    type(master, leader, command);
    pid_t foreground = 0;
    ioctl(master, TIOCGPGRP, &foreground);
    note_text("terminal", slave_name + 5);
    note_number("shell", leader);
    note_number("foreground", foreground);
    note_number("uid", user);
}

static void alices_session(void) { session(ALICE, "sleep 500001 & sleep 500002 & cat\n"); }
static void roots_session(void) { session(0, "(exec -a 'an odd name' sleep 500003) | cat\n"); }

/* A session without terminal, and a process group whose leader is gone. */
static void orphan(void *unused) {
    (void)unused;
    setpgid(0, 0);
    if (fork() > 0) _exit(0);
}

static void detached(void) {
    setsid();
    must(waitpid(helper(orphan, NULL), NULL, 0), "waitpid");
    note_number("session", getpid());
}

void populate_terminals(void) {
    role("alices-session", alices_session);
    role("roots-session", roots_session);
    role("detached", detached);
}
