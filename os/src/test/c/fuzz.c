// Makes random system calls with random arguments, in processes of its own that it kills when they hang.
#include "check.h"
#include <poll.h>
#include <sys/time.h>
#include <sys/wait.h>

#define PER_CHILD 100

static uint64_t state;
static uint64_t next(void) { state ^= state << 13; state ^= state >> 7; state ^= state << 17; return state; }

static char *area, *end;
static void nothing(int s) {}

static long argument(void) {
    switch (next() % 14) {
    case 0: return 0;
    case 1: return -1;
    case 2: return next() % 8;
    case 3: return next() % 70;
    case 4: return 1L << next() % 64;
    case 5: return next();
    case 6: return (int)next();
    case 7: return (long)area + next() % 4096;
    case 8: return ((long)area + next() % 4096) & ~7L;
    case 9: return (long)end - next() % 16;
    case 10: return 4096 * (next() % 20);
    case 11: return -100;
    case 12: return (long)end + 8;
    default: return ((long)area & ~4095L) + 4096 * (next() % 4);
    }
}

static void child(int calls) {
    static const char *const names[] = {"/tmp", "/proc/self/fd", ".", "/dev/null", "/etc/passwd", "nothing", "/proc/self/exe", "x"};
    setsid();
    struct sigaction sa = {.sa_handler = nothing};
    sigaction(SIGALRM, &sa, NULL);
    struct itimerval every = {{0, 5000}, {0, 5000}};      // what blocks goes on soon
    setitimer(ITIMER_REAL, &every, NULL);
    mkdir("/tmp/fuzz", 0700);
    chdir("/tmp/fuzz");
    int null = open("/dev/null", O_RDWR);
    dup2(null, 0); dup2(null, 1); dup2(null, 2);
    int p[2];
    pipe(p);
    open("/tmp/fuzz", O_RDONLY);
    open("x", O_RDWR | O_CREAT, 0600);
    area = mmap(0, 5 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    end = area + 4 * 4096;
    mprotect(end, 4096, PROT_NONE);
    for (int i = 0; i < calls; i++) {
        if (next() % 4 == 0) for (int k = 0; k < 200; k++) area[next() % (4 * 4096)] = next() % 3 ? 0 : next();
        if (next() % 4 == 0) strcpy(area + next() % 4000, names[next() % 8]);
        long nr = next() % 470, a = argument();
        if (nr == SYS_exit || nr == SYS_exit_group || nr == SYS_rt_sigreturn) continue;
        if (nr == SYS_kill || nr == SYS_tkill || nr == SYS_rt_sigqueueinfo || nr == SYS_prlimit64) { if (next() % 8) continue; a = getpid(); }
        if (nr == SYS_tgkill || nr == SYS_rt_tgsigqueueinfo) a = getpid();
        syscall(nr, a, argument(), argument(), argument(), argument(), argument());
    }
    _exit(0);
}

int main(int argc, char **argv) {
    uint64_t seed = strtoul(argv[1], NULL, 10);
    for (int calls = atoi(argv[2]); calls > 0; calls -= PER_CHILD) {
        state = (seed * 1000003 + calls + 1) * 0x9E3779B97F4A7C15UL;
        for (int i = 0; i < 5; i++) next();
        pid_t p = fork();
        if (p == 0) child(PER_CHILD);
        int fd = syscall(SYS_pidfd_open, p, 0);
        struct pollfd pf = {fd, POLLIN, 0};
        poll(&pf, 1, 1000);
        kill(p, SIGKILL);
        waitpid(p, NULL, 0);
        close(fd);
    }
    return 0;
}
