// Signals: dispositions, masks, queueing, alternate stacks, frames that handlers inspect and change, restarts, faults.
#include "check.h"
#include <setjmp.h>
#include <sys/wait.h>
#include <sys/time.h>
#include <ucontext.h>

static volatile int count, last, order[64], norder;
static sigjmp_buf env;
static void on(int s) { count++; last = s; if (norder < 64) order[norder++] = s; }

static void info(int s, siginfo_t *si, void *u) {
    ucontext_t *uc = u;
    printf("sig %d code %d value %d pid %d addr %p flags %lx\n", s, si->si_code, s >= SIGRTMIN ? si->si_value.sival_int : 0, si->si_pid == getpid(),
        s == SIGSEGV || s == SIGBUS ? si->si_addr : 0, uc->uc_flags & ~1UL);
    count++;
}

static void fault(int s, siginfo_t *si, void *u) {
    ucontext_t *uc = u;
    printf("fault %d code %d trap %lld err %llx\n", s, si->si_code, (long long)uc->uc_mcontext.gregs[REG_TRAPNO],
        s == SIGSEGV || s == SIGBUS ? (long long)uc->uc_mcontext.gregs[REG_ERR] : 0);
    siglongjmp(env, 1);
}

static void skip(int s, siginfo_t *si, void *u) {
    ucontext_t *uc = u;
    uc->uc_mcontext.gregs[REG_RIP] += 2;           // over ud2
    uc->uc_mcontext.gregs[REG_RBX] = 0x1234;
    uc->uc_mcontext.fpregs->_xmm[3].element[0] = 77;
    sigaddset(&uc->uc_sigmask, SIGUSR2);
}

static void nested(int s) {
    static volatile int depth;
    if (depth++ < 3) raise(s);
    printf("depth %d\n", depth--);
}

static void on_stack(int s) {
    stack_t st;
    sigaltstack(NULL, &st);
    int x;
    printf("on alternate stack %d, %d\n", st.ss_flags, (char *)&x >= (char *)st.ss_sp && (char *)&x < (char *)st.ss_sp + st.ss_size);
    R(sigaltstack(&st, NULL));
}

static void set(int s, void *h, int flags) {
    struct sigaction sa;
    memset(&sa, 0, sizeof sa);
    sa.sa_handler = h;
    sa.sa_flags = flags;
    sigaction(s, &sa, NULL);
}

#define TRY(what) if (!sigsetjmp(env, 1)) { what; printf("no fault\n"); }

