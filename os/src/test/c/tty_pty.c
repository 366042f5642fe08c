// Pseudo terminals: line discipline, window size, sessions and job control.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include "show.h"

static void print_bytes(const char *text, const char *bytes, long count) {
    printf("%s: %ld '", text, count);
    for (long i = 0; i < count; i++) {
        unsigned char c = bytes[i];
        printf(c < 32 || c > 126 ? "\\x%02x" : "%c", c);
    }
    printf("'%s\n", count < 0 ? strerrorname_np(errno) : "");
}

static int master, slave;

static void events(const char *text, int fd) {
    struct pollfd p = {fd, POLLIN | POLLOUT, 0};
    int n = poll(&p, 1, 20);
    printf("%s: %d %x\n", text, n, p.revents);
}

// What one side writes comes to the other through a work queue, natively: on a busy machine late.
static int wait_for_bytes(int fd, int milliseconds) {
    struct pollfd p = {fd, POLLIN, 0};
    return poll(&p, 1, milliseconds) == 1 && p.revents & POLLIN;
}

static void await(int fd) {
    wait_for_bytes(fd, 20000);
}

static void type(const char *keys) {
    SHOW(write(master, keys, strlen(keys)));
}

// Waits for as many bytes as are expected, and a moment for more.
static void screen(int expected) {
    char buffer[1024];
    long total = 0;
    while (wait_for_bytes(master, total < expected ? 20000 : 30)) {
        long n = read(master, buffer + total, sizeof buffer - total);
        if (n <= 0) {
            break;
        }
        total += n;
    }
    print_bytes("screen", buffer, total);
}

static void input(int size) {
    char buffer[256];
    struct pollfd p = {slave, POLLIN, 0};
    poll(&p, 1, 30);
    long n = read(slave, buffer, size);
    print_bytes("read", buffer, n);
}

static void change(tcflag_t add_local, tcflag_t remove_local, int min, int time) {
    struct termios t;
    tcgetattr(slave, &t);
    t.c_lflag = (t.c_lflag | add_local) & ~remove_local;
    t.c_cc[VMIN] = min;
    t.c_cc[VTIME] = time;
    SHOW(tcsetattr(slave, TCSANOW, &t));
}

static void lines(void) {
    puts("-- lines");
    struct termios t;
    SHOW(tcgetattr(slave, &t));
    printf("%o %o %o %o\n", t.c_iflag, t.c_oflag, t.c_cflag, t.c_lflag);
    for (int i = 0; i < 17; i++) {
        printf("%o ", t.c_cc[i]);
    }
    printf("\nis a terminal: %d %d, speed %d\n", isatty(slave), isatty(master), cfgetospeed(&t) == B38400);
    events("idle slave", slave);
    events("idle master", master);
    type("hello\n");
    screen(7);
    events("line", slave);
    int waiting;
    ioctl(slave, FIONREAD, &waiting);
    printf("waiting %d\n", waiting);
    input(3);
    input(100);
    type("abx\177c\n");
    screen(9);
    input(100);
    type("one two  \027three\n");
    screen(31);
    input(100);
    type("gone\025kept\r");
    screen(22);
    input(100);
    type("a\tb\t\177\177\177c\n");
    screen(24);
    input(100);
    type("\001\002\177x\026\003\n");
    screen(17);
    input(100);
    type("first\nsecond\n");
    screen(15);
    input(100);
    input(100);
    type("end\004");
    screen(3);
    input(100);
    type("\004");
    input(100);
    type("re\022print\n");
    screen(15);
    input(100);
    SHOW(write(slave, "out\nput\ttab\r\n", 13));
    screen(15);
    type("stop\023");
    screen(0);
    type("\021\n");
    screen(6);
    input(100);
    fcntl(slave, F_SETFL, O_NONBLOCK | O_RDWR);
    input(100);
    type("unfinished");
    input(100);
    SHOW(tcflush(slave, TCIFLUSH));
    type("\n");
    await(slave);
    input(100);
    screen(12);
    fcntl(slave, F_SETFL, O_RDWR);
}

static void raw(void) {
    puts("-- raw");
    change(0, ICANON | ECHO, 1, 0);
    type("ab");
    input(1);
    input(10);
    change(0, 0, 3, 0);
    type("12");
    events("less than least", slave);
    type("3");
    await(slave);
    events("least", slave);
    input(10);
    change(0, 0, 0, 0);
    input(10);
    change(0, 0, 0, 1);
    input(10);
    type("q");
    await(slave);
    input(10);
    change(0, 0, 2, 1);
    type("z");
    input(10);
    struct termios t;
    tcgetattr(slave, &t);
    cfmakeraw(&t);
    SHOW(tcsetattr(slave, TCSAFLUSH, &t));
    type("\r\n\003\004\032");
    input(10);
    SHOW(write(slave, "a\nb", 3));
    screen(3);
    type("line");
    await(slave);
    events("without end", slave);
    change(ICANON | ECHO, 0, 1, 0);
    input(10);
    tcgetattr(slave, &t);
    t.c_iflag = ICRNL | IXON;
    t.c_oflag = OPOST | ONLCR;
    t.c_lflag |= ISIG | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN;
    SHOW(tcsetattr(slave, TCSANOW, &t));
}

static volatile sig_atomic_t last;

static void note(int signal) {
    last = signal;
}

