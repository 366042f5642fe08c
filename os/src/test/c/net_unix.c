// Unix sockets of all types.
#include "net.h"

static socklen_t name_of(struct sockaddr_un *a, const char *path, int abstract) {
    memset(a, 0, sizeof *a);
    a->sun_family = AF_UNIX;
    strcpy(a->sun_path + abstract, path);
    return offsetof(struct sockaddr_un, sun_path) + abstract + strlen(path);
}

static void print_name(const char *text, int (*call)(int, struct sockaddr *, socklen_t *), int fd) {
    struct sockaddr_un a;
    socklen_t length = sizeof a;
    memset(&a, 'x', sizeof a);
    if (call(fd, (struct sockaddr *) &a, &length)) {
        printf("%s: %s\n", text, strerrorname_np(errno));
        return;
    }
    printf("%s: %u family %d", text, length, a.sun_family);
    if (length > 2) {
        printf(" %s'%s'", a.sun_path[0] ? "" : "@", a.sun_path[0] ? a.sun_path : "");
        for (unsigned i = 3; !a.sun_path[0] && i < length; i++) {
            putchar(((char *) &a)[i]);
        }
    }
    putchar('\n');
}

static void streams(int type) {
    printf("-- %s\n", type == SOCK_STREAM ? "stream" : "seqpacket");
    struct sockaddr_un a;
    socklen_t length = name_of(&a, "socket", 0);
    unlink("socket");
    int absent = socket(AF_UNIX, type, 0);
    SHOW(connect(absent, (struct sockaddr *) &a, length));
    events("fresh", absent);
    SHOW(send(absent, "x", 1, MSG_NOSIGNAL));
    char buffer[64];
    SHOW(recv(absent, buffer, 1, 0));
    int listener = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
    SHOW(listen(listener, 1));
    SHOW(bind(listener, (struct sockaddr *) &a, length));
    SHOW(bind(listener, (struct sockaddr *) &a, length));
    SHOW(bind(absent, (struct sockaddr *) &a, length));
    struct stat st;
    stat("socket", &st);
    printf("mode %o\n", st.st_mode);
    SHOW(open("socket", O_RDONLY));
    print_name("name", getsockname, listener);
    SHOW(connect(absent, (struct sockaddr *) &a, length));
    SHOW(listen(listener, 1));
    printf("accepts %d type %d domain %d protocol %d\n", option(listener, SOL_SOCKET, SO_ACCEPTCONN), option(listener, SOL_SOCKET, SO_TYPE), option(listener, SOL_SOCKET, SO_DOMAIN),
           option(listener, SOL_SOCKET, SO_PROTOCOL));
    events("listener", listener);
    int other = socket(AF_UNIX, type == SOCK_STREAM ? SOCK_SEQPACKET : SOCK_STREAM, 0);
    SHOW(connect(other, (struct sockaddr *) &a, length));
    SHOW(connect(absent, (struct sockaddr *) &a, length));
    SHOW(connect(absent, (struct sockaddr *) &a, length));
    int second = socket(AF_UNIX, type | SOCK_NONBLOCK, 0), third = socket(AF_UNIX, type | SOCK_NONBLOCK, 0);
    SHOW(connect(second, (struct sockaddr *) &a, length));
    SHOW(connect(third, (struct sockaddr *) &a, length));
    events("listener", listener);
    struct sockaddr_un from;
    socklen_t from_length = sizeof from;
    int server = accept4(listener, (struct sockaddr *) &from, &from_length, SOCK_CLOEXEC);
    printf("accepted %d, from length %u, cloexec %d\n", server >= 0, from_length, fcntl(server, F_GETFD));
    print_name("server", getsockname, server);
    print_name("server's peer", getpeername, server);
    print_name("client's peer", getpeername, absent);
    struct ucred credentials;
    socklen_t size = sizeof credentials;
    SHOW(getsockopt(server, SOL_SOCKET, SO_PEERCRED, &credentials, &size));
    printf("peer is me: %d %d\n", credentials.pid == getpid(), credentials.uid == geteuid());
    events("server", server);
    SHOW(send(absent, "hello", 5, 0));
    SHOW(send(absent, "world", 5, 0));
    events("server", server);
    int waiting = -1;
    ioctl(server, FIONREAD, &waiting);
    printf("waiting %d\n", waiting);
    SHOW(recv(server, buffer, 3, MSG_PEEK));
    SHOW(recv(server, buffer, 3, type == SOCK_SEQPACKET ? MSG_TRUNC : 0));
    SHOW(recv(server, buffer, sizeof buffer, 0));
    SHOW(recv(server, buffer, sizeof buffer, MSG_DONTWAIT));
    SHOW(recv(server, buffer, sizeof buffer, MSG_OOB));
    SHOW(shutdown(absent, SHUT_WR));
    events("client", absent);
    events("server", server);
    SHOW(recv(server, buffer, sizeof buffer, 0));
    SHOW(send(absent, "x", 1, MSG_NOSIGNAL));
    SHOW(send(server, "back", 4, 0));
    SHOW(send(absent, "x", 1, MSG_NOSIGNAL));
    close(server);
    events("client", absent);
    SHOW(recv(absent, buffer, sizeof buffer, 0));
    SHOW(recv(absent, buffer, sizeof buffer, 0));
    server = accept(listener, NULL, NULL);
    SHOW(send(second, "unread", 6, 0));
    close(server);
    events("client", second);
    SHOW(recv(second, buffer, sizeof buffer, 0));
    SHOW(recv(second, buffer, sizeof buffer, 0));
    SHOW(send(second, "x", 1, MSG_NOSIGNAL));
    SHOW(connect(third, (struct sockaddr *) &a, length));
    close(listener);
    events("nobody accepted", third);
    SHOW(recv(third, buffer, sizeof buffer, 0));
    int late = socket(AF_UNIX, type, 0);
    SHOW(connect(late, (struct sockaddr *) &a, length));
    close(absent); close(second); close(third); close(other); close(late);
}

