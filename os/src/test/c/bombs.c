// Takes one kind of thing until it is refused, prints with which error, and keeps what it got for as long as it runs.
#include "check.h"
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>

#define MANY 2000000
#define MIB (1 << 20)

static char buffer[MIB];

static void more_descriptors(void) {
    struct rlimit most = {524288, 524288};
    setrlimit(RLIMIT_NOFILE, &most);
}

static void refused(long got) { printf("%s\n", strerrorname_np(errno)); fprintf(stderr, "got %ld\n", got); }

static void fill(int fd) {
    fcntl(fd, F_SETFL, O_NONBLOCK);
    while (write(fd, buffer, sizeof buffer) > 0) ;
}

static void files(void) {
    more_descriptors();
    long n = 0;
    while (n < MANY && open("/dev/null", O_RDONLY) >= 0) n++;
    refused(n);
}

static void pipes(void) {
    more_descriptors();
    long n = 0;
    for (int p[2]; n < MANY && pipe(p) == 0; n++) { fcntl(p[1], F_SETPIPE_SZ, MIB); fill(p[1]); }
    refused(n);
}

static void sockets(void) {
    more_descriptors();
    long n = 0;
    for (int p[2]; n < MANY && socketpair(AF_UNIX, SOCK_STREAM, 0, p) == 0; n++) { fill(p[0]); fill(p[1]); }
    refused(n);
}

// Sockets that nobody can reach but by each other.
static void cycles(void) {
    for (long n = 0; n < 100000; n++) {
        int p[2];
        if (socketpair(AF_UNIX, SOCK_DGRAM, 0, p) < 0) { refused(n); return; }
        char control[CMSG_SPACE(2 * sizeof(int))];
        struct iovec part = {buffer, 4000};
        struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
        struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
        *rights = (struct cmsghdr){CMSG_LEN(2 * sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
        memcpy(CMSG_DATA(rights), p, sizeof p);
        if (sendmsg(p[0], &message, 0) < 0) { refused(n); return; }
        close(p[0]); close(p[1]);
    }
    puts("collected");
}

static void tables(void) {
    more_descriptors();
    if (dup2(1, 524287) < 0) { refused(0); return; }
    for (long n = 0; n < MANY; n++) {
        pid_t p = fork();
        if (p < 0) { refused(n); kill(0, SIGTERM); }
        if (p == 0) { pause(); _exit(0); }
    }
}

static void *reader(void *fd) { static __thread char own[16]; char *to = mmap(0, MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); read(*(int *)fd, to ? to : own, MIB); return NULL; }
static void threads(void) {
    int p[2];
    pipe(p);
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 16384);
    pthread_t thread;
    long n = 0;
    while (n < MANY && (errno = pthread_create(&thread, &small, reader, &p[0])) == 0) n++;
    refused(n);
    struct timespec second = {1, 0};
    nanosleep(&second, NULL);
}

static void content(const char *where) {
    chdir(where);
    int fd = open("big", O_RDWR | O_CREAT, 0600);
    long n = 0;
    while (write(fd, buffer, sizeof buffer) > 0) n++;
    refused(n);
}

static void names(void) {
    mkdir("/tmp/names", 0700);
    chdir("/tmp/names");
    char name[32];
    long n = 0;
    for (; n < MANY; n++) {
        snprintf(name, sizeof name, "%ld", n);
        int fd = open(name, O_RDWR | O_CREAT, 0600);
        if (fd < 0) break;
        close(fd);
    }
    refused(n);
}

static void depth(void) {
    chdir("/tmp");
    long n = 0;
    for (; n < 5000 && mkdir("d", 0700) == 0 && chdir("d") == 0; n++) ;
    errno = 0;
    char *where = getcwd(buffer, sizeof buffer);
    printf("%s %d\n", where ? "named" : strerrorname_np(errno), access("../..", R_OK));
    for (; n > 0 && chdir("..") == 0 && rmdir("d") == 0; n--) ;
    printf("%ld left\n", n);
}

static void mappings(void) {
    long n = 0;
    while (n < MANY && mmap(0, 4096, n % 2 ? PROT_READ : PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED) n++;
    refused(n);
}

static void locks(void) {
    int fd = open("/tmp/locked", O_RDWR | O_CREAT, 0600);
    long n = 0;
    for (; n < 200000; n++) {
        struct flock lock = {.l_type = F_WRLCK, .l_start = 2 * n, .l_len = 1};
        if (fcntl(fd, F_SETLK, &lock) < 0) break;
    }
    refused(n);
}

static void queued(void) {
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    long n = 0;
    union sigval value = {0};
    while (n < MANY && sigqueue(getpid(), SIGRTMIN, value) == 0) n++;
    refused(n);
}

static void timers(void) {
    long n = 0;
    struct sigevent nothing = {.sigev_notify = SIGEV_NONE};
    for (timer_t timer; n < MANY && timer_create(CLOCK_MONOTONIC, &nothing, &timer) == 0; n++) ;
    refused(n);
}

static void terminals(void) {
    more_descriptors();
    long n = 0;
    for (int fd; n < MANY && (fd = open("/dev/ptmx", O_RDWR | O_NOCTTY)) >= 0; n++) write(fd, buffer, 4096);
    refused(n);
}

static void polls(void) {
    more_descriptors();
    int chain = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN};
    int n = 0;
    for (; n < 100; n++) {
        int outer = epoll_create1(0);
        if (epoll_ctl(outer, EPOLL_CTL_ADD, chain, &event) < 0) break;
        chain = outer;
    }
    printf("%d %s\n", n, strerrorname_np(errno));
    int a = epoll_create1(0), b = epoll_create1(0);
    epoll_ctl(a, EPOLL_CTL_ADD, b, &event);
    R(epoll_ctl(b, EPOLL_CTL_ADD, a, &event));
    long watched = 0;
    while (watched < MANY) {
        int fd = dup(0);
        if (fd < 0 || epoll_ctl(a, EPOLL_CTL_ADD, fd, &event) < 0 && errno != EPERM) break;
        watched++;
    }
    refused(watched);
}

static void watches(void) {
    mkdir("/tmp/watched", 0700);
    chdir("/tmp/watched");
    more_descriptors();
    long n = 0;
    for (; n < MANY && inotify_init() >= 0; n++) ;
    refused(n);
}

static void arguments(void) {
    long count = 200000;
    char **argv = calloc(count + 1, sizeof *argv);
    memset(buffer, 'x', 100);
    for (long i = 0; i < count; i++) argv[i] = buffer;
    execv("/proc/self/exe", argv);
    refused(0);
    memset(buffer, 'x', 200000);
    buffer[200000] = 0;
    argv[1] = 0;
    execv("/proc/self/exe", argv);
    refused(0);
}

int main(int argc, char **argv) {
    static const struct { const char *name; void (*of)(void); } bombs[] = {{"files", files}, {"pipes", pipes}, {"sockets", sockets}, {"cycles", cycles},
        {"tables", tables}, {"threads", threads}, {"names", names}, {"depth", depth}, {"mappings", mappings}, {"locks", locks}, {"queued", queued},
        {"timers", timers}, {"terminals", terminals}, {"polls", polls}, {"watches", watches}, {"arguments", arguments}};
    for (int i = 0; i < sizeof bombs / sizeof *bombs; i++) if (!strcmp(argv[1], bombs[i].name)) bombs[i].of();
    if (argv[1][0] == '/') content(argv[1]);
    return 0;
}
