#include "fs.h"
#include <sys/epoll.h>
#include <sys/eventfd.h>

/* Many processes and threads at the same pipes, locks and event files: nothing may get lost, and nobody may sleep for ever. */

static int ring[8][2];

static void tokens(void) {
    for (int i = 0; i < 8; i++) {
        pipe(ring[i]);
    }
    for (int i = 0; i < 8; i++) {
        if (fork() == 0) {
            unsigned char c;
            for (int j = 0; j < 8; j++) {
                close(ring[j][j == i ? 1 : 0]);
                if (j != (i + 1) % 8 && j != i) {
                    close(ring[j][1]);
                }
            }
            while (read(ring[i][0], &c, 1) == 1) {
                if (i == 0 && c-- == 0) {
                    break;
                }
                if (write(ring[(i + 1) % 8][1], &c, 1) != 1) {
                    break;
                }
            }
            _exit(0);
        }
    }
    write(ring[0][1], "\x20\x28", 2);
    for (int i = 0; i < 8; i++) {
        close(ring[i][0]);
        close(ring[i][1]);
    }
    int status, sum = 0;
    while (wait(&status) > 0) {
        sum += status == 0 || status == SIGPIPE;
    }
    printf("ring: %d ended well\n", sum);
}

static int shared[2];
static long totals[4];

static void *reader(void *index) {
    char buffer[777];
    long count;
    while ((count = read(shared[0], buffer, sizeof buffer)) > 0) {
        totals[(long) index] += count;
    }
    return NULL;
}

static void *writer(void *unused) {
    static char block[10000];
    for (int i = 0; i < 30; i++) {
        if (write(shared[1], block, 1 + i * 331 % sizeof block) < 0) {
            abort();
        }
    }
    return NULL;
}

static void crowd(void) {
    pthread_t readers[4], writers[4];
    pipe(shared);
    fcntl(shared[1], F_SETPIPE_SZ, 4096);
    for (long i = 0; i < 4; i++) {
        pthread_create(&readers[i], NULL, reader, (void *) i);
        pthread_create(&writers[i], NULL, writer, NULL);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(writers[i], NULL);
    }
    close(shared[1]);
    for (int i = 0; i < 4; i++) {
        pthread_join(readers[i], NULL);
    }
    printf("crowd: %ld bytes\n", totals[0] + totals[1] + totals[2] + totals[3]);
}

static void counter(void) {
    int fd = open("counter", O_RDWR | O_CREAT, 0600);
    ftruncate(fd, 8);
    for (int i = 0; i < 6; i++) {
        if (fork() == 0) {
            int own = open("counter", O_RDWR);
            for (int j = 0; j < 40; j++) {
                struct flock l = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 4};
                int value;
                if (i % 2 ? flock(own, LOCK_EX) : fcntl(own, F_SETLKW, &l)) {
                    _exit(1);
                }
                int other = i % 2 ? 0 : 4;
                pread(own, &value, sizeof value, other);
                value++;
                pwrite(own, &value, sizeof value, other);
                l.l_type = F_UNLCK;
                i % 2 ? flock(own, LOCK_UN) : fcntl(own, F_SETLK, &l);
            }
            _exit(0);
        }
    }
    while (wait(NULL) > 0) {
    }
    int values[2];
    pread(fd, values, sizeof values, 0);
    printf("counter: %d %d\n", values[0], values[1]);
}

static void fifos(void) {
    mkfifo("fifo", 0600);
    fflush(stdout);
    if (fork() == 0) {
        for (int i = 0; i < 50; i++) {
            int fd = open("fifo", O_WRONLY);
            dprintf(fd, "%d\n", i);
            close(fd);
        }
        _exit(0);
    }
    /* both ends are held here, so that no writer finds the FIFO without reader and no read finds its end */
    int fd = open("fifo", O_RDWR);
    long bytes = 0;
    char buffer[100];
    while (bytes < 140) {
        bytes += read(fd, buffer, sizeof buffer);
    }
    printf("fifo: %ld bytes\n", bytes);
    wait(NULL);
}

static void events(void) {
    int ep = epoll_create1(0), event[4];
    for (int i = 0; i < 4; i++) {
        event[i] = eventfd(0, EFD_NONBLOCK);
        struct epoll_event e = {i % 2 ? EPOLLIN : EPOLLIN | EPOLLET, {.fd = i}};
        epoll_ctl(ep, EPOLL_CTL_ADD, event[i], &e);
        if (fork() == 0) {
            uint64_t one = 1;
            for (int j = 0; j < 50; j++) {
                write(event[i], &one, 8);
            }
            _exit(0);
        }
    }
    uint64_t sum = 0, count;
    struct epoll_event e[4];
    while (sum < 200) {
        int ready = epoll_wait(ep, e, 4, -1);
        for (int i = 0; i < ready; i++) {
            if (read(event[e[i].data.fd], &count, 8) == 8) {
                sum += count;
            }
        }
    }
    printf("events: %d\n", (int) sum);
    while (wait(NULL) > 0) {
    }
}

static useconds_t delay;

static void *closer(void *fd) {
    usleep(delay);
    close(*(int *) fd);
    return NULL;
}

/* close(2) does not wake who reads: the data that comes later does, through the other reference to the pipe. On a busy machine the reader may come too late: once more then. */
static void closed_while_reading(void) {
    long got = 0;
    char c = '?';
    for (delay = 5000; delay < 6000000; delay *= 4) {
        int p[2];
        pthread_t thread;
        pipe(p);
        pthread_create(&thread, NULL, closer, &p[0]);
        if (fork() == 0) {
            usleep(4 * delay);
            write(p[1], "x", 1);
            _exit(0);
        }
        got = read(p[0], &c, 1);
        int late = got < 0 && errno == EBADF;
        pthread_join(thread, NULL);
        wait(NULL);
        close(p[1]);
        if (!late) break;
    }
    printf("read: %ld %c\n", got, c);
}

int main(void) {
    signal(SIGPIPE, SIG_DFL);
    setvbuf(stdout, NULL, _IOLBF, 0);
    alarm(100);
    crowd();
    counter();
    events();
    fifos();
    closed_while_reading();
    tokens();
    return 0;
}
