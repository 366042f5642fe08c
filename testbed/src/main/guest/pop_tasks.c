/* Tasks in every state and of every shape: users, threads, zombies, stopped, traced, strange images and command lines. */
#define _GNU_SOURCE
#include "population.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* UTF-8, Latin-1, control characters, an empty argument: everything a command line may hold. */
static char *const strange_arguments[] = {"grüße", "日本語", "latin1-\xe9\xff", "tab\there", "new\nline", "", "back\\slash",
                                          "quote\"s'", NULL};

static void sleeper(void) {
    settle();
    execl("/usr/bin/sleep", "sleep", "1000000", NULL);
}

static void user_alice(void) {
    note_number("uid", ALICE);
    note_text("comm", "sleep");
    become(ALICE);
    sleeper();
}

static void user_bob(void) {
    note_number("uid", BOB);
    note_text("comm", "sleep");
    become(BOB);
    sleeper();
}

static void many_groups(void) {
    gid_t groups[40];
    for (int i = 0; i < 40; i++) groups[i] = 2000 + i;
    must(setgroups(40, groups), "setgroups");
    must(setresgid(CAROL, 50, 60), "setresgid");
    must(setresuid(CAROL, BOB, ALICE), "setresuid");
    note_text("uids", "1003 1002 1001");
    note_number("groups", 40);
}

static sem_t started;
static int never[2];

static void *worker(void *number) {
    long i = (long)number;
    char name[16];
    snprintf(name, sizeof name, i == 3 ? "w\xc3\xb6rker-%ld" : "worker-%ld", i);
    prctl(PR_SET_NAME, name);
    sem_post(&started);
    char byte;
    struct epoll_event event;
    if (i == 0) while (read(never[0], &byte, 1) < 0);
    if (i == 1) for (;;) epoll_wait(epoll_create1(EPOLL_CLOEXEC), &event, 1, -1);
    if (i == 2) for (;;) nanosleep(&(struct timespec){.tv_sec = 1000000}, NULL);
    if (i == 4) {
        nice(7);
        cpu_set_t first;
        CPU_ZERO(&first);
        CPU_SET(0, &first);
        sched_setaffinity(0, sizeof first, &first);
    }
    for (;;) pause();
    return NULL;
}

static void threads(void) {
    must(pipe(never), "pipe");
    sem_init(&started, 0, 0);
    for (long i = 0; i < 6; i++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, worker, (void *)i)) must(-1, "pthread_create");
        sem_wait(&started);
    }
    prctl(PR_SET_NAME, "threads-leader");
    note_text("comm", "threads-leader");
    note_number("threads", 7);
    note_list("names", (const char *[]){"threads-leader", "worker-0", "worker-1", "worker-2", "w\xc3\xb6rker-3", "worker-4",
                                        "worker-5", NULL});
}

/* The leader is a zombie while its threads live on. */
static void leaderless(void) {
    sem_init(&started, 0, 0);
    pthread_t thread;
    if (pthread_create(&thread, NULL, worker, (void *)5L)) must(-1, "pthread_create");
    sem_wait(&started);
    note_text("state", "Z");
    note_number("threads", 2);
    settle();
    syscall(SYS_exit, 0);
}

static void exit_with(void *status) { _exit((long)status); }

static void await_state(pid_t pid, char wanted) {
    char path[64], text[512];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    for (int tries = 0; tries < 1000; tries++) {
        int file = open(path, O_RDONLY | O_CLOEXEC);
        ssize_t n = read(file, text, sizeof text - 1);
        close(file);
        text[n > 0 ? n : 0] = 0;
        char *end = strrchr(text, ')');
        if (end && end[2] == wanted) return;
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    }
    errno = ETIMEDOUT;
    must(-1, "waiting for a state");
}

static void zombies(void) {
    pid_t exited = helper(exit_with, (void *)0);
    pid_t failed = helper(exit_with, (void *)3);
    pid_t killed = helper((void (*)(void *))rest, NULL);
    kill(killed, SIGKILL);
    await_state(exited, 'Z');
    await_state(failed, 'Z');
    await_state(killed, 'Z');
    note_number("exited", exited);
    note_number("failedWith3", failed);
    note_number("killed", killed);
}

static void stop_self(void *unused) {
    (void)unused;
    raise(SIGSTOP);
}

static void stopped(void) {
    pid_t child = helper(stop_self, NULL);
    must(waitpid(child, NULL, WUNTRACED), "waitpid");
    await_state(child, 'T');
    note_number("stopped", child);
}

static void be_traced(void *unused) {
    (void)unused;
    ptrace(PTRACE_TRACEME, 0, 0, 0);
    raise(SIGSTOP);
}

static void tracer(void) {
    pid_t halted = helper(be_traced, NULL);
    must(waitpid(halted, NULL, WUNTRACED), "waitpid");
    pid_t running = helper((void (*)(void *))rest, NULL);
    must(ptrace(PTRACE_SEIZE, running, 0, 0), "ptrace");
    await_state(halted, 't');
    note_number("traceeStopped", halted);
    note_number("traceeRunning", running);
}

/* The parent of a vfork sleeps uninterruptibly until its child executes something, which it never does. */
static void uninterruptible(void) {
    note_text("state", "D");
    note_number("child", getpid() + 1);
    settle();
    if (vfork() == 0)
        for (;;) syscall(SYS_pause);
}

static void copy_program(const char *to) {
    char command[300];
    snprintf(command, sizeof command, "cp " SELF " '%s'", to);
    must(run("/bin/sh", "-c", command, NULL) ? -1 : 0, "copying the program");
}