static void child_of_session(int ready, const char *name) {
    close(master);
    setsid();
    SHOW(ioctl(slave, TIOCGPGRP, &(int) {0}));
    SHOW(open("/dev/tty", O_RDWR));
    SHOW(ioctl(slave, TIOCSCTTY, 0));
    int own = open("/dev/tty", O_RDWR), foreground = 0, session = 0;
    SHOW(ioctl(own, TIOCGPGRP, &foreground));
    SHOW(ioctl(own, TIOCGSID, &session));
    struct stat st;
    fstat(slave, &st);
    printf("foreground is me %d, session %d, name %d, device %d %d\n", foreground == getpid(), session == getpid(), strcmp(ttyname(slave), name) == 0, major(st.st_rdev) == 136,
           S_ISCHR(st.st_mode));
    int in[2];
    char c;
    pipe(in);
    fflush(stdout);
    pid_t background = fork();
    if (background == 0) {
        setpgid(0, 0);
        read(in[0], &c, 1);
        signal(SIGTTOU, SIG_DFL);
        long n = read(slave, &c, 1);
        printf("background read %ld %s\n", n, n < 0 ? strerrorname_np(errno) : "");
        fflush(stdout);
        _exit(3);
    }
    setpgid(background, background);
    write(in[1], "x", 1);
    int status;
    waitpid(background, &status, WUNTRACED);
    printf("stopped %d by %s\n", WIFSTOPPED(status), sigabbrev_np(WSTOPSIG(status)));
    signal(SIGTTOU, SIG_IGN);
    SHOW(tcsetpgrp(slave, background));
    signal(SIGTTIN, SIG_IGN);
    long n = read(slave, &c, 1);
    printf("read behind %ld %s\n", n, strerrorname_np(errno));
    kill(-background, SIGCONT);
    write(ready, "t", 1);
    waitpid(background, &status, 0);
    printf("continued, exit %d\n", WEXITSTATUS(status));
    SHOW(tcsetpgrp(slave, getpid()));
    SHOW(tcsetpgrp(slave, 1) == -1);
    signal(SIGINT, note);
    signal(SIGQUIT, note);
    signal(SIGTSTP, note);
    signal(SIGWINCH, note);
    int signals[] = {SIGINT, SIGQUIT, SIGTSTP, SIGWINCH};
    for (int i = 0; i < 4; i++) {
        sigset_t block, old;
        sigemptyset(&block);
        sigaddset(&block, signals[i]);
        sigprocmask(SIG_BLOCK, &block, &old);
        write(ready, "s", 1);
        sigsuspend(&old);
        sigprocmask(SIG_SETMASK, &old, NULL);
        printf("got %s\n", sigabbrev_np(last));
    }
    struct winsize size;
    ioctl(slave, TIOCGWINSZ, &size);
    printf("window %d x %d\n", size.ws_row, size.ws_col);
    signal(SIGHUP, note);
    fflush(stdout);
    sigset_t block, old;
    sigemptyset(&block);
    sigaddset(&block, SIGHUP);
    sigprocmask(SIG_BLOCK, &block, &old);
    write(ready, "h", 1);
    sigsuspend(&old);
    printf("got %s\n", sigabbrev_np(last));
    n = read(slave, &c, 1);
    printf("after hang-up: read %ld", n);
    n = write(slave, "x", 1);
    printf(", write %ld %s", n, strerrorname_np(errno));
    struct pollfd p = {slave, POLLIN | POLLOUT, 0};
    poll(&p, 1, 0);
    printf(", poll %x, ", p.revents);
    printf("/dev/tty %s\n", open("/dev/tty", O_RDWR) < 0 ? strerrorname_np(errno) : "opens");
    fflush(stdout);
    _exit(0);
}

static void sessions(const char *name) {
    puts("-- sessions");
    fflush(stdout);
    int ready[2];
    pipe(ready);
    pid_t child = fork();
    if (child == 0) {
        close(ready[0]);
        child_of_session(ready[1], name);
    }
    close(ready[1]);
    close(slave);
    char c;
    int step = 0;
    while (read(ready[0], &c, 1) == 1) {
        usleep(20000);
        struct winsize size = {40, 100, 0, 0};
        switch (c) {
            case 't': write(master, "k\n", 2); break;
            case 'h': close(master); break;
            default:
                switch (step++) {
                    case 0: write(master, "\003", 1); break;
                    case 1: write(master, "\034", 1); break;
                    case 2: write(master, "\032", 1); break;
                    default: ioctl(master, TIOCSWINSZ, &size);
                }
        }
    }
    int status;
    waitpid(child, &status, 0);
    printf("session leader: %x\n", status);
}

static void sides(void) {
    puts("-- sides");
    master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
    SHOW(open(ptsname(master), O_RDWR | O_NOCTTY));
    char c;
    SHOW(read(master, &c, 1));
    events("never opened", master);
    SHOW(grantpt(master));
    SHOW(unlockpt(master));
    slave = open(ptsname(master), O_RDWR | O_NOCTTY);
    struct stat st;
    stat(ptsname(master), &st);
    printf("device %d\n", (int) major(st.st_rdev));
    SHOW(write(slave, "last words", 10));
    close(slave);
    await(master);
    events("closed slave", master);
    screen(10);
    SHOW(read(master, &c, 1));
    slave = open(ptsname(master), O_RDWR | O_NOCTTY);
    SHOW(read(master, &c, 1));
    SHOW(ioctl(slave, 0x54ff, 0));
    SHOW(ioctl(0, TCGETS, &c));
    SHOW(lseek(slave, 0, SEEK_SET));
    char name[64];
    strcpy(name, ptsname(master));
    close(master);
    SHOW(read(slave, &c, 1));
    SHOW(write(slave, &c, 1));
    SHOW(tcgetattr(slave, &(struct termios) {0}));
    SHOW(open(name, O_RDWR | O_NOCTTY));
    close(slave);
}

int main(void) {
    setvbuf(stdout, NULL, _IOLBF, 0);
    sides();
    char name[64];
    SHOW(openpty(&master, &slave, name, NULL, NULL) == 0);
    lines();
    raw();
    sessions(name);
}