static void datagrams(void) {
    puts("-- datagrams");
    struct sockaddr_un a, b, c;
    socklen_t la = name_of(&a, "one", 1), lb = name_of(&b, "two", 1), lc = name_of(&c, "absent", 1);
    int one = socket(AF_UNIX, SOCK_DGRAM, 0), two = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    SHOW(send(one, "x", 1, 0));
    SHOW(bind(one, (struct sockaddr *) &a, la));
    SHOW(bind(two, (struct sockaddr *) &a, la));
    SHOW(sendto(two, "anonymous", 9, 0, (struct sockaddr *) &a, la));
    SHOW(bind(two, (struct sockaddr *) &b, lb));
    SHOW(sendto(two, "x", 1, 0, (struct sockaddr *) &c, lc));
    SHOW(sendto(two, "", 0, 0, (struct sockaddr *) &a, la));
    SHOW(connect(two, (struct sockaddr *) &a, la));
    print_name("peer", getpeername, two);
    SHOW(send(two, "0123456789", 10, 0));
    char buffer[64];
    struct sockaddr_un from;
    for (int i = 0; i < 3; i++) {
        socklen_t length = sizeof from;
        memset(&from, 0, sizeof from);
        long n = recvfrom(one, buffer, 4, MSG_TRUNC, (struct sockaddr *) &from, &length);
        printf("received %ld from %u %s\n", n, length, length > 3 ? from.sun_path + 1 : "");
    }
    int sent = 0;
    while (send(two, "y", 1, 0) == 1 && sent < 5000) {
        sent++;
    }
    printf("queue has an end: %d %s\n", sent >= 10 && sent < 5000, strerrorname_np(errno));
    events("full", two);
    SHOW(recv(one, buffer, 1, 0));
    events("room", two);
    close(one);
    SHOW(send(two, "x", 1, 0));
    SHOW(send(two, "x", 1, 0));
    close(two);
    int pair[2];
    SHOW(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair));
    SHOW(send(pair[0], "abc", 3, 0));
    SHOW(shutdown(pair[1], SHUT_RD));
    SHOW(send(pair[0], "abc", 3, MSG_NOSIGNAL));
    SHOW(recv(pair[1], buffer, 9, 0));
    SHOW(recv(pair[1], buffer, 9, 0));
    close(pair[0]); close(pair[1]);
    struct sockaddr automatic = {AF_UNIX};
    int some = socket(AF_UNIX, SOCK_DGRAM, 0);
    SHOW(bind(some, &automatic, 2));
    struct sockaddr_un name;
    socklen_t length = sizeof name;
    getsockname(some, (struct sockaddr *) &name, &length);
    printf("automatic: %u %d\n", length, name.sun_path[0]);
    close(some);
}

