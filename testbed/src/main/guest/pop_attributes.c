/* What a task has besides its state: scheduling, limits, capabilities, signals, timers, counters, protections. */
#define _GNU_SOURCE
#include "population.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <linux/securebits.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static void schedule(int policy, int priority, const char *name) {
    struct sched_param parameter = {.sched_priority = priority};
    must(sched_setscheduler(0, policy, &parameter), "sched_setscheduler");
    note_text("policy", name);
    note_number("priority", priority);
}

static void fifo(void) { schedule(SCHED_FIFO, 50, "FIFO"); }
static void round_robin(void) { schedule(SCHED_RR | SCHED_RESET_ON_FORK, 10, "RR"); }
static void batch(void) { schedule(SCHED_BATCH, 0, "BATCH"); }
static void idle(void) { schedule(SCHED_IDLE, 0, "IDLE"); }

static void deadline(void) {
    struct {
        uint32_t size, policy;
        uint64_t flags;
        int32_t nice;
        uint32_t priority;
        uint64_t runtime, deadline, period;
    } attributes = {.size = 48, .policy = 6, .runtime = 1000000, .deadline = 100000000, .period = 100000000};
    if (syscall(SYS_sched_setattr, 0, &attributes, 0)) missing("SCHED_DEADLINE");
    note_text("policy", "DEADLINE");
}

static void nice_low(void) {
    must(setpriority(PRIO_PROCESS, 0, -11), "setpriority");
    note_number("nice", -11);
}

static void nice_high(void) {
    must(setpriority(PRIO_PROCESS, 0, 19), "setpriority");
    note_number("nice", 19);
}

static void one_cpu(void) {
    cpu_set_t first;
    CPU_ZERO(&first);
    CPU_SET(0, &first);
    must(sched_setaffinity(0, sizeof first, &first), "sched_setaffinity");
    note_text("cpus", "0");
}

static void oom_protected(void) {
    must(write_file("/proc/self/oom_score_adj", "-1000"), "oom_score_adj");
    note_number("oomScoreAdj", -1000);
}

static void oom_preferred(void) {
    must(write_file("/proc/self/oom_score_adj", "777"), "oom_score_adj");
    note_number("oomScoreAdj", 777);
}

static void limits(void) {
    for (int resource = 0; resource < RLIM_NLIMITS; resource++) {
        if (resource == RLIMIT_CPU || resource == RLIMIT_AS || resource == RLIMIT_RTTIME) continue;
        struct rlimit limit = {4321 + resource, 98765 + resource};
        if (resource == RLIMIT_NICE || resource == RLIMIT_RTPRIO) limit = (struct rlimit){11, 33};
        must(setrlimit(resource, &limit), "setrlimit");
    }
    note_number("first", 4321);
}

static void capabilities(void) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2] = {{0}};
    must(prctl(PR_SET_KEEPCAPS, 1), "keepcaps");
    for (int cap = 0; cap < 32; cap += 3) prctl(PR_CAPBSET_DROP, cap);
    become(BOB);
    data[0].effective = data[0].permitted = data[0].inheritable = 1 << CAP_NET_BIND_SERVICE | 1 << CAP_NET_RAW;
    must(syscall(SYS_capset, &header, data), "capset");
    must(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_BIND_SERVICE, 0, 0), "ambient");
    note_text("permitted", "0000000000002400");
    note_text("ambient", "0000000000000400");
}

static void secure_bits(void) {
    must(prctl(PR_SET_SECUREBITS, SECBIT_NOROOT | SECBIT_NO_SETUID_FIXUP_LOCKED), "securebits");
}

static void no_new_privileges(void) {
    must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
    note_number("noNewPrivs", 1);
}

static void filtered(void) {
    struct sock_filter allow[] = {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
    struct sock_fprog program = {1, allow};
    must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
    for (int i = 0; i < 3; i++) must(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), "seccomp");
    note_number("seccomp", 2);
    note_number("filters", 3);
}

static void strict(void) {
    int ends[2];
    char byte;
    must(pipe2(ends, O_CLOEXEC), "pipe");
    note_number("seccomp", 1);
    settle();
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
    for (;;) syscall(SYS_read, ends[0], &byte, 1);
}

