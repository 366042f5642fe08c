#include "fs.h"
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>

static void *late_write(void *fd) {
    usleep(30000);
    if (write(*(int *) fd, "late", 4) != 4) {
        abort();
    }
    return NULL;
}

static void on_alarm(int number) {
}

static void show(struct epoll_event *events, int count) {
    for (int i = 0; i < count; i++) {
        printf("  %x %d\n", events[i].events, events[i].data.fd);
    }
}

int main(void) {
    int p[2], q[2];
    char buffer[100];
    pthread_t thread;
    pipe(p);
    pipe(q);
    int file = open("file", O_CREAT | O_RDWR, 0600);
    struct pollfd f[4] = {{p[0], POLLIN}, {p[1], POLLOUT}, {file, POLLIN | POLLOUT}, {-1, POLLIN}};
    T(poll(f, 4, 0));
    printf("%x %x %x %x\n", f[0].revents, f[1].revents, f[2].revents, f[3].revents);
    T(poll(f, 1, 10));
    f[3].fd = 99;
    T(poll(f, 4, -1));
    printf("%x\n", f[3].revents);
    pthread_create(&thread, NULL, late_write, &p[1]);
    T(poll(f, 1, -1));
    printf("%x\n", f[0].revents);
    pthread_join(thread, NULL);
    T(poll(NULL, 0, 1));
    T(poll(f, 1 << 30, 0));
    T(read(p[0], buffer, 100));
    close(q[1]);
    f[0] = (struct pollfd) {q[0], POLLIN};
    T(poll(f, 1, -1));
    printf("%x\n", f[0].revents);
    pipe(q);
    close(q[0]);
    f[0] = (struct pollfd) {q[1], POLLOUT};
    T(poll(f, 1, -1));
    printf("%x\n", f[0].revents);

    fd_set in, out;
    FD_ZERO(&in);
    FD_ZERO(&out);
    FD_SET(p[0], &in);
    FD_SET(p[1], &out);
    struct timeval tv = {0, 0};
    T(select(20, &in, &out, NULL, &tv));
    T(FD_ISSET(p[0], &in) != 0);
    T(FD_ISSET(p[1], &out) != 0);
    FD_SET(p[0], &in);
    tv.tv_usec = 10000;
    T(select(20, &in, NULL, NULL, &tv));
    printf("left %ld %ld\n", (long) tv.tv_sec, (long) tv.tv_usec);
    /* Numbers beyond the table's size are ignored: it is smallest after fork(2) with few open files. */
    close_range(64, ~0U, 0);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        FD_SET(77, &in);
        T(select(78, &in, NULL, NULL, &tv));
        dup2(p[0], 100);
        FD_SET(77, &in);
        T(select(78, &in, NULL, NULL, &tv));
        fflush(stdout);
        _exit(0);
    }
    waitpid(child, NULL, 0);
    T(select(-1, &in, NULL, NULL, &tv));
    tv.tv_sec = -1;
    T(select(1, NULL, NULL, NULL, &tv));

    /* signals */
    struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
    sigaction(SIGALRM, &action, NULL);
    struct itimerval timer = {.it_value = {0, 20000}};
    setitimer(ITIMER_REAL, &timer, NULL);
    f[0] = (struct pollfd) {p[0], POLLIN};
    T(poll(f, 1, -1));
    sigset_t blocked, none;
    sigemptyset(&none);
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGALRM);
    sigprocmask(SIG_BLOCK, &blocked, NULL);
    raise(SIGALRM);
    struct timespec second = {5, 0};
    T(ppoll(f, 1, &second, &none));
    T(ppoll(f, 1, &(struct timespec) {0, 1000}, NULL));
    T(ppoll(f, 1, &(struct timespec) {0, -1}, NULL));
    raise(SIGALRM);
    T(pselect(0, NULL, NULL, NULL, &second, &none));

    /* epoll */
    struct epoll_event e = {EPOLLIN, {.fd = 5}}, events[10];
    int ep = epoll_create1(EPOLL_CLOEXEC);
    T(fcntl(ep, F_GETFD));
    T(epoll_create(0));
    T(epoll_ctl(ep, EPOLL_CTL_ADD, p[0], &e));
    T(epoll_ctl(ep, EPOLL_CTL_ADD, p[0], &e));
    T(epoll_ctl(ep, EPOLL_CTL_ADD, file, &e));
    T(epoll_ctl(ep, EPOLL_CTL_ADD, ep, &e));
    T(epoll_ctl(ep, EPOLL_CTL_ADD, 99, &e));
    T(epoll_ctl(p[0], EPOLL_CTL_ADD, p[1], &e));
    T(epoll_ctl(ep, EPOLL_CTL_DEL, p[1], &e));
    T(epoll_ctl(ep, EPOLL_CTL_MOD, p[1], &e));
    T(epoll_ctl(ep, 9, p[0], &e));
    T(epoll_wait(ep, events, 10, 0));
    T(epoll_wait(ep, events, 0, 0));
    T(write(p[1], "x", 1));
    show(events, T(epoll_wait(ep, events, 10, -1)));
    show(events, T(epoll_wait(ep, events, 10, -1)));
    e = (struct epoll_event) {EPOLLOUT | EPOLLET, {.fd = 6}};
    T(epoll_ctl(ep, EPOLL_CTL_ADD, p[1], &e));
    show(events, T(epoll_wait(ep, events, 10, -1)));
    show(events, T(epoll_wait(ep, events, 10, -1)));
    e = (struct epoll_event) {EPOLLIN | EPOLLONESHOT, {.fd = 7}};
    T(epoll_ctl(ep, EPOLL_CTL_MOD, p[0], &e));
    show(events, T(epoll_wait(ep, events, 10, 0)));
    show(events, T(epoll_wait(ep, events, 10, 0)));
    T(read(p[0], buffer, 100));
    e = (struct epoll_event) {EPOLLIN, {.fd = 8}};
    T(epoll_ctl(ep, EPOLL_CTL_MOD, p[0], &e));
    pthread_create(&thread, NULL, late_write, &p[1]);
    show(events, T(epoll_wait(ep, events, 10, -1)));
    pthread_join(thread, NULL);
    int outer = epoll_create1(0);
    e = (struct epoll_event) {EPOLLIN, {.fd = 9}};
    T(epoll_ctl(outer, EPOLL_CTL_ADD, ep, &e));
    T(epoll_ctl(ep, EPOLL_CTL_ADD, outer, &e));
    show(events, T(epoll_wait(outer, events, 10, -1)));
    T(epoll_ctl(ep, EPOLL_CTL_DEL, p[0], NULL));
    T(epoll_wait(outer, events, 10, 0));
    raise(SIGALRM);
    T(epoll_pwait(outer, events, 10, 5000, &none));

    /* eventfd */
    uint64_t count = 5;
    int event = eventfd(3, EFD_NONBLOCK);
    T(read(event, &count, 8));
    T(count);
    T(read(event, &count, 8));
    count = 7;
    T(write(event, &count, 8));
    T(write(event, &count, 8));
    T(write(event, &count, 4));
    T(read(event, &count, 100));
    T(count);
    count = UINT64_MAX;
    T(write(event, &count, 8));
    count = UINT64_MAX - 1;
    T(write(event, &count, 8));
    count = 1;
    T(write(event, &count, 8));
    int semaphore = eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK);
    T(read(semaphore, &count, 8));
    T(read(semaphore, &count, 8));
    T(read(semaphore, &count, 8));

    /* signalfd */
    sigset_t user;
    sigemptyset(&user);
    sigaddset(&user, SIGUSR1);
    sigprocmask(SIG_BLOCK, &user, NULL);
    int sfd = signalfd(-1, &user, SFD_NONBLOCK);
    struct signalfd_siginfo info[2];
    T(read(sfd, info, sizeof info));
    raise(SIGUSR1);
    f[0] = (struct pollfd) {sfd, POLLIN};
    T(poll(f, 1, 0));
    T(read(sfd, info, 100));
    T(read(sfd, info, sizeof info));
    printf("signal %d code %d mine %d\n", info[0].ssi_signo, info[0].ssi_code, (int) info[0].ssi_pid == getpid());
    T(read(sfd, info, sizeof info));

    /* timerfd */
    int tfd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    T(read(tfd, &count, 8));
    struct itimerspec its = {{0, 0}, {0, 20000000}}, old;
    T(timerfd_settime(tfd, 0, &its, NULL));
    f[0] = (struct pollfd) {tfd, POLLIN};
    T(poll(f, 1, -1));
    T(read(tfd, &count, 8));
    T(count);
    T(timerfd_gettime(tfd, &old));
    printf("%ld %ld\n", (long) old.it_value.tv_sec, old.it_value.tv_nsec);
    its = (struct itimerspec) {{100, 0}, {50, 0}};
    T(timerfd_settime(tfd, 0, &its, NULL));
    T(timerfd_settime(tfd, 0, &its, &old));
    printf("%ld %ld\n", (long) old.it_interval.tv_sec, (long) old.it_value.tv_sec);
    its.it_value.tv_nsec = -1;
    T(timerfd_settime(tfd, 0, &its, NULL));
    T(timerfd_settime(p[0], 0, &its, NULL));
    T(timerfd_create(77, 0));
    return 0;
}