static long send_files(int to, const int *files, int count, const char *data, int length) {
    char control[CMSG_SPACE(sizeof(int) * 8)];
    struct iovec vector = {(char *) data, length};
    struct msghdr message = {NULL, 0, &vector, 1, control, CMSG_SPACE(sizeof(int) * count), 0};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int) * count);
    memcpy(CMSG_DATA(header), files, sizeof(int) * count);
    return sendmsg(to, &message, 0);
}

static void receive_files(int from, int room, int flags) {
    char buffer[64], control[256];
    memset(control, 0, sizeof control);
    struct iovec vector = {buffer, sizeof buffer};
    struct msghdr message = {NULL, 0, &vector, 1, control, room, 0};
    long n = recvmsg(from, &message, flags);
    printf("received %ld, control %zu, flags %#x\n", n, message.msg_controllen, message.msg_flags);
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
        printf("  %d %d %zu", header->cmsg_level, header->cmsg_type, header->cmsg_len);
        if (header->cmsg_type == SCM_RIGHTS) {
            for (unsigned i = 0; i < (header->cmsg_len - CMSG_LEN(0)) / 4; i++) {
                int fd = ((int *) CMSG_DATA(header))[i];
                printf(" fd cloexec %d wrote %ld", fcntl(fd, F_GETFD), (long) write(fd, "through", 7));
                close(fd);
            }
        } else {
            struct ucred *who = (struct ucred *) CMSG_DATA(header);
            printf(" me %d %d %d", who->pid == getpid(), who->uid == getuid(), who->gid == getgid());
        }
        putchar('\n');
    }
}

static void rights(int type) {
    printf("-- rights %d\n", type);
    int pair[2], pipes[2];
    char buffer[64];
    SHOW(socketpair(AF_UNIX, type, 0, pair));
    pipe(pipes);
    SHOW(send_files(pair[0], &pipes[1], 1, "data", 4));
    receive_files(pair[1], 256, MSG_CMSG_CLOEXEC);
    SHOW(read(pipes[0], buffer, sizeof buffer));
    int twice[2] = {pipes[1], pipes[1]};
    SHOW(send_files(pair[0], twice, 2, "data", 4));
    receive_files(pair[1], CMSG_LEN(sizeof(int)), 0);
    SHOW(send_files(pair[0], twice, 2, "data", 4));
    receive_files(pair[1], 0, 0);
    SHOW(send_files(pair[0], twice, 1, "data", 4));
    SHOW(read(pair[1], buffer, sizeof buffer));
    int bad = 999;
    SHOW(send_files(pair[0], &bad, 1, "data", 4));
    int on = 1;
    setsockopt(pair[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof on);
    SHOW(send(pair[0], "who", 3, 0));
    receive_files(pair[1], 256, 0);
    SHOW(send_files(pair[0], &pipes[1], 1, "both", 4));
    receive_files(pair[1], 256, MSG_PEEK);
    receive_files(pair[1], 256, 0);
    if (type == SOCK_STREAM) {
        send(pair[0], "before", 6, 0);
        send_files(pair[0], &pipes[1], 1, "with", 4);
        send(pair[0], "after", 5, 0);
        receive_files(pair[1], 256, 0);
        receive_files(pair[1], 256, 0);
    }
    // the writing end lives in the queue until its socket is gone
    send_files(pair[0], &pipes[1], 1, "kept", 4);
    close(pipes[1]);
    fcntl(pipes[0], F_SETFL, O_NONBLOCK);
    while (read(pipes[0], buffer, sizeof buffer) > 0) { }
    printf("still open: %s\n", strerrorname_np(errno));
    close(pair[0]);
    close(pair[1]);
    SHOW(read(pipes[0], buffer, sizeof buffer));
    close(pipes[0]);
}

static void waiting(void) {
    puts("-- waiting");
    int pair[2];
    char buffer[64];
    socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    fflush(stdout);
    if (fork() == 0) {
        close(pair[0]);
        for (int i = 0; i < 10; i++) {
            usleep(1000);
            send(pair[1], "0123456789", 10, 0);
        }
        static char big[1000000];
        memset(big, 'b', sizeof big);
        long sent = send(pair[1], big, sizeof big, 0);
        _exit(sent == sizeof big ? 7 : 8);
    }
    close(pair[1]);
    SHOW(recv(pair[0], buffer, 25, MSG_WAITALL));
    SHOW(recv(pair[0], buffer, 64, MSG_WAITALL));
    long total = 0, n;
    static char large[65536];
    while ((n = recv(pair[0], large, sizeof large, 0)) > 0) {
        total += n;
    }
    printf("total %ld, end %ld\n", total, n);
    int status;
    wait(&status);
    printf("child %d\n", WEXITSTATUS(status));
    close(pair[0]);
    socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    struct timeval soon = {0, 20000};
    setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof soon);
    SHOW(read(pair[0], buffer, 1));
    SHOW(recv(pair[0], buffer, 1, 0));
    int epoll = epoll_create1(0);
    struct epoll_event event = {EPOLLIN | EPOLLRDHUP, {.u32 = 5}}, out;
    SHOW(epoll_ctl(epoll, EPOLL_CTL_ADD, pair[0], &event));
    SHOW(epoll_wait(epoll, &out, 1, 0));
    write(pair[1], "x", 1);
    SHOW(epoll_wait(epoll, &out, 1, -1));
    printf("%x %u\n", out.events, out.data.u32);
    close(pair[1]);
    SHOW(epoll_wait(epoll, &out, 1, -1));
    printf("%x\n", out.events);
    signal(SIGPIPE, SIG_IGN);
    SHOW(write(pair[0], "x", 1));
    struct stat st;
    fstat(pair[0], &st);
    printf("mode %o, seek %s\n", st.st_mode, lseek(pair[0], 0, SEEK_CUR) < 0 ? strerrorname_np(errno) : "works");
    close(pair[0]);
}

