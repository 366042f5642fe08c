// TCP and UDP over the loopback.
#include "net.h"

static struct sockaddr_in at(int port) {
    struct sockaddr_in a = {AF_INET, htons(port), {htonl(INADDR_LOOPBACK)}};
    return a;
}

static int port_of(int fd) {
    struct sockaddr_storage a;
    socklen_t length = sizeof a;
    getsockname(fd, (struct sockaddr *) &a, &length);
    return ntohs(((struct sockaddr_in *) &a)->sin_port);
}

static void print_name(const char *text, int (*call)(int, struct sockaddr *, socklen_t *), int fd) {
    struct sockaddr_storage a;
    socklen_t length = sizeof a;
    char host[64] = "";
    if (call(fd, (struct sockaddr *) &a, &length)) {
        printf("%s: %s\n", text, strerrorname_np(errno));
        return;
    }
    void *address = a.ss_family == AF_INET ? (void *) &((struct sockaddr_in *) &a)->sin_addr : &((struct sockaddr_in6 *) &a)->sin6_addr;
    printf("%s: %u %s port %d\n", text, length, inet_ntop(a.ss_family, address, host, sizeof host), ((struct sockaddr_in *) &a)->sin_port != 0);
}

static int listener(int family, int *port) {
    int fd = socket(family, SOCK_STREAM, 0);
    struct sockaddr_in6 any6 = {AF_INET6};
    struct sockaddr_in a = at(0);
    if (family == AF_INET ? bind(fd, (struct sockaddr *) &a, sizeof a) : bind(fd, (struct sockaddr *) &any6, sizeof any6)) {
        printf("bind: %s\n", strerrorname_np(errno));
    }
    listen(fd, 5);
    *port = port_of(fd);
    return fd;
}

static void connections(void) {
    puts("-- connections");
    int port;
    int server = listener(AF_INET, &port);
    struct sockaddr_in a = at(port);
    char buffer[64];
    int client = socket(AF_INET, SOCK_STREAM, 0);
    events("fresh", client);
    SHOW(recv(client, buffer, 1, 0));
    SHOW(send(client, "x", 1, MSG_NOSIGNAL));
    int useless = socket(AF_INET, SOCK_STREAM, 0);
    SHOW(shutdown(useless, SHUT_WR));
    SHOW(connect(useless, (struct sockaddr *) &a, sizeof a));
    SHOW(send(useless, "x", 1, MSG_NOSIGNAL));
    close(accept(server, NULL, NULL));
    close(useless);
    print_name("fresh name", getsockname, client);
    print_name("fresh peer", getpeername, client);
    events("listener", server);
    SHOW(recv(server, buffer, 1, 0));
    SHOW(connect(client, (struct sockaddr *) &a, sizeof a));
    SHOW(connect(client, (struct sockaddr *) &a, sizeof a));
    events("listener", server);
    struct sockaddr_in from;
    socklen_t length = sizeof from;
    int peer = accept4(server, (struct sockaddr *) &from, &length, SOCK_NONBLOCK);
    printf("from %u %s same port %d nonblocking %d\n", length, inet_ntoa(from.sin_addr), ntohs(from.sin_port) == port_of(client), (fcntl(peer, F_GETFL) & O_NONBLOCK) != 0);
    print_name("client", getsockname, client);
    print_name("client's peer", getpeername, client);
    print_name("server", getsockname, peer);
    SHOW(recv(peer, buffer, 10, 0));
    SHOW(send(client, "hello ", 6, 0));
    SHOW(send(client, "world", 5, 0));
    events("data", peer);
    int waiting;
    SHOW(ioctl(peer, FIONREAD, &waiting));
    printf("%d\n", waiting);
    SHOW(recv(peer, buffer, 64, MSG_PEEK));
    SHOW(recv(peer, buffer, 64, 0));
    printf("%.11s\n", buffer);
    SHOW(shutdown(client, SHUT_WR));
    events("half closed, client", client);
    events("half closed, server", peer);
    SHOW(recv(peer, buffer, 64, 0));
    SHOW(send(client, "x", 1, MSG_NOSIGNAL));
    SHOW(send(peer, "answer", 6, 0));
    SHOW(recv(client, buffer, 64, 0));
    close(peer);
    events("closed", client);
    SHOW(recv(client, buffer, 64, 0));
    close(client);
    puts("unread data resets");
    client = socket(AF_INET, SOCK_STREAM, 0);
    connect(client, (struct sockaddr *) &a, sizeof a);
    peer = accept(server, NULL, NULL);
    send(client, "unread", 6, 0);
    send(peer, "before", 6, 0);
    close(peer);
    events("reset", client);
    SHOW(option(client, SOL_SOCKET, SO_ERROR));
    SHOW(recv(client, buffer, 64, 0));
    SHOW(recv(client, buffer, 64, 0));
    SHOW(send(client, "x", 1, MSG_NOSIGNAL));
    print_name("peer", getpeername, client);
    close(client);
    puts("writing to a closed socket");
    client = socket(AF_INET, SOCK_STREAM, 0);
    connect(client, (struct sockaddr *) &a, sizeof a);
    peer = accept(server, NULL, NULL);
    close(peer);
    events("closed", client);
    SHOW(send(client, "x", 1, MSG_NOSIGNAL));
    events("reset", client);
    SHOW(send(client, "x", 1, MSG_NOSIGNAL));
    SHOW(send(client, "x", 1, MSG_NOSIGNAL));
    SHOW(recv(client, buffer, 64, 0));
    close(client);
    puts("lingering not at all");
    client = socket(AF_INET, SOCK_STREAM, 0);
    connect(client, (struct sockaddr *) &a, sizeof a);
    peer = accept(server, NULL, NULL);
    struct linger now = {1, 0};
    SHOW(setsockopt(client, SOL_SOCKET, SO_LINGER, &now, sizeof now));
    close(client);
    events("reset", peer);
    SHOW(read(peer, buffer, 1));
    close(peer);
    puts("refused");
    close(server);
    client = socket(AF_INET, SOCK_STREAM, 0);
    SHOW(connect(client, (struct sockaddr *) &a, sizeof a));
    int nonblocking = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    SHOW(connect(nonblocking, (struct sockaddr *) &a, sizeof a));
    events("refused", nonblocking);
    printf("error %d %d\n", option(nonblocking, SOL_SOCKET, SO_ERROR), option(nonblocking, SOL_SOCKET, SO_ERROR));
    SHOW(connect(nonblocking, (struct sockaddr *) &a, sizeof a));
    server = listener(AF_INET, &port);
    a = at(port);
    SHOW(connect(nonblocking, (struct sockaddr *) &a, sizeof a));
    close(nonblocking);
    close(accept(server, NULL, NULL));
    nonblocking = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    SHOW(connect(nonblocking, (struct sockaddr *) &a, sizeof a));
    events("connected", nonblocking);
    printf("error %d\n", option(nonblocking, SOL_SOCKET, SO_ERROR));
    SHOW(connect(nonblocking, (struct sockaddr *) &a, sizeof a));
    SHOW(connect(nonblocking, (struct sockaddr *) &a, sizeof a));
    close(nonblocking);
    close(client);
    close(server);
}

