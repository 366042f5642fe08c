/* Sockets of every family and state. Ports are fixed, so that the tests know them. */
#define _GNU_SOURCE
#include "population.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#ifndef IPPROTO_UDPLITE
#define IPPROTO_UDPLITE 136
#endif
#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

static socklen_t address(struct sockaddr_storage *to, const char *text, int port) {
    memset(to, 0, sizeof *to);
    struct sockaddr_in *v4 = (struct sockaddr_in *)to;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)to;
    if (strchr(text, ':')) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(port);
        inet_pton(AF_INET6, text, &v6->sin6_addr);
        return sizeof *v6;
    }
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    inet_pton(AF_INET, text, &v4->sin_addr);
    return sizeof *v4;
}

static int made(const char *text, int type, int protocol) {
    return socket(strchr(text, ':') ? AF_INET6 : AF_INET, type, protocol);
}

static int bound(const char *text, int port, int type, int protocol) {
    struct sockaddr_storage to;
    socklen_t length = address(&to, text, port);
    int sock = must(made(text, type, protocol), "socket");
    setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    must(bind(sock, (struct sockaddr *)&to, length), text);
    return sock;
}

static int listening(const char *text, int port, int backlog) {
    int sock = bound(text, port, SOCK_STREAM, 0);
    must(listen(sock, backlog), "listen");
    return sock;
}

static int connected(const char *text, int port, int type, int protocol) {
    struct sockaddr_storage to;
    socklen_t length = address(&to, text, port);
    int sock = must(made(text, type, protocol), "socket");
    must(connect(sock, (struct sockaddr *)&to, length), text);
    return sock;
}

static void pair(const char *text, int port, int ends[2]) {
    int listener = listening(text, port, 5);
    ends[0] = connected(text, port, SOCK_STREAM, 0);
    ends[1] = must(accept(listener, NULL, NULL), "accept");
}

static void tcp_listeners(void) {
    listening("0.0.0.0", 8080, 128);
    listening("127.0.0.1", 8081, 7);
    listening("::", 8082, 128);
    listening("::1", 8083, 7);
    int only6 = must(socket(AF_INET6, SOCK_STREAM, 0), "socket");
    struct sockaddr_storage to;
    setsockopt(only6, IPPROTO_IPV6, IPV6_V6ONLY, &(int){1}, sizeof(int));
    must(bind(only6, (struct sockaddr *)&to, address(&to, "::", 8084)), "bind");
    must(listen(only6, 3), "listen");
    bound("0.0.0.0", 8085, SOCK_STREAM, 0); /* bound only: in no table */
    note_text("listening", "8080 8081 8082 8083 8084");
}

static void alices_listener(void) {
    become(ALICE);
    listening("0.0.0.0", 8090, 16);
    note_number("port", 8090);
    note_number("uid", ALICE);
}

static void tcp_connections(void) {
    int ends[2];
    pair("127.0.0.1", 9000, ends);
    pair("::1", 9001, ends);
    must(write(ends[0], "twelve bytes", 12), "write"); /* in the receive queue */
    int both = listening("::", 9002, 5);
    connected("127.0.0.1", 9002, SOCK_STREAM, 0); /* IPv4 mapped at the server's side */
    must(accept(both, NULL, NULL), "accept");
    note_text("established", "9000 9001 9002");
}

static void tcp_backlog(void) {
    listening("127.0.0.1", 9010, 10);
    for (int i = 0; i < 3; i++) connected("127.0.0.1", 9010, SOCK_STREAM, 0);
    note_number("port", 9010);
    note_number("notAccepted", 3);
}

static void tcp_half_closed(void) {
    int ends[2];
    pair("127.0.0.1", 9020, ends);
    must(shutdown(ends[0], SHUT_WR), "shutdown"); /* FIN_WAIT2 and CLOSE_WAIT, both still owned */
    note_number("port", 9020);
}

static void tcp_full_window(void) {
    int ends[2];
    static char block[1 << 16];
    pair("127.0.0.1", 9030, ends);
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &(int){65536}, sizeof(int));
    setsockopt(ends[1], SOL_SOCKET, SO_RCVBUF, &(int){4096}, sizeof(int));
    while (write(ends[0], block, sizeof block) > 0);
    note_number("port", 9030);
}

static void tcp_time_wait(void) {
    int ends[2];
    pair("127.0.0.1", 9040, ends);
    close(ends[0]);
    usleep(20000);
    close(ends[1]);
    pair("::1", 9041, ends);
    close(ends[0]);
    usleep(20000);
    close(ends[1]);
    note_text("ports", "9040 9041");
}