static void errors(void) {
    puts("-- errors");
    SHOW(socket(AF_UNIX, SOCK_STREAM, 5));
    SHOW(socket(AF_UNIX, SOCK_RDM, 0));
    SHOW(socket(AF_UNIX, 99, 0));
    SHOW(socket(99, SOCK_STREAM, 0));
    SHOW(socket(AF_UNIX, SOCK_STREAM | 0x100000, 0));
    int pair[2];
    int *volatile nowhere = (int *) 1;
    SHOW(socketpair(AF_UNIX, SOCK_STREAM, 0, nowhere));
    SHOW(socketpair(AF_INET, SOCK_STREAM, 0, pair));
    SHOW(bind(0, NULL, 0));
    SHOW(bind(999, NULL, 0));
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    struct sockaddr_un a;
    socklen_t length = name_of(&a, "nodir/socket", 0);
    SHOW(bind(fd, (struct sockaddr *) &a, length));
    SHOW(connect(fd, (struct sockaddr *) &a, length));
    SHOW(connect(fd, (struct sockaddr *) &a, 1));
    SHOW(connect(fd, (struct sockaddr *) &a, 200));
    SHOW(connect(fd, (struct sockaddr *) 1, 10));
    a.sun_family = AF_INET;
    SHOW(connect(fd, (struct sockaddr *) &a, length));
    SHOW(accept(fd, NULL, NULL));
    SHOW(shutdown(fd, 9));
    print_name("name", getsockname, fd);
    print_name("peer", getpeername, fd);
    int value = 1;
    SHOW(setsockopt(fd, SOL_SOCKET, 9999, &value, sizeof value));
    SHOW(setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &value, 1));
    SHOW(setsockopt(fd, SOL_SOCKET, SO_TYPE, &value, sizeof value));
    value = 1;
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &value, sizeof value);
    printf("smallest buffer %d\n", option(fd, SOL_SOCKET, SO_SNDBUF));
    value = 10000;
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &value, sizeof value);
    printf("doubled %d\n", option(fd, SOL_SOCKET, SO_SNDBUF));
    printf("option of another level: %d\n", option(fd, IPPROTO_TCP, TCP_NODELAY));
    mkdir("directory", 0755);
    length = name_of(&a, "directory", 0);
    SHOW(connect(fd, (struct sockaddr *) &a, length));
    SHOW(bind(fd, (struct sockaddr *) &a, length));
    close(open("regular", O_CREAT | O_WRONLY, 0644));
    length = name_of(&a, "regular", 0);
    SHOW(connect(fd, (struct sockaddr *) &a, length));
    close(fd);
}

int main(void) {
    setvbuf(stdout, NULL, _IOLBF, 0);
    streams(SOCK_STREAM);
    streams(SOCK_SEQPACKET);
    datagrams();
    rights(SOCK_STREAM);
    rights(SOCK_SEQPACKET);
    rights(SOCK_DGRAM);
    waiting();
    errors();
}