int main(void) {
    set(SIGUSR1, on, 0);
    raise(SIGUSR1);
    printf("%d\n", count);
    set(SIGUSR1, info, SA_SIGINFO);
    raise(SIGUSR1);
    kill(getpid(), SIGUSR1);
    union sigval v = {.sival_int = 99};
    set(SIGRTMIN + 2, info, SA_SIGINFO);
    sigqueue(getpid(), SIGRTMIN + 2, v);

    sigset_t m, old, pend;
    sigfillset(&m);
    sigprocmask(SIG_BLOCK, &m, &old);
    norder = 0;
    for (int i = 0; i < 3; i++) { set(SIGRTMIN + i, on, 0); set(SIGUSR1, on, 0); set(SIGTERM, on, 0); }
    kill(getpid(), SIGRTMIN + 1); kill(getpid(), SIGRTMIN); kill(getpid(), SIGRTMIN + 1);
    kill(getpid(), SIGTERM); kill(getpid(), SIGUSR1); kill(getpid(), SIGUSR1);
    sigpending(&pend);
    printf("pending %d %d %d\n", sigismember(&pend, SIGUSR1), sigismember(&pend, SIGRTMIN), sigismember(&pend, SIGHUP));
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, SIGRTMIN);
    siginfo_t si;
    R(sigwaitinfo(&one, &si) == SIGRTMIN);
    struct timespec ts = {0, 1000000};
    R(sigtimedwait(&one, &si, &ts));
    sigprocmask(SIG_SETMASK, &old, NULL);
    for (int i = norder - 1; i >= 0; i--) printf("%d ", order[i]);
    printf("\n");

    set(SIGUSR2, nested, SA_NODEFER);
    raise(SIGUSR2);
    set(SIGUSR2, on, SA_RESETHAND);
    raise(SIGUSR2);
    struct sigaction sa;
    sigaction(SIGUSR2, NULL, &sa);
    printf("default again %d\n", sa.sa_handler == SIG_DFL);
    R(sigaction(SIGKILL, &sa, NULL));
    R(sigaction(65, &sa, NULL));

    static char alt[65536];
    stack_t st = {.ss_sp = alt, .ss_size = sizeof alt};
    R(sigaltstack(&st, NULL));
    set(SIGUSR2, on_stack, SA_ONSTACK);
    raise(SIGUSR2);
    st.ss_size = 100;
    R(sigaltstack(&st, NULL));

    set(SIGILL, skip, SA_SIGINFO);
    long rbx = 0;
    float xmm = 0;
    asm volatile("xorps %%xmm3, %%xmm3; ud2; mov %%rbx, %0; movss %%xmm3, %1" : "=r"(rbx), "=m"(xmm) :: "rbx", "xmm3");
    int bits;
    memcpy(&bits, &xmm, 4);
    sigprocmask(0, NULL, &m);
    printf("skipped %lx %d masked %d\n", rbx, bits, sigismember(&m, SIGUSR2));

    set(SIGSEGV, fault, SA_SIGINFO | SA_NODEFER);
    set(SIGBUS, fault, SA_SIGINFO | SA_NODEFER);
    set(SIGFPE, fault, SA_SIGINFO | SA_NODEFER);
    set(SIGTRAP, fault, SA_SIGINFO | SA_NODEFER);
    set(SIGILL, fault, SA_SIGINFO | SA_NODEFER);
    TRY(*(volatile int *)16 = 1);
    TRY((void)*(volatile int *)16);
    char *ro = mmap(0, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    (void)*(volatile char *)ro;
    TRY(*(volatile char *)ro = 1);
    TRY(((void (*)(void))ro)());
    volatile int zero = 0;
    TRY(zero = 1 / zero);
    TRY(asm volatile("int3"));
    TRY(asm volatile("ud2"));
    TRY(asm volatile("hlt"));
    TRY((void)*(volatile int *)0x8000000000000000UL);
    TRY((void)*(volatile char *)0xffffffffff000000UL);
    char name[] = "/tmp/signals-XXXXXX";
    int fd = mkstemp(name);
    unlink(name);
    ftruncate(fd, 100);
    char *map = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    map[50] = 1;
    TRY(*(volatile char *)(map + 5000) = 1);

    int p[2];
    char c;
    pipe(p);
    set(SIGALRM, on, 0);
    struct itimerval it = {{0, 30000}, {0, 30000}}, never = {{0, 0}, {0, 0}};     // again and again: one could come too early
    setitimer(ITIMER_REAL, &it, NULL);
    R(read(p[0], &c, 1));
    set(SIGALRM, on, SA_RESTART);
    if (fork() == 0) { usleep(100000); write(p[1], "x", 1); _exit(0); }
    R(read(p[0], &c, 1));
    R(pause());
    struct timespec req = {1000, 0}, rem = {0, 0};
    R(nanosleep(&req, &rem));
    printf("left %d\n", rem.tv_sec > 500);
    sigemptyset(&m);
    R(sigsuspend(&m));
    setitimer(ITIMER_REAL, &never, NULL);
    wait(NULL);
    signal(SIGPIPE, SIG_IGN);
    close(p[0]);
    R(write(p[1], "x", 1));
    R(kill(getpid(), 65));
    R(kill(0x7ffffff0, 0));
    R(syscall(SYS_tgkill, getpid(), getpid() + 100000, 0));
    fflush(stdout);
    signal(SIGPIPE, SIG_DFL);
    write(p[1], "x", 1);
    return 1;
}
