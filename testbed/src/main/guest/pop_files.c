/* Open files of every kind, two thousand of them in one process; locks and leases with somebody waiting. */
#define _GNU_SOURCE
#include "population.h"

#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/fanotify.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define OPEN_FILES 2000
#define PLACE "/var/tmp/files"

static int opened(const char *path, int flags) { return must(open(path, flags, 0644), path); }

static void plain_files(void) {
    write_file(PLACE "/text", "four\n");
    must(lseek(opened(PLACE "/text", O_RDONLY), 3, SEEK_SET), "lseek");
    opened(PLACE "/write", O_WRONLY | O_CREAT | O_TRUNC);
    opened(PLACE "/append", O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC);
    opened(PLACE "/sync", O_RDWR | O_CREAT | O_SYNC | O_NONBLOCK | O_NOATIME);
    opened(PLACE "/text", O_PATH);
    opened(PLACE, O_RDONLY | O_DIRECTORY);
    opened(PLACE, O_RDWR | O_TMPFILE);
    opened(PLACE "/n\xc3\xa4me with\n odd \\ bytes", O_RDWR | O_CREAT);
    if (open(PLACE "/text", O_RDONLY | O_DIRECT) < 0) missing("O_DIRECT");
    opened(PLACE "/deleted", O_RDWR | O_CREAT);
    unlink(PLACE "/deleted");
    mkfifo(PLACE "/fifo", 0600);
    opened(PLACE "/fifo", O_RDWR | O_NONBLOCK);
    for (const char *const *path = (const char *const[]){"/dev/null", "/dev/zero", "/dev/full", "/dev/urandom", "/dev/ptmx",
             "/proc/self/status", "/proc/version", "/sys/kernel/uevent_seqnum", "/proc/self/ns/net", "/proc/self/ns/pid",
             "/tmp", "/dev/shm", NULL}; *path; path++)
        if (open(*path, O_RDONLY | O_NOCTTY) < 0) missing(*path);
}

static void anonymous_files(void) {
    int ends[2], pair[2];
    must(pipe2(ends, O_NONBLOCK), "pipe");
    must(write(ends[1], "waiting", 7), "write");
    must(pipe2(ends, O_DIRECT), "pipe");
    must(eventfd(42, EFD_SEMAPHORE), "eventfd");
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGUSR1);
    sigaddset(&signals, SIGRTMIN + 3);
    must(signalfd(-1, &signals, SFD_CLOEXEC), "signalfd");
    int timer = must(timerfd_create(CLOCK_BOOTTIME, 0), "timerfd");
    must(timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK), "timerfd");
    timerfd_settime(timer, 0, &(struct itimerspec){{0, 0}, {0, 0}}, NULL);
    int watch = must(inotify_init1(IN_CLOEXEC), "inotify");
    inotify_add_watch(watch, "/etc", IN_MODIFY | IN_CREATE);
    inotify_add_watch(watch, "/var/tmp", IN_ALL_EVENTS);
    int guard = fanotify_init(FAN_CLASS_NOTIF | FAN_CLOEXEC, O_RDONLY);
    if (guard < 0) missing("fanotify");
    else {
        fanotify_mark(guard, FAN_MARK_ADD | FAN_MARK_MOUNT, FAN_OPEN, AT_FDCWD, "/dev/shm");
        fanotify_mark(guard, FAN_MARK_ADD, FAN_MODIFY | FAN_EVENT_ON_CHILD, AT_FDCWD, "/srv");
    }
    int memory = must(memfd_create("testbed memfd", MFD_ALLOW_SEALING), "memfd");
    must(ftruncate(memory, 123456), "ftruncate");
    fcntl(memory, F_ADD_SEALS, F_SEAL_GROW);
    if (syscall(SYS_pidfd_open, 1, 0) < 0) missing("pidfd");
    if (syscall(SYS_userfaultfd, O_CLOEXEC) < 0) missing("userfaultfd");
    must(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), "socketpair");
    must(socket(AF_INET, SOCK_STREAM, 0), "socket");
    must(socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK, 0), "socket");
    struct mq_attr shape = {.mq_maxmsg = 5, .mq_msgsize = 100};
    mqd_t queue = mq_open("/testbed", O_RDWR | O_CREAT | O_NONBLOCK, 0600, &shape);
    if (queue < 0) missing("mqueue");
    else mq_send(queue, "message", 7, 3);
    char instructions[16] = {(char)0xb7, 0, 0, 0, 0, 0, 0, 0, (char)0x95}; /* r0 = 0; exit */
    struct {
        uint32_t type, count;
        uint64_t instructions, license;
        uint32_t level, size;
        uint64_t buffer;
        uint32_t version, flags;
        char name[16];
    } program = {1, 2, (uintptr_t)instructions, (uintptr_t) "Apache-2.0", 0, 0, 0, 0, 0, "testbed"};
    if (syscall(SYS_bpf, 5, &program, sizeof program) < 0) missing("bpf program");
    struct {
        uint32_t type, key, value, entries, flags;
    } map = {2, 4, 8, 16, 0};
    if (syscall(SYS_bpf, 0, &map, sizeof map) < 0) missing("bpf map");
    int events = must(epoll_create1(0), "epoll");
    for (int fd = 3; fd < 60; fd++) {
        struct epoll_event event = {.events = EPOLLIN | (fd % 2 ? EPOLLET : 0), .data.u64 = 0xabc00 + fd};
        epoll_ctl(events, EPOLL_CTL_ADD, fd, &event);
    }
}

