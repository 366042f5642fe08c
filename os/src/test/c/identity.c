// Credentials, limits, prctl, scheduling parameters, capabilities. Runs as root.
#include "check.h"
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/fsuid.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

static void ids(void) {
    uid_t r, e, s;
    gid_t rg, eg, sg;
    getresuid(&r, &e, &s);
    getresgid(&rg, &eg, &sg);
    printf("%d %d %d  %d %d %d\n", r, e, s, rg, eg, sg);
}

static void caps(void) {
    struct __user_cap_header_struct h = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct d[2];
    R(syscall(SYS_capget, &h, d));
    printf("effective %d permitted %d\n", (d[0].effective & 2) != 0, (d[0].permitted & 2) != 0);
}

int main(void) {
    /* Whoever runs the tests may be niced. */
    setpriority(PRIO_PROCESS, 0, 0);
    fflush(stdout);
    if (fork() == 0) {
        caps();
        gid_t g[] = {7, 5};
        R(setgroups(2, g));
        R(getgroups(0, NULL));
        R(getgroups(1, g));
        R(setresgid(10, 11, 12));
        R(setreuid(0, 1000));
        ids(); caps();
        R(seteuid(0));
        ids(); caps();
        R(setfsuid(5));
        R(setfsuid(-1));
        R(setuid(1000));
        ids(); caps();
        R(setuid(0));
        R(setresuid(-1, 1001, -1));
        R(setgroups(0, NULL));
        R(setpriority(PRIO_PROCESS, 0, -5));
        R(setpriority(PRIO_PROCESS, 0, 5));
        R(setgid(10));
        R(setgid(1));
        struct rlimit rl = {1, 1};
        R(setrlimit(RLIMIT_CORE, &rl));
        rl.rlim_max = 2;
        R(setrlimit(RLIMIT_CORE, &rl));
        exit(0);
    }
    wait(NULL);
    struct rlimit rl;
    R(getrlimit(RLIMIT_STACK, &rl));
    rl.rlim_cur = 100; rl.rlim_max = 50;
    R(setrlimit(RLIMIT_NOFILE, &rl));
    R(getrlimit(99, &rl));
    rl.rlim_cur = 10; rl.rlim_max = 4096;
    R(prlimit(0, RLIMIT_NOFILE, &rl, NULL));
    R(prlimit(0, RLIMIT_NOFILE, NULL, &rl));
    printf("%ld %ld\n", (long)rl.rlim_cur, (long)rl.rlim_max);
    R(dup2(0, 10));
    R(dup2(0, 9));
    char name[20] = "a-name-that-is-too-long";
    R(prctl(PR_SET_NAME, "a-name-that-is-too-long"));
    R(prctl(PR_GET_NAME, name));
    printf("%s\n", name);
    R(prctl(PR_GET_DUMPABLE));
    R(prctl(PR_SET_DUMPABLE, 5));
    R(prctl(PR_SET_PDEATHSIG, SIGTERM));
    int x = 0;
    R(prctl(PR_GET_PDEATHSIG, &x));
    printf("%d\n", x);
    R(prctl(PR_SET_PDEATHSIG, 1000));
    R(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
    R(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    R(prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0));
    R(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
    R(prctl(PR_CAPBSET_READ, 5));
    R(prctl(PR_CAPBSET_READ, 99));
    R(prctl(PR_CAPBSET_DROP, 5));
    R(prctl(PR_CAPBSET_READ, 5));
    R(prctl(PR_GET_KEEPCAPS));
    R(prctl(PR_SET_TIMERSLACK, 1234));
    R(prctl(PR_GET_TIMERSLACK));
    R(prctl(12345));
    R(getpriority(PRIO_PROCESS, 0));
    R(setpriority(PRIO_PROCESS, 0, 100));
    errno = 0;
    R(syscall(SYS_getpriority, PRIO_PROCESS, 0));
    R(syscall(SYS_getpriority, 9, 0));
    R(syscall(SYS_getpriority, PRIO_PROCESS, 0x7ffffff0));
    struct sched_param sp = {0};
    R(sched_getscheduler(0));
    R(sched_getparam(0, &sp));
    R(sched_setscheduler(0, SCHED_BATCH, &sp));
    R(sched_getscheduler(0));
    sp.sched_priority = 5;
    R(sched_setscheduler(0, SCHED_OTHER, &sp));
    R(sched_setscheduler(0, 77, &sp));
    R(sched_get_priority_max(SCHED_FIFO));
    R(sched_get_priority_min(SCHED_OTHER));
    R(sched_get_priority_min(4));
    R(sched_getscheduler(-1));
    R(sched_getscheduler(0x7ffffff0));
    cpu_set_t set;
    R(sched_getaffinity(0, sizeof set, &set) );
    R(syscall(SYS_sched_getaffinity, 0, 4, &set));
    CPU_ZERO(&set);
    R(sched_setaffinity(0, sizeof set, &set));
    R(sched_yield());
    R(personality(0xffffffff));
    unsigned cpu, node = 9;
    R(syscall(SYS_getcpu, &cpu, &node, NULL));
    printf("%d\n", node);
    R(syscall(SYS_set_robust_list, &x, 5));
    R(syscall(SYS_membarrier, 999, 0, 0));
    return 0;
}
