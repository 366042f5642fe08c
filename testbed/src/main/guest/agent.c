/*
 * Executes the host's commands, one at a time, on the virtio port `testbed.exec.N`. This agent exists for the tests
 * alone; SCwatcher never talks to it.
 *
 * Frames, both ways: type (1 byte), length of the payload (4 bytes, little endian), payload of at most 64 KiB.
 *   host:  'X' magic (8 bytes), nonce (8 bytes) and the NUL-terminated arguments
 *          'I' standard input   'E' end of standard input
 *   guest: 'B' nonce, the command runs   'O' standard output   'R' standard error
 *          'Z' status (4 bytes): exit status, 128 + signal, or 127 when it could not be executed
 * When the host closes the port, the command is killed. What a vanished host left behind is skipped: an idle agent
 * looks for the next 'X' frame byte by byte. A host that gets no 'B' repeats its 'X'; a nonce is executed only once.
 */
#define _GNU_SOURCE
#include "guest.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAYLOAD_MAX 65536
#define HEADER 5
#define MAGIC "SCWexec1"
#define NONCE (HEADER + 8)
#define ARGUMENTS (NONCE + 8)

struct command {
    pid_t pid;
    int input, output, error;      /* our ends of its pipes, -1 when closed */
    size_t pending, pending_start; /* standard input that the pipe has not taken yet */
    int input_ended;
    unsigned char nonce[8];
};

static int port = -1;
static char port_path[64];
static int child_events; /* signalfd for SIGCHLD */
static unsigned char frame[HEADER + PAYLOAD_MAX];
static size_t frame_have;
static unsigned char pending_input[PAYLOAD_MAX];

static void find_port(const char *number) {
    char wanted[64], path[300], name[64];
    snprintf(wanted, sizeof wanted, "testbed.exec.%s\n", number);
    DIR *ports = opendir("/sys/class/virtio-ports");
    struct dirent *entry;
    while (ports && (entry = readdir(ports))) {
        snprintf(path, sizeof path, "/sys/class/virtio-ports/%s/name", entry->d_name);
        int file = open(path, O_RDONLY | O_CLOEXEC);
        ssize_t n = file < 0 ? 0 : read(file, name, sizeof name - 1);
        if (file >= 0) close(file);
        if (n <= 0) continue;
        name[n] = 0;
        if (!strcmp(name, wanted)) snprintf(port_path, sizeof port_path, "/dev/%.50s", entry->d_name);
    }
    if (ports) closedir(ports);
    if (!port_path[0]) die("there is no virtio port testbed.exec.%s", number);
}

/*
 * The kernel learns in a worker that the host opened or closed the port, so later than it delivers the host's data:
 * a hang-up counts only when it lasts.
 */
static int host_is_gone(void) {
    for (int tries = 0; tries < 400; tries++) {
        struct pollfd state = {port, 0, 0};
        poll(&state, 1, 0);
        if (!(state.revents & POLLHUP)) return 0;
        usleep(5000);
    }
    return 1;
}

/* Returns 0 when the host is gone. */
static int send_all(const unsigned char *bytes, size_t length) {
    while (length) {
        ssize_t n = write(port, bytes, length);
        if (n > 0) {
            bytes += n;
            length -= n;
            continue;
        }
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && errno != EAGAIN) return 0;
        struct pollfd writable = {port, POLLOUT, 0};
        poll(&writable, 1, -1);
        if (writable.revents & POLLHUP && host_is_gone()) return 0;
    }
    return 1;
}

static int send_frame(char type, const void *payload, uint32_t length) {
    static unsigned char out[HEADER + PAYLOAD_MAX];
    out[0] = type;
    memcpy(out + 1, &length, 4);
    memcpy(out + HEADER, payload, length);
    return send_all(out, HEADER + length);
}

/* Reads towards one whole frame. Returns its payload length, -1 when it is not complete yet, -2 when it is nonsense. */
static long receive_frame(void) {
    for (;;) {
        uint32_t length = 0;
        if (frame_have >= HEADER) {
            memcpy(&length, frame + 1, 4);
            if (length > PAYLOAD_MAX) return -2;
            if (frame_have == HEADER + length) return length;
        }
        size_t want = frame_have < HEADER ? HEADER - frame_have : HEADER + length - frame_have;
        ssize_t n = read(port, frame + frame_have, want);
        if (n > 0)
            frame_have += n;
        else if (n == 0 || errno != EINTR)
            return -1;
    }
}

static int is_request(long length) {
    return length >= ARGUMENTS - HEADER && frame[0] == 'X' && !memcmp(frame + HEADER, MAGIC, 8);
}

/* Takes one byte more towards a request, dropping from the front what cannot be the start of one. */
static int find_request(void) {
    static const unsigned char start[] = MAGIC;
    ssize_t n = frame_have < NONCE ? read(port, frame + frame_have, NONCE - frame_have) : 0;
    if (n > 0) frame_have += n;
    size_t from = 0;
    for (; from < frame_have; from++) {
        size_t have = frame_have - from, i = 0;
        while (i < have && (i == 0 ? frame[from] == 'X' : i == 4 ? frame[from + 4] == 0
                            : i < HEADER || frame[from + i] == start[i - HEADER])) i++;
        if (i == have) break;
    }
    memmove(frame, frame + from, frame_have - from);
    frame_have -= from;
    return n > 0;
}

/* Waits, without polling, for the host's next request. Returns the length of its payload. */
static long await_request(void) {
    int events = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN | EPOLLET};
    epoll_ctl(events, EPOLL_CTL_ADD, port, &event);
    long length = -1;
    find_request(); /* the last command may have ended within a frame of its input, whose rest will never come */
    while (length < 0) {
        while (frame_have < NONCE && find_request());
        length = frame_have < NONCE ? -1 : receive_frame();
        if (length >= 0 && !is_request(length)) length = -2;
        if (length == -2) frame_have = 0;
        if (length < 0) epoll_wait(events, &event, 1, -1);
    }
    close(events);
    return length;
}