static int count_files(void) {
    int count = 0;
    for (int fd = 0; fd < 4096; fd++) count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

static void open_files(void) {
    struct rlimit limit = {4096, 4096};
    must(setrlimit(RLIMIT_NOFILE, &limit), "setrlimit");
    make_directories(PLACE, 0755);
    plain_files();
    anonymous_files();
    /* One descriptor less when the set-up ends: the pipe to the director. */
    for (int i = 0, have = count_files(); have < OPEN_FILES + 1; have++, i++) {
        if (i % 3 == 0) opened(PLACE "/text", O_RDONLY);
        if (i % 3 == 1) must(dup(0), "dup");
        if (i % 3 == 2) must(eventfd(i, 0), "eventfd");
    }
    must(dup2(0, 4000), "dup2");
    note_number("files", OPEN_FILES + 1);
    note_number("highest", 4000);
}

static int locked_file;

static void lock_range(int command, short type, off_t start, off_t length) {
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = length};
    must(fcntl(locked_file, command, &lock), "fcntl lock");
}

static void wait_posix(void *unused) {
    (void)unused;
    lock_range(F_SETLKW, F_WRLCK, 0, 10);
}

static void wait_flock(void *unused) {
    (void)unused;
    flock(opened(PLACE "/flock", O_RDWR), LOCK_EX);
}

static void locks(void) {
    make_directories(PLACE, 0755);
    locked_file = opened(PLACE "/locked", O_RDWR | O_CREAT);
    must(ftruncate(locked_file, 1000), "ftruncate");
    lock_range(F_SETLK, F_WRLCK, 0, 10);
    lock_range(F_SETLK, F_RDLCK, 20, 5);
    lock_range(F_SETLK, F_WRLCK, 100, 0);
    int own = opened(PLACE "/ofd", O_RDWR | O_CREAT);
    struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = 7, .l_len = 9};
    if (fcntl(own, F_OFD_SETLK, &lock)) missing("OFD locks");
    must(flock(opened(PLACE "/flock", O_RDWR | O_CREAT), LOCK_EX), "flock");
    must(flock(opened(PLACE "/flock-shared", O_RDWR | O_CREAT), LOCK_SH), "flock");
    int leased = opened(PLACE "/leased", O_RDONLY | O_CREAT);
    if (fcntl(leased, F_SETLEASE, F_RDLCK)) missing("lease");
    int writing = opened(PLACE "/leased-alone", O_RDWR | O_CREAT);
    if (fcntl(writing, F_SETLEASE, F_WRLCK)) missing("write lease");
    note_number("posixWaiter", helper(wait_posix, NULL));
    note_number("flockWaiter", helper(wait_flock, NULL));
    usleep(100000);
}

void populate_files(void) {
    role("open-files", open_files);
    role("locks", locks);
}