static void nothing(int number) { (void)number; }

static void signals(void) {
    struct sigaction caught = {.sa_handler = nothing};
    sigaction(SIGUSR1, &caught, NULL);
    sigaction(SIGHUP, &caught, NULL);
    signal(SIGINT, SIG_IGN);
    signal(SIGQUIT, SIG_IGN);
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR2);
    sigaddset(&blocked, SIGTERM);
    sigaddset(&blocked, SIGRTMIN + 5);
    sigprocmask(SIG_SETMASK, &blocked, NULL);
    union sigval value = {.sival_int = 7};
    for (int i = 0; i < 4; i++) sigqueue(getpid(), SIGRTMIN + 5, value);
    kill(getpid(), SIGTERM);
    syscall(SYS_tgkill, getpid(), getpid(), SIGUSR2);
    note_number("queued", 6);
}

static void timers(void) {
    for (int i = 0; i < 3; i++) {
        timer_t timer;
        struct sigevent event = {.sigev_notify = i == 0 ? SIGEV_NONE : SIGEV_SIGNAL, .sigev_signo = SIGRTMIN + i};
        event.sigev_value.sival_int = 0x1234 + i;
        must(timer_create(i == 2 ? CLOCK_REALTIME : CLOCK_MONOTONIC, &event, &timer), "timer_create");
        struct itimerspec far = {{.tv_sec = 100000}, {.tv_sec = 1000000 + i}};
        timer_settime(timer, 0, &far, NULL);
    }
    setitimer(ITIMER_REAL, &(struct itimerval){.it_value = {.tv_sec = 1000000}}, NULL);
    note_number("timers", 3);
}

static void io_counters(void) {
    static char block[1 << 16];
    int file = must(open("/var/tmp/counted", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), "open");
    for (int i = 0; i < 16; i++) must(write(file, block, sizeof block), "write");
    fsync(file);
    lseek(file, 0, SEEK_SET);
    for (int i = 0; i < 16; i++) must(read(file, block, sizeof block), "read");
    close(file);
    note_number("written", 1 << 20);
}

static void odds_and_ends(void) {
    personality(ADDR_NO_RANDOMIZE | READ_IMPLIES_EXEC);
    umask(0137);
    prctl(PR_SET_TIMERSLACK, 123456);
    prctl(PR_SET_PDEATHSIG, SIGUSR1);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
    prctl(PR_SET_SPECULATION_CTRL, PR_SPEC_STORE_BYPASS, PR_SPEC_DISABLE, 0, 0);
    if (write_file("/proc/self/coredump_filter", "0x7f")) missing("coredump_filter");
    if (write_file("/proc/self/loginuid", "1001")) missing("loginuid");
    if (write_file("/proc/self/timens_offsets", "")) errno = 0;
    note_text("umask", "0137");
}

static void undumpable(void) {
    become(ALICE);
    must(prctl(PR_SET_DUMPABLE, 0), "dumpable");
}

static void used_cpu(void) {
    struct timespec now;
    volatile unsigned long sum = 0;
    do {
        for (int i = 0; i < 1000000; i++) sum += i;
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    } while (now.tv_sec == 0 && now.tv_nsec < 100000000);
    note_number("ticksAtLeast", 5);
}

void populate_attributes(void) {
    role("fifo", fifo);
    role("round-robin", round_robin);
    role("batch", batch);
    role("idle", idle);
    role("deadline", deadline);
    role("nice-low", nice_low);
    role("nice-high", nice_high);
    role("one-cpu", one_cpu);
    role("oom-protected", oom_protected);
    role("oom-preferred", oom_preferred);
    role("limits", limits);
    role("capabilities", capabilities);
    role("secure-bits", secure_bits);
    role("no-new-privileges", no_new_privileges);
    role("filtered", filtered);
    role("strict", strict);
    role("signals", signals);
    role("timers", timers);
    role("io-counters", io_counters);
    role("odds-and-ends", odds_and_ends);
    role("undumpable", undumpable);
    role("used-cpu", used_cpu);
}