static void ports(int type) {
    printf("-- ports %d\n", type);
    int first = socket(AF_INET, type, 0), second = socket(AF_INET, type, 0), six = socket(AF_INET6, type, 0), on = 1;
    struct sockaddr_in a = at(0), any = {AF_INET};
    SHOW(bind(first, (struct sockaddr *) &a, sizeof a));
    a.sin_port = any.sin_port = htons(port_of(first));
    SHOW(bind(first, (struct sockaddr *) &a, sizeof a));
    SHOW(bind(second, (struct sockaddr *) &a, sizeof a));
    SHOW(bind(second, (struct sockaddr *) &any, sizeof any));
    struct sockaddr_in other = a;
    other.sin_addr.s_addr = htonl(0x7f000002);
    SHOW(bind(second, (struct sockaddr *) &other, sizeof other));
    struct sockaddr_in6 any6 = {AF_INET6, a.sin_port};
    SHOW(bind(six, (struct sockaddr *) &any6, sizeof any6));
    SHOW(setsockopt(six, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on));
    SHOW(bind(six, (struct sockaddr *) &any6, sizeof any6));
    close(second); close(six);
    second = socket(AF_INET, type, 0);
    SHOW(setsockopt(second, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on));
    SHOW(bind(second, (struct sockaddr *) &a, sizeof a));
    SHOW(setsockopt(first, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on));
    SHOW(bind(second, (struct sockaddr *) &a, sizeof a));
    if (type == SOCK_STREAM) {
        SHOW(listen(first, 1));
        SHOW(listen(second, 1));
        int third = socket(AF_INET, type, 0);
        setsockopt(third, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        SHOW(bind(third, (struct sockaddr *) &a, sizeof a));
        close(third);
    }
    close(first); close(second);
    first = socket(AF_INET, type, 0), second = socket(AF_INET, type, 0);
    setsockopt(first, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    setsockopt(second, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    a = at(0);
    SHOW(bind(first, (struct sockaddr *) &a, sizeof a));
    a.sin_port = htons(port_of(first));
    SHOW(bind(second, (struct sockaddr *) &a, sizeof a));
    close(first); close(second);
    first = socket(AF_INET, type, 0);
    other.sin_addr.s_addr = htonl(0x01020304);
    SHOW(bind(first, (struct sockaddr *) &other, sizeof other));
    SHOW(bind(first, (struct sockaddr *) &other, 8));
    other.sin_family = AF_UNIX;
    SHOW(bind(first, (struct sockaddr *) &other, sizeof other));
    SHOW(connect(first, (struct sockaddr *) &other, sizeof other));
    SHOW(connect(first, (struct sockaddr *) &other, 4));
    close(first);
}

static void six(void) {
    puts("-- IPv6");
    int port;
    int server = listener(AF_INET6, &port);
    struct sockaddr_in a = at(port);
    struct sockaddr_in6 b = {AF_INET6, htons(port), 0, IN6ADDR_LOOPBACK_INIT, 0};
    int four = socket(AF_INET, SOCK_STREAM, 0), six = socket(AF_INET6, SOCK_STREAM, 0), mapped = socket(AF_INET6, SOCK_STREAM, 0);
    printf("only %d\n", option(six, IPPROTO_IPV6, IPV6_V6ONLY));
    SHOW(connect(four, (struct sockaddr *) &a, sizeof a));
    SHOW(connect(six, (struct sockaddr *) &b, sizeof b));
    inet_pton(AF_INET6, "::ffff:127.0.0.1", &b.sin6_addr);
    SHOW(connect(mapped, (struct sockaddr *) &b, sizeof b));
    print_name("mapped", getsockname, mapped);
    for (int i = 0; i < 3; i++) {
        int peer = accept(server, NULL, NULL);
        print_name("accepted", getsockname, peer);
        print_name("from", getpeername, peer);
        close(peer);
    }
    SHOW(connect(four, (struct sockaddr *) &b, sizeof b));
    close(four); close(six); close(mapped); close(server);
}

static void datagrams(void) {
    puts("-- datagrams");
    int one = socket(AF_INET, SOCK_DGRAM, 0), two = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in a = at(0), from;
    char buffer[64];
    SHOW(bind(one, (struct sockaddr *) &a, sizeof a));
    a.sin_port = htons(port_of(one));
    SHOW(send(two, "x", 1, 0));
    print_name("unbound", getsockname, two);
    SHOW(sendto(two, "0123456789", 10, 0, (struct sockaddr *) &a, sizeof a));
    print_name("bound by sending", getsockname, two);
    SHOW(sendto(two, "", 0, 0, (struct sockaddr *) &a, sizeof a));
    events("arrived", one);
    int waiting;
    ioctl(one, FIONREAD, &waiting);
    printf("waiting %d\n", waiting);
    for (int i = 0; i < 2; i++) {
        socklen_t length = sizeof from;
        long n = recvfrom(one, buffer, 4, i ? 0 : MSG_TRUNC, (struct sockaddr *) &from, &length);
        printf("%ld from %u %s %d\n", n, length, inet_ntoa(from.sin_addr), ntohs(from.sin_port) == port_of(two));
    }
    SHOW(recv(one, buffer, 1, MSG_DONTWAIT));
    SHOW(connect(two, (struct sockaddr *) &a, sizeof a));
    print_name("connected", getsockname, two);
    print_name("peer", getpeername, two);
    close(one);
    SHOW(send(two, "x", 1, 0));
    events("refused", two);
    SHOW(recv(two, buffer, 1, MSG_DONTWAIT));
    SHOW(recv(two, buffer, 1, MSG_DONTWAIT));
    SHOW(send(two, "x", 1, 0));
    SHOW(send(two, "x", 1, 0));
    struct sockaddr nowhere = {AF_UNSPEC};
    SHOW(connect(two, &nowhere, sizeof nowhere));
    print_name("peer", getpeername, two);
    static char large[70000];
    SHOW(sendto(two, large, 65507, 0, (struct sockaddr *) &a, sizeof a));
    SHOW(sendto(two, large, 65508, 0, (struct sockaddr *) &a, sizeof a));
    a.sin_addr.s_addr = 0xffffffff;
    SHOW(sendto(two, "x", 1, 0, (struct sockaddr *) &a, sizeof a));
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    a.sin_port = 0;
    SHOW(sendto(two, "x", 1, 0, (struct sockaddr *) &a, sizeof a));
    SHOW(listen(two, 1));
    SHOW(shutdown(two, SHUT_RD));
    close(two);
    int six = socket(AF_INET6, SOCK_DGRAM, 0), four = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in6 any6 = {AF_INET6};
    SHOW(bind(six, (struct sockaddr *) &any6, sizeof any6));
    a = at(port_of(six));
    SHOW(sendto(four, "mapped", 6, 0, (struct sockaddr *) &a, sizeof a));
    struct sockaddr_in6 from6;
    socklen_t length = sizeof from6;
    SHOW(recvfrom(six, buffer, 64, 0, (struct sockaddr *) &from6, &length));
    printf("from %u %s\n", length, inet_ntop(AF_INET6, &from6.sin6_addr, buffer, sizeof buffer));
    SHOW(sendto(six, "back", 4, 0, (struct sockaddr *) &from6, length));
    SHOW(recv(four, buffer, 64, 0));
    close(six); close(four);
}

static void urgent(void) {
    puts("-- out of band");
    int port, mark;
    char buffer[64];
    int server = listener(AF_INET, &port), client = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in a = at(port);
    connect(client, (struct sockaddr *) &a, sizeof a);
    int peer = accept(server, NULL, NULL);
    SHOW(recv(peer, buffer, 1, MSG_OOB));
    SHOW(send(client, "abc", 3, MSG_OOB));
    SHOW(send(client, "def", 3, 0));
    events("urgent", peer);
    SHOW(recv(peer, buffer, 64, 0));
    SHOW(ioctl(peer, SIOCATMARK, &mark));
    printf("at mark %d\n", mark);
    SHOW(recv(peer, buffer, 64, MSG_OOB));
    printf("%c\n", buffer[0]);
    SHOW(recv(peer, buffer, 64, 0));
    printf("%.3s\n", buffer);
    close(client); close(peer); close(server);
}

static void options(void) {
    puts("-- options");
    int fd = socket(AF_INET, SOCK_STREAM, 0), value = 1;
    SHOW(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &value, sizeof value));
    printf("%d %d %d\n", option(fd, IPPROTO_TCP, TCP_NODELAY), option(fd, IPPROTO_TCP, TCP_KEEPIDLE), option(fd, IPPROTO_TCP, 999));
    printf("%d %d %d\n", option(fd, SOL_SOCKET, SO_TYPE), option(fd, SOL_SOCKET, SO_PROTOCOL), option(fd, SOL_SOCKET, SO_DOMAIN));
    printf("ttl %d\n", option(fd, IPPROTO_IP, IP_TTL));
    SHOW(setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &value, sizeof value));
    printf("%d\n", option(fd, SOL_SOCKET, SO_KEEPALIVE));
    struct linger l;
    socklen_t length = sizeof l;
    SHOW(getsockopt(fd, SOL_SOCKET, SO_LINGER, &l, &length));
    printf("%u %d\n", length, l.l_onoff);
    length = 2;
    value = -1;
    SHOW(getsockopt(fd, SOL_SOCKET, SO_TYPE, &value, &length));
    printf("%u %#x\n", length, value);
    close(fd);
    SHOW(socket(AF_INET, SOCK_STREAM, IPPROTO_UDP));
    SHOW(socket(AF_INET, SOCK_RAW, 0));
    SHOW(socket(AF_INET, SOCK_SEQPACKET, 0));
    int raw = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
    printf("raw %d\n", raw >= 0 || errno == EPERM);
}

static void transfer(void) {
    puts("-- transfer");
    int port;
    int server = listener(AF_INET, &port);
    fflush(stdout);
    if (fork() == 0) {
        int client = socket(AF_INET, SOCK_STREAM, 0);
        struct sockaddr_in a = at(port);
        connect(client, (struct sockaddr *) &a, sizeof a);
        static char data[100000];
        for (int i = 0; i < 50; i++) {
            memset(data, 'a' + i % 26, sizeof data);
            if (send(client, data, sizeof data, 0) != sizeof data) {
                _exit(1);
            }
        }
        shutdown(client, SHUT_WR);
        char answer[3] = "";
        _exit(recv(client, answer, 2, MSG_WAITALL) == 2 && strcmp(answer, "ok") == 0 ? 0 : 2);
    }
    int peer = accept(server, NULL, NULL);
    static char data[65536];
    long total = 0, sum = 0, n;
    while ((n = read(peer, data, sizeof data)) > 0) {
        for (int i = 0; i < n; i++) {
            sum = sum * 31 + data[i];
        }
        total += n;
    }
    printf("%ld bytes, sum %ld, end %ld\n", total, sum, n);
    send(peer, "o", 1, 0);
    usleep(1000);
    send(peer, "k", 1, 0);
    int status;
    wait(&status);
    printf("child %d\n", WEXITSTATUS(status));
    close(peer); close(server);
}

int main(void) {
    setvbuf(stdout, NULL, _IOLBF, 0);
    connections();
    ports(SOCK_STREAM);
    ports(SOCK_DGRAM);
    six();
    datagrams();
    urgent();
    options();
    transfer();
}
