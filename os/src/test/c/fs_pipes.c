#include "fs.h"

static char big[200000];
static volatile int signals;

static void on_signal(int number) {
    signals += number == SIGPIPE ? 1 : 100;
}

static void *late_write(void *fd) {
    usleep(30000);
    if (write(*(int *) fd, "late", 4) != 4) {
        abort();
    }
    return NULL;
}

static void *late_close(void *fd) {
    usleep(30000);
    close(*(int *) fd);
    return NULL;
}

static void *late_read(void *fd) {
    usleep(30000);
    long total = 0, count;
    static char sink[50000];
    while (total < 150000 && (count = read(*(int *) fd, sink, sizeof sink)) > 0) {
        total += count;
    }
    return (void *) total;
}

int main(void) {
    int p[2], q[2], available;
    pthread_t thread;
    char buffer[5000];
    signal(SIGPIPE, on_signal);
    T(pipe(p));
    T(fcntl(p[0], F_GETFL));
    T(fcntl(p[1], F_GETFL));
    T(write(p[1], "hello", 5));
    T(ioctl(p[0], FIONREAD, &available));
    T(available);
    T(read(p[0], buffer, 2));
    T(read(p[0], buffer, 100));
    T(write(p[0], "x", 1));
    T(read(p[1], buffer, 1));
    T(fcntl(p[0], F_GETPIPE_SZ));
    T(fcntl(p[0], F_SETPIPE_SZ, 100000));
    T(fcntl(p[0], F_SETPIPE_SZ, 65536));
    fcntl(p[1], F_SETFL, O_NONBLOCK);
    fcntl(p[0], F_SETFL, O_NONBLOCK);
    T(read(p[0], buffer, 1));
    T(write(p[1], big, 65536));
    T(write(p[1], big, 1));
    T(read(p[0], buffer, 4095));
    T(write(p[1], big, 4096));
    T(read(p[0], buffer, 1));
    T(write(p[1], big, 4096));
    T(write(p[1], big, 5000));
    fcntl(p[0], F_SETFL, 0);
    fcntl(p[1], F_SETFL, 0);
    while (ioctl(p[0], FIONREAD, &available) == 0 && available > 0) {
        if (read(p[0], buffer, sizeof buffer) <= 0) {
            return 1;
        }
    }

    pthread_create(&thread, NULL, late_write, &p[1]);
    T(read(p[0], buffer, 100));
    pthread_join(thread, NULL);
    void *total;
    pthread_create(&thread, NULL, late_read, &p[0]);
    T(write(p[1], big, 150000));
    pthread_join(thread, &total);
    T((long) total);
    pthread_create(&thread, NULL, late_close, &p[1]);
    T(read(p[0], buffer, 100));
    pthread_join(thread, NULL);
    T(read(p[0], buffer, 100));

    T(pipe2(p, O_CLOEXEC | O_NONBLOCK));
    T(fcntl(p[0], F_GETFD));
    T(pipe2(q, 0x1234567));
    close(p[0]);
    T(write(p[1], "x", 1));
    T(signals);
    signal(SIGPIPE, SIG_IGN);
    T(write(p[1], "x", 1));
    T(signals);
    T(write(p[1], "x", 0));

    /* between processes */
    pipe(p);
    if (fork() == 0) {
        close(p[0]);
        for (int i = 0; i < 1000; i++) {
            dprintf(p[1], "line %d\n", i);
        }
        _exit(3);
    }
    close(p[1]);
    long bytes = 0, count;
    unsigned sum = 0;
    while ((count = read(p[0], buffer, sizeof buffer)) > 0) {
        for (int i = 0; i < count; i++) {
            sum = sum * 31 + buffer[i];
        }
        bytes += count;
    }
    int status;
    wait(&status);
    printf("%ld bytes %u status %d\n", bytes, sum, WEXITSTATUS(status));

    /* a pipe that is opened again never waits for its other end */
    pipe(p);
    write(p[1], "left", 4);
    close(p[1]);
    sprintf(buffer, "/proc/self/fd/%d", p[0]);
    int again = open(buffer, O_RDONLY);
    T(read(again, buffer, 100));
    T(read(again, buffer, 100));
    close(p[0]);
    close(again);

    /* FIFOs */
    T(mkfifo("fifo", 0600));
    OK(open("fifo", O_WRONLY | O_NONBLOCK));
    int r = open("fifo", O_RDONLY | O_NONBLOCK);
    T(read(r, buffer, 1));
    int w = open("fifo", O_WRONLY | O_NONBLOCK);
    T(read(r, buffer, 1));
    T(write(w, "abc", 3));
    T(read(r, buffer, 10));
    close(w);
    T(read(r, buffer, 10));
    close(r);
    fflush(stdout);
    if (fork() == 0) {
        w = open("fifo", O_WRONLY);
        _exit(write(w, "from child", 10) == 10 ? 0 : 1);
    }
    r = open("fifo", O_RDONLY);
    T(read(r, buffer, 100));
    T(read(r, buffer, 100));
    wait(&status);
    T(status);
    close(r);
    int both = open("fifo", O_RDWR);
    T(write(both, "self", 4));
    T(read(both, buffer, 10));
    r = open("fifo", O_RDONLY | O_NONBLOCK);
    close(both);
    struct pollfd left = {r, POLLIN, 0};
    T(poll(&left, 1, 0));
    T(left.revents);
    close(r);

    /* splice and tee */
    pipe(p);
    pipe(q);
    int file = open("file", O_RDWR | O_CREAT, 0600);
    T(write(file, "0123456789", 10));
    loff_t offset = 2;
    T(splice(file, &offset, p[1], NULL, 5, 0));
    T(offset);
    T(tee(p[0], q[1], 3, 0));
    T(read(q[0], buffer, 10));
    T(splice(p[0], NULL, q[1], NULL, 4, 0));
    T(read(q[0], buffer, 10));
    printf("%.4s\n", buffer);
    T(splice(p[0], NULL, file, NULL, 10, 0));
    T(lseek(file, 0, SEEK_CUR));
    T(splice(p[0], NULL, file, NULL, 10, SPLICE_F_NONBLOCK));
    T(splice(file, NULL, file, NULL, 10, 0));
    T(splice(p[0], &offset, file, NULL, 10, 0));
    T(tee(p[0], p[1], 10, 0));
    struct iovec v = {"vector", 6};
    T(vmsplice(p[1], &v, 1, 0));
    T(read(p[0], buffer, 100));

    /* an interrupted read */
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGALRM, &action, NULL);
    struct itimerval timer = {.it_value = {0, 20000}};
    setitimer(ITIMER_REAL, &timer, NULL);
    T(read(p[0], buffer, 1));
    action.sa_flags = SA_RESTART;
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &timer, NULL);
    pthread_create(&thread, NULL, late_write, &p[1]);
    T(read(p[0], buffer, 10));
    pthread_join(thread, NULL);
    return 0;
}
