// Wakeups that must not be lost: signals between processes, condition variables, pipes under a storm of signals, forks from threads.
#include "check.h"
#include <pthread.h>
#include <sys/time.h>
#include <sys/wait.h>

#define ROUNDS 300

static volatile sig_atomic_t alarms;
static void on_alarm(int s) { alarms++; }

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static int turn;

static void *player(void *arg) {
    int me = (int)(long)arg;
    for (int i = 0; i < ROUNDS; i++) {
        pthread_mutex_lock(&lock);
        while (turn % 4 != me) pthread_cond_wait(&cond, &lock);
        turn++;
        pthread_cond_broadcast(&cond);
        pthread_mutex_unlock(&lock);
    }
    return NULL;
}

static void *forker(void *arg) {
    long good = 0;
    for (int i = 0; i < 20; i++) {
        pid_t p = fork();
        if (p == 0) _exit(i);
        int s;
        pid_t w;
        while ((w = waitpid(p, &s, 0)) == -1 && errno == EINTR) ;
        good += w == p && WEXITSTATUS(s) == i;
    }
    return (void *)good;
}

static int full(int fd, char *b, int n, ssize_t (*op)()) {
    int done = 0;
    while (done < n) {
        ssize_t r = op(fd, b + done, n - done);
        if (r > 0) done += r;
        else if (r == 0) break;
        else if (errno != EINTR) return -1;
    }
    return done;
}

int main(void) {
    sigset_t usr, none;
    sigemptyset(&usr);
    sigaddset(&usr, SIGUSR1);
    sigprocmask(SIG_BLOCK, &usr, NULL);
    int s;
    pid_t parent = getpid(), p = fork();
    if (p == 0) {
        for (int i = 0; i < ROUNDS; i++) { sigwait(&usr, &s); kill(parent, SIGUSR1); }
        _exit(0);
    }
    for (int i = 0; i < ROUNDS; i++) { kill(p, SIGUSR1); sigwait(&usr, &s); }
    waitpid(p, &s, 0);
    printf("signals %d\n", s);

    pthread_t t[4];
    for (long i = 0; i < 4; i++) pthread_create(&t[i], NULL, player, (void *)i);
    for (int i = 0; i < 4; i++) pthread_join(t[i], NULL);
    printf("turns %d\n", turn);

    struct sigaction sa = {.sa_handler = on_alarm};
    sigaction(SIGALRM, &sa, NULL);
    struct itimerval it = {{0, 1000}, {0, 1000}};
    setitimer(ITIMER_REAL, &it, NULL);
    int a[2], b[2];
    pipe(a); pipe(b);
    static char block[20000];
    p = fork();
    if (p == 0) {
        setitimer(ITIMER_REAL, &it, NULL);
        for (int i = 0; i < 100; i++) { full(a[0], block, sizeof block, (ssize_t (*)())read); full(b[1], block, sizeof block, (ssize_t (*)())write); }
        _exit(0);
    }
    long sum = 0;
    for (int i = 0; i < 100; i++) {
        full(a[1], block, sizeof block, (ssize_t (*)())write);
        sum += full(b[0], block, sizeof block, (ssize_t (*)())read);
    }
    while (waitpid(p, &s, 0) == -1 && errno == EINTR) ;
    /* The transfer may be over before the first alarm, which has to come all the same. */
    for (int i = 0; i < 5000 && !alarms; i++) usleep(1000);
    printf("bytes %ld status %d alarms %d\n", sum, s, alarms > 0);

    for (int i = 0; i < 3; i++) pthread_create(&t[i], NULL, forker, NULL);
    long good = 0;
    for (int i = 0; i < 3; i++) { void *r; pthread_join(t[i], &r); good += (long)r; }
    printf("forks %ld\n", good);
    return 0;
}