static void tcp_unanswered(void) {
    /* The dummy interface swallows everything; its neighbours are permanent. */
    int sock = must(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), "socket");
    struct sockaddr_storage to;
    setsockopt(sock, IPPROTO_TCP, TCP_SYNCNT, &(int){127}, sizeof(int));
    if (connect(sock, (struct sockaddr *)&to, address(&to, "198.51.100.2", 9050)) && errno != EINPROGRESS) missing("SYN_SENT");
    note_number("port", 9050);
}

static void tcp_deferred(void) {
    int listener = listening("127.0.0.1", 9060, 5);
    setsockopt(listener, IPPROTO_TCP, TCP_DEFER_ACCEPT, &(int){100000}, sizeof(int));
    connected("127.0.0.1", 9060, SOCK_STREAM, 0); /* established here, SYN_RECV there */
    note_number("port", 9060);
}

static void tcp_options(void) {
    int ends[2];
    pair("127.0.0.1", 9070, ends);
    setsockopt(ends[0], SOL_SOCKET, SO_KEEPALIVE, &(int){1}, sizeof(int));
    setsockopt(ends[0], IPPROTO_TCP, TCP_KEEPIDLE, &(int){30000}, sizeof(int));
    setsockopt(ends[1], IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    if (socket(AF_INET, SOCK_STREAM, IPPROTO_MPTCP) < 0) missing("MPTCP");
}

static void udp(void) {
    bound("0.0.0.0", 5300, SOCK_DGRAM, 0);
    bound("::", 5301, SOCK_DGRAM, 0);
    int receiver = bound("127.0.0.1", 5302, SOCK_DGRAM, 0);
    setsockopt(receiver, SOL_SOCKET, SO_RCVBUF, &(int){2048}, sizeof(int));
    int sender = connected("127.0.0.1", 5302, SOCK_DGRAM, 0);
    for (int i = 0; i < 20; i++) send(sender, "waiting", 7, 0); /* some wait, some are dropped */
    connected("::1", 5301, SOCK_DGRAM, 0);
    int group = bound("0.0.0.0", 5353, SOCK_DGRAM, 0);
    struct ip_mreqn membership = {.imr_ifindex = 1};
    inet_pton(AF_INET, "224.0.0.251", &membership.imr_multiaddr);
    if (setsockopt(group, IPPROTO_IP, IP_ADD_MEMBERSHIP, &membership, sizeof membership)) missing("IPv4 multicast");
    int group6 = bound("::", 5354, SOCK_DGRAM, 0);
    struct ipv6_mreq membership6 = {.ipv6mr_interface = 1};
    inet_pton(AF_INET6, "ff02::fb", &membership6.ipv6mr_multiaddr);
    if (setsockopt(group6, IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, &membership6, sizeof membership6)) missing("IPv6 multicast");
    for (int i = 0; i < 2; i++) { /* two sockets on one port */
        int shared = must(socket(AF_INET, SOCK_DGRAM, 0), "socket");
        struct sockaddr_storage to;
        setsockopt(shared, SOL_SOCKET, SO_REUSEPORT, &(int){1}, sizeof(int));
        must(bind(shared, (struct sockaddr *)&to, address(&to, "127.0.0.1", 5400)), "bind");
    }
    note_text("ports", "5300 5301 5302 5353 5354 5400");
}

static void udp_lite(void) {
    if (made("0.0.0.0", SOCK_DGRAM, IPPROTO_UDPLITE) < 0) {
        missing("UDP-Lite");
        return;
    }
    bound("0.0.0.0", 5500, SOCK_DGRAM, IPPROTO_UDPLITE);
    bound("::", 5501, SOCK_DGRAM, IPPROTO_UDPLITE);
    note_text("ports", "5500 5501");
}

static void raw(void) {
    must(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP), "raw socket");
    must(socket(AF_INET, SOCK_RAW, 253), "raw socket");
    must(socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6), "raw socket");
    struct sockaddr_storage to;
    int one = must(socket(AF_INET, SOCK_RAW, 254), "raw socket");
    must(bind(one, (struct sockaddr *)&to, address(&to, "127.0.0.1", 0)), "bind");
    note_text("protocols", "1 253 254");
}

