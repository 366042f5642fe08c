// Clocks, sleeps and timers.
#include "check.h"
#include <sys/time.h>
#include <sys/times.h>
#include <sys/resource.h>

static volatile int count;
static void on(int s) { count++; }

int main(void) {
    struct timespec a, b;
    int clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_MONOTONIC_RAW, CLOCK_REALTIME_COARSE, CLOCK_MONOTONIC_COARSE, CLOCK_BOOTTIME, CLOCK_TAI,
        CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID};
    for (unsigned i = 0; i < sizeof clocks / sizeof *clocks; i++) {
        R(clock_gettime(clocks[i], &a));
        for (volatile int j = 0; j < 1000; j++) ;
        clock_gettime(clocks[i], &b);
        printf("forward %d\n", b.tv_sec > a.tv_sec || b.tv_sec == a.tv_sec && b.tv_nsec >= a.tv_nsec);
        R(clock_getres(clocks[i], &a));
    }
    R(clock_gettime(55, &a));
    R(syscall(SYS_clock_gettime, CLOCK_REALTIME, 8));
    R(clock_settime(CLOCK_MONOTONIC, &a));
    struct timespec ts = {0, 20000000};
    clock_gettime(CLOCK_MONOTONIC, &a);
    R(nanosleep(&ts, NULL));
    clock_gettime(CLOCK_MONOTONIC, &b);
    printf("slept %d\n", (b.tv_sec - a.tv_sec) * 1000000000 + b.tv_nsec - a.tv_nsec >= 20000000);
    b.tv_nsec += 10000000;
    if (b.tv_nsec >= 1000000000) { b.tv_nsec -= 1000000000; b.tv_sec++; }
    R(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &b, NULL));
    R(clock_nanosleep(CLOCK_THREAD_CPUTIME_ID, 0, &ts, NULL));
    ts.tv_nsec = 1000000000;
    R(nanosleep(&ts, NULL));
    ts.tv_nsec = 0; ts.tv_sec = -1;
    R(nanosleep(&ts, NULL));

    signal(SIGALRM, on);
    struct itimerval it = {{0, 5000}, {0, 5000}}, old;
    R(setitimer(ITIMER_REAL, &it, NULL));
    while (count < 3) pause();
    it.it_value.tv_usec = it.it_interval.tv_usec = 0;
    R(setitimer(ITIMER_REAL, &it, &old));
    printf("%ld %d\n", (long)old.it_interval.tv_usec, old.it_value.tv_usec <= 5000);
    R(setitimer(7, &it, NULL));
    R(alarm(100));
    printf("%d\n", alarm(0) > 50);
    signal(SIGVTALRM, on);
    count = 0;
    it.it_value.tv_usec = 20000;
    R(setitimer(ITIMER_VIRTUAL, &it, NULL));
    while (!count) ;
    printf("virtual timer\n");

    timer_t t;
    signal(SIGRTMIN, on);
    struct sigevent ev = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN};
    R(timer_create(CLOCK_MONOTONIC, &ev, &t));
    struct itimerspec its = {{0, 2000000}, {0, 2000000}}, cur;
    count = 0;
    R(timer_settime(t, 0, &its, NULL));
    while (count < 3) pause();
    R(timer_gettime(t, &cur));
    printf("%ld %d\n", cur.it_interval.tv_nsec, cur.it_value.tv_nsec <= 2000000);
    R(timer_delete(t));
    R(syscall(SYS_timer_delete, 77));
    R(syscall(SYS_timer_create, 77, NULL, &t));
    struct tms tms;
    OK(times(&tms));
    struct rusage ru;
    R(getrusage(RUSAGE_SELF, &ru));
    printf("cpu %d\n", ru.ru_utime.tv_sec * 1000000 + ru.ru_utime.tv_usec + ru.ru_stime.tv_usec > 10000);
    R(getrusage(5, &ru));
    return 0;
}