static void execute_rest(void *path) { execl(path, path, "rest", NULL); }

static void deleted_executable(void) {
    mkdir("/var/tmp/gone", 0755);
    copy_program("/var/tmp/gone/program");
    pid_t child = helper(execute_rest, "/var/tmp/gone/program");
    await_state(child, 'S');
    for (int i = 0; i < 1000; i++) { /* until it is the new image that sleeps */
        char link[64], target[256];
        snprintf(link, sizeof link, "/proc/%d/exe", child);
        ssize_t n = readlink(link, target, sizeof target - 1);
        if (n > 0 && (target[n] = 0, strstr(target, "gone"))) break;
        usleep(5000);
    }
    unlink("/var/tmp/gone/program");
    note_number("process", child);
    note_text("exe", "/var/tmp/gone/program (deleted)");
}

static void memory_executable(void) {
    int memory = must(memfd_create("program", 0), "memfd_create");
    int file = must(open(SELF, O_RDONLY | O_CLOEXEC), SELF);
    static char buffer[1 << 16];
    for (ssize_t n; (n = read(file, buffer, sizeof buffer)) > 0;) must(write(memory, buffer, n), "write");
    note_text("exe", "/memfd:program (deleted)");
    settle();
    fexecve(memory, (char *[]){"in-memory", "rest", NULL}, environ);
}

static void script(void) {
    write_file("/var/tmp/script with space.sh", "#!/bin/sh\nwhile :; do sleep 1000000; done\n");
    chmod("/var/tmp/script with space.sh", 0755);
    note_text("comm", "script with spa");
    settle();
    execl("/var/tmp/script with space.sh", "script", "an argument", NULL);
}

static void long_command_line(void) {
    static char big[6001];
    memset(big, 'x', 6000);
    char *words[16] = {"long-command-line", "rest", big};
    for (int i = 0; strange_arguments[i]; i++) words[3 + i] = strange_arguments[i];
    setenv("TESTBED_STRANGE", "w\xc3\xa4rt \xe9\n=", 1);
    setenv("TESTBED_BIG", big, 1);
    note_number("cmdlineLongerThan", 6000);
    note_list("tail", (const char *const *)strange_arguments);
    settle();
    execv(SELF, words);
}

static void strange_name(void) {
    prctl(PR_SET_NAME, "a) b (\\c\nd\xff");
    note_text("comm", "a) b (\\c\nd\xff");
}

static void title_short(void) {
    note_text("cmdline", "testbed: idle");
    settle();
    execl(SELF, "a-long-name-that-leaves-room-for-a-title", "title", "short", NULL);
}

static void title_long(void) {
    note_text("cmdline", "testbed: a title that runs over into the environment, as some daemons write it");
    settle();
    setenv("TESTBED_ROOM", "room for a long title, which needs more than the arguments have to offer, so it goes on here", 1);
    execle(SELF, "short", "title", "long", NULL,
           (char *[]){"TESTBED_ROOM=room for a long title, which needs more than the arguments have to offer", "PATH=/bin", NULL});
}

static void strange_place(void) {
    mkdir("/var/tmp/strange place\n\\040", 0755);
    must(chdir("/var/tmp/strange place\n\\040"), "chdir");
    note_text("cwd", "/var/tmp/strange place\n\\040");
}

static void deleted_place(void) {
    mkdir("/var/tmp/no longer", 0755);
    must(chdir("/var/tmp/no longer"), "chdir");
    rmdir("/var/tmp/no longer");
    note_text("cwd", "/var/tmp/no longer (deleted)");
}

static void jailed(void) {
    make_directories("/var/tmp/jail/inside", 0755);
    must(chroot("/var/tmp/jail"), "chroot");
    must(chdir("/inside"), "chdir");
    note_text("root", "/var/tmp/jail");
    note_text("cwd", "/var/tmp/jail/inside");
}

static void generations(void *depth) {
    if ((long)depth > 1) helper(generations, (void *)((long)depth - 1));
}

static void family(void) {
    for (int i = 0; i < 3; i++) helper(generations, (void *)(long)(i + 1));
    usleep(100000);
    note_number("descendants", 6);
}

int run_mode(int argc, char **argv) {
    (void)argc;
    if (!strcmp(argv[1], "rest")) rest();
    if (!strcmp(argv[1], "title")) {
        int is_long = !strcmp(argv[2], "long");
        const char *title = is_long ? "testbed: a title that runs over into the environment, as some daemons write it"
                                    : "testbed: idle";
        char *end = environ[0] ? environ[0] + strlen(environ[0]) : argv[2] + strlen(argv[2]);
        if (!is_long) end = argv[2] + strlen(argv[2]);
        memset(argv[0], 0, end - argv[0]);
        memcpy(argv[0], title, strlen(title));
        rest();
    }
    if (!strcmp(argv[1], "hidden")) {
        sleep(1000000);
        return 0;
    }
    return 64;
}

void populate_tasks(void) {
    role("alice", user_alice);
    role("bob", user_bob);
    role("many-groups", many_groups);
    role("threads", threads);
    role("leaderless", leaderless);
    role("zombies", zombies);
    role("stopped", stopped);
    role("tracer", tracer);
    role("uninterruptible", uninterruptible);
    role("deleted-executable", deleted_executable);
    role("memory-executable", memory_executable);
    role("script", script);
    role("long-command-line", long_command_line);
    role("strange-name", strange_name);
    role("title-short", title_short);
    role("title-long", title_long);
    role("strange-place", strange_place);
    role("deleted-place", deleted_place);
    role("jailed", jailed);
    role("family", family);
}