static void ping(void) {
    write_file("/proc/sys/net/ipv4/ping_group_range", "0 2147483647");
    for (int v6 = 0; v6 < 2; v6++) {
        int sock = socket(v6 ? AF_INET6 : AF_INET, SOCK_DGRAM, v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP);
        struct sockaddr_storage to;
        if (sock < 0 || bind(sock, (struct sockaddr *)&to, address(&to, v6 ? "::1" : "127.0.0.1", 700 + v6))) missing("ping socket");
    }
    note_text("identifiers", "700 701");
}

static socklen_t unix_address(struct sockaddr_un *to, const char *path) {
    memset(to, 0, sizeof *to);
    to->sun_family = AF_UNIX;
    size_t length = strlen(path);
    memcpy(to->sun_path, path, length);
    if (path[0] == '@') to->sun_path[0] = 0;
    else unlink(path);
    return offsetof(struct sockaddr_un, sun_path) + length;
}

static int unix_bound(const char *path, int type) {
    struct sockaddr_un to;
    socklen_t length = unix_address(&to, path);
    int sock = must(socket(AF_UNIX, type, 0), "socket");
    must(bind(sock, (struct sockaddr *)&to, length), path);
    return sock;
}

static void unix_sockets(void) {
    int types[] = {SOCK_STREAM, SOCK_SEQPACKET};
    const char *paths[] = {"/run/testbed.stream", "@testbed\nabstract"};
    for (int i = 0; i < 2; i++) {
        int listener = unix_bound(paths[i], types[i]);
        must(listen(listener, 5), "listen");
        struct sockaddr_un to;
        memset(&to, 0, sizeof to);
        to.sun_family = AF_UNIX;
        strcpy(to.sun_path, paths[i]);
        if (i) to.sun_path[0] = 0;
        socklen_t length = offsetof(struct sockaddr_un, sun_path) + strlen(paths[i]);
        for (int n = 0; n < 2; n++) {
            int client = must(socket(AF_UNIX, types[i], 0), "socket");
            must(connect(client, (struct sockaddr *)&to, length), "connect");
            if (n == 0) must(accept(listener, NULL, NULL), "accept"); /* the second one stays in the backlog */
        }
    }
    int receiver = unix_bound("/run/testbed.dgram", SOCK_DGRAM);
    (void)receiver;
    unix_bound("@testbed-dgram", SOCK_DGRAM);
    unix_bound("/run/testbed deleted", SOCK_DGRAM);
    unlink("/run/testbed deleted");
    int ends[2];
    must(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends), "socketpair");
    must(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), "socketpair");
    must(write(ends[0], "queued", 6), "write");
    must(socket(AF_UNIX, SOCK_STREAM, 0), "socket");
    note_list("paths", (const char *[]){"/run/testbed.stream", "@testbed\nabstract", "/run/testbed.dgram", "@testbed-dgram", NULL});
}

static void packet_sockets(void) {
    must(socket(AF_PACKET, SOCK_RAW, 0), "packet socket");
    int one = must(socket(AF_PACKET, SOCK_DGRAM, 0), "packet socket");
    struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ARP), .sll_ifindex = if_nametoindex("eth0")};
    must(bind(one, (struct sockaddr *)&to, sizeof to), "bind");
}

static void netlink_sockets(void) {
    int protocols[] = {NETLINK_ROUTE, NETLINK_GENERIC, NETLINK_KOBJECT_UEVENT, NETLINK_SOCK_DIAG, NETLINK_AUDIT, NETLINK_XFRM};
    for (int i = 0; i < 6; i++) {
        int sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocols[i]);
        struct sockaddr_nl to = {.nl_family = AF_NETLINK, .nl_pid = i == 0 ? 4242 : 0, .nl_groups = i == 0 ? 0x111 : i == 2};
        if (sock < 0 || bind(sock, (struct sockaddr *)&to, sizeof to)) missing("netlink socket");
    }
    note_number("portid", 4242);
}

void populate_sockets(void) {
    role("tcp-listeners", tcp_listeners);
    role("alices-listener", alices_listener);
    role("tcp-connections", tcp_connections);
    role("tcp-backlog", tcp_backlog);
    role("tcp-half-closed", tcp_half_closed);
    role("tcp-full-window", tcp_full_window);
    role("tcp-options", tcp_options);
    role("tcp-deferred", tcp_deferred);
    role("udp", udp);
    role("udp-lite", udp_lite);
    role("raw", raw);
    role("ping", ping);
    role("unix", unix_sockets);
    role("packet", packet_sockets);
    role("netlink", netlink_sockets);
    role("tcp-unanswered", tcp_unanswered);
    role("tcp-time-wait", tcp_time_wait);
}
