// Threads: creation, join, mutexes, condition variables, robust locks, thread-directed signals, exec and exit with threads.
#include "check.h"
#include <pthread.h>
#include <semaphore.h>
#include <sys/wait.h>
#include <linux/futex.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static int ready, sum;
static __thread int tls = 5;
static volatile int handled;

static void *adder(void *arg) {
    for (int i = 0; i < 2000; i++) {
        pthread_mutex_lock(&lock);
        sum++;
        pthread_mutex_unlock(&lock);
    }
    tls += (int)(long)arg;
    return (void *)(long)tls;
}

static void *waiter(void *arg) {
    pthread_mutex_lock(&lock);
    while (!ready) pthread_cond_wait(&cond, &lock);
    pthread_mutex_unlock(&lock);
    return NULL;
}

static void on(int s) { handled++; }

static volatile int done;
static void *sleeper(void *arg) {
    struct timespec ts = {1000, 0};
    int r = nanosleep(&ts, NULL);
    done = 1;
    return (void *)(long)(r == -1 && errno == EINTR);
}

static pthread_mutex_t robust;
static void *dies(void *arg) { pthread_mutex_lock(&robust); return NULL; }
static void *lingers(void *arg) { usleep(20000); return NULL; }
static void *spins(void *arg) { for (;;) sched_yield(); }

int main(int argc, char **argv) {
    if (argc > 1) { printf("executed by a thread\n"); return 3; }
    pthread_t t[8];
    for (long i = 0; i < 8; i++) pthread_create(&t[i], NULL, adder, (void *)i);
    long results = 0;
    for (int i = 0; i < 8; i++) { void *r; pthread_join(t[i], &r); results += (long)r; }
    printf("sum %d tls %ld\n", sum, results);

    for (int i = 0; i < 4; i++) pthread_create(&t[i], NULL, waiter, NULL);
    usleep(10000);
    pthread_mutex_lock(&lock);
    ready = 1;
    pthread_cond_broadcast(&cond);
    pthread_mutex_unlock(&lock);
    for (int i = 0; i < 4; i++) pthread_join(t[i], NULL);
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts);
    ts.tv_nsec += 20000000;
    if (ts.tv_nsec >= 1000000000) { ts.tv_sec++; ts.tv_nsec -= 1000000000; }
    pthread_mutex_lock(&lock);
    printf("timed wait %s\n", strerrorname_np(pthread_cond_timedwait(&cond, &lock, &ts)));
    pthread_mutex_unlock(&lock);

    struct sigaction sa = {.sa_handler = on};
    sigaction(SIGUSR1, &sa, NULL);
    pthread_create(&t[0], NULL, sleeper, NULL);
    while (!done) { usleep(1000); pthread_kill(t[0], SIGUSR1); }
    void *r;
    pthread_join(t[0], &r);
    printf("interrupted %ld handled %d\n", (long)r, handled > 0);

    pthread_mutexattr_t a;
    pthread_mutexattr_init(&a);
    pthread_mutexattr_setrobust(&a, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&robust, &a);
    pthread_create(&t[0], NULL, dies, NULL);
    pthread_join(t[0], NULL);
    printf("robust %s\n", strerrorname_np(pthread_mutex_lock(&robust)));
    printf("consistent %d\n", pthread_mutex_consistent(&robust));
    printf("unlock %d\n", pthread_mutex_unlock(&robust));

    pthread_mutexattr_init(&a);
    pthread_mutexattr_setprotocol(&a, PTHREAD_PRIO_INHERIT);
    pthread_mutex_t pi;
    pthread_mutex_init(&pi, &a);
    R(pthread_mutex_lock(&pi));
    R(pthread_mutex_trylock(&pi) == EBUSY);
    R(pthread_mutex_unlock(&pi));

    sem_t *sem = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    sem_init(sem, 1, 0);
    pid_t p = fork();
    if (p == 0) { sem_post(sem); sem_post(sem); _exit(0); }
    R(sem_wait(sem));
    R(sem_wait(sem));
    waitpid(p, NULL, 0);

    int word = 3;
    struct timespec soon = {0, 1000000};
    R(syscall(SYS_futex, &word, FUTEX_WAIT, 4, NULL, NULL, 0));
    R(syscall(SYS_futex, &word, FUTEX_WAIT, 3, &soon, NULL, 0));
    R(syscall(SYS_futex, (char *)&word + 1, FUTEX_WAIT, 3, &soon, NULL, 0));
    R(syscall(SYS_futex, &word, FUTEX_WAIT_BITSET, 3, NULL, NULL, 0));
    R(syscall(SYS_futex, &word, FUTEX_WAKE, 1, NULL, NULL, 0));
    R(syscall(SYS_futex, 8, FUTEX_WAIT, 0, NULL, NULL, 0));
    R(syscall(SYS_futex, &word, 77, 0, NULL, NULL, 0));

    p = fork();
    if (p == 0) {                                   // exit_group with a thread that spins
        pthread_create(&t[0], NULL, spins, NULL);
        usleep(10000);
        exit(9);
    }
    int s;
    waitpid(p, &s, 0);
    printf("exit_group %d\n", WEXITSTATUS(s));
    p = fork();
    if (p == 0) {                                   // the leader ends first
        pthread_create(&t[0], NULL, lingers, NULL);
        pthread_exit(NULL);
    }
    waitpid(p, &s, 0);
    printf("leader first %d\n", s);
    fflush(stdout);
    for (int i = 0; i < 3; i++) pthread_create(&t[i], NULL, spins, NULL);
    execl("/proc/self/exe", "threads", "again", NULL);
    return 1;
}