static void start_command(struct command *c, const unsigned char *text, size_t length) {
    static char copy[PAYLOAD_MAX + 1];
    char *words[4096];
    int count = 0, in[2], out[2], err[2];
    memcpy(copy, text, length);
    copy[length] = 0;
    for (size_t i = 0; i < length && count < 4095; i += strlen(copy + i) + 1) words[count++] = copy + i;
    words[count] = NULL;
    if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC)) die("pipe");
    fcntl(out[0], F_SETPIPE_SZ, 1 << 18);
    c->pid = fork();
    if (c->pid < 0) die("fork");
    if (c->pid == 0) {
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        signal(SIGPIPE, SIG_DFL);
        setsid();
        dup2(in[0], 0);
        dup2(out[1], 1);
        dup2(err[1], 2);
        execvp(words[0] ? words[0] : "", words);
        fprintf(stderr, "%s: %s\n", words[0] ? words[0] : "", strerror(errno));
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    close(err[1]);
    c->input = in[1];
    c->output = out[0];
    c->error = err[0];
    for (int i = 0; i < 3; i++) fcntl((int[]){c->input, c->output, c->error}[i], F_SETFL, O_NONBLOCK);
    c->pending = c->pending_start = 0;
    c->input_ended = 0;
}

static void close_end(int *end) {
    if (*end >= 0) close(*end);
    *end = -1;
}

/* Passes one buffer of output on. Returns 0 when the host is gone. */
static int forward(int *end, char type) {
    static unsigned char buffer[PAYLOAD_MAX];
    ssize_t n = read(*end, buffer, sizeof buffer);
    if (n > 0) return send_frame(type, buffer, n);
    if (n == 0 || errno != EAGAIN) close_end(end);
    return 1;
}

static void feed(struct command *c) {
    while (c->pending && c->input >= 0) {
        ssize_t n = write(c->input, pending_input + c->pending_start, c->pending);
        if (n < 0 && errno == EAGAIN) return;
        if (n < 0) close_end(&c->input);
        else c->pending_start += n, c->pending -= n;
    }
    c->pending = 0;
    if (c->input_ended) close_end(&c->input);
}

/* Takes the host's frame, if a whole one is there. Returns 0 when the host is gone. */
static int take_input(struct command *c) {
    long length = receive_frame();
    if (length < 0) return length == -1;
    if (is_request(length) && memcmp(frame + NONCE, c->nonce, 8)) return 0; /* another host took over; serve it next */
    frame_have = 0;
    if (frame[0] == 'E') c->input_ended = 1;
    if (frame[0] == 'I') {
        memcpy(pending_input, frame + HEADER, length);
        c->pending = length;
        c->pending_start = 0;
    }
    feed(c);
    return 1;
}

/* Serves the command until it ended. Returns 0 when the host is gone. */
static int serve(struct command *c) {
    int status = 0, running = 1;
    while (running || c->output >= 0 || c->error >= 0) {
        struct pollfd ends[] = {
            {c->output, POLLIN, 0}, {c->error, POLLIN, 0}, {c->pending ? c->input : -1, POLLOUT, 0},
            {port, c->pending ? 0 : POLLIN, 0}, {running ? child_events : -1, POLLIN, 0},
        };
        /* Once the command has ended, only what is already in its pipes counts: a daemon may keep them open. */
        int ready = poll(ends, 5, running ? -1 : 0);
        if (!running && !((ends[0].revents | ends[1].revents) & (POLLIN | POLLHUP))) break;
        if (ready < 0 && errno != EINTR) die("poll");
        if (ends[0].revents && !forward(&c->output, 'O')) return 0;
        if (ends[1].revents && !forward(&c->error, 'R')) return 0;
        if (ends[2].revents) feed(c);
        if (ends[3].revents & POLLHUP && host_is_gone()) return 0;
        if (ends[3].revents && !take_input(c)) return 0;
        if (ends[4].revents) {
            struct signalfd_siginfo signal;
            if (read(child_events, &signal, sizeof signal) < 0 && errno != EAGAIN) die("signalfd");
            running = waitpid(c->pid, &status, WNOHANG) != c->pid;
        }
    }
    int32_t result = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return send_frame('Z', &result, 4);
}

int main(int argc, char **argv) {
    find_port(argc > 1 ? argv[1] : "0");
    signal(SIGPIPE, SIG_IGN);
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, NULL);
    child_events = signalfd(-1, &child, SFD_NONBLOCK | SFD_CLOEXEC);
    port = open(port_path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (port < 0) die("cannot open %s", port_path);
    unsigned char last[8] = {0};
    for (;;) {
        long length = await_request();
        frame_have = 0;
        if (!memcmp(frame + NONCE, last, 8)) continue;
        struct command command = {0};
        memcpy(command.nonce, frame + NONCE, 8);
        memcpy(last, command.nonce, 8);
        start_command(&command, frame + ARGUMENTS, length - (ARGUMENTS - HEADER));
        int alive = send_frame('B', command.nonce, 8) && serve(&command);
        close_end(&command.input);
        close_end(&command.output);
        close_end(&command.error);
        if (alive) continue;
        kill(-command.pid, SIGKILL);
        kill(command.pid, SIGKILL); /* it may not lead its own group yet */
        waitpid(command.pid, NULL, 0);
        long waiting = receive_frame();
        if (waiting < 0 || !is_request(waiting)) frame_have = 0;
    }
}
