// AF_NETLINK's ROUTE, as far as every system answers the same.
#include "net.h"

static struct {
    struct nlmsghdr header;
    struct rtgenmsg body;
    char pad[64];
} request;

static long ask(int fd, int type, int flags, int length) {
    struct sockaddr_nl kernel = {AF_NETLINK};
    request.header = (struct nlmsghdr) {length ? length : NLMSG_LENGTH(sizeof request.body), type, NLM_F_REQUEST | flags, 42, 0};
    request.body.rtgen_family = AF_UNSPEC;
    return sendto(fd, &request, NLMSG_LENGTH(sizeof request.body), 0, (struct sockaddr *) &kernel, sizeof kernel);
}

static char buffer[65536];

static void answers(int fd) {
    int more = 1;
    while (more) {
        struct sockaddr_nl from;
        struct iovec vector = {buffer, sizeof buffer};
        struct msghdr message = {&from, sizeof from, &vector, 1, NULL, 0, 0};
        struct iovec none = {NULL, 0};
        struct msghdr peek = {&from, sizeof from, &none, 1, NULL, 0, 0};
        long length = recvmsg(fd, &peek, MSG_PEEK | MSG_TRUNC);
        long n = recvmsg(fd, &message, 0);
        if (n < 0) {
            printf("error %s\n", strerrorname_np(errno));
            return;
        }
        if (length != n || !(peek.msg_flags & MSG_TRUNC) || message.msg_namelen != sizeof from || from.nl_pid || from.nl_groups) {
            printf("peek told %ld of %ld, flags %#x, from %u %u %u\n", length, n, peek.msg_flags, message.msg_namelen, from.nl_pid, from.nl_groups);
        }
        int left = n;
        for (struct nlmsghdr *h = (struct nlmsghdr *) buffer; NLMSG_OK(h, left); h = NLMSG_NEXT(h, left)) {
            if (h->nlmsg_type == NLMSG_DONE) {
                printf("done %d %d\n", h->nlmsg_len >= 20, *(int *) NLMSG_DATA(h));
                more = 0;
            } else if (h->nlmsg_type == NLMSG_ERROR) {
                struct nlmsgerr *e = NLMSG_DATA(h);
                printf("error %d length %u flags %#x type %d seq %d\n", e->error, h->nlmsg_len, h->nlmsg_flags, e->msg.nlmsg_type, e->msg.nlmsg_seq);
                more = 0;
            } else if (h->nlmsg_type == RTM_NEWLINK) {
                struct ifinfomsg *link = NLMSG_DATA(h);
                if (link->ifi_index == 1) {
                    printf("link 1 type %d flags %#x seq %d multi %d mine %d\n", link->ifi_type, link->ifi_flags & (IFF_UP | IFF_LOOPBACK), h->nlmsg_seq, h->nlmsg_flags & NLM_F_MULTI, h->nlmsg_pid == (unsigned) getpid());
                }
                more = h->nlmsg_flags & NLM_F_MULTI;
            } else if (h->nlmsg_type == RTM_NEWADDR) {
                struct ifaddrmsg *address = NLMSG_DATA(h);
                if (address->ifa_index == 1 && address->ifa_family == AF_INET) {
                    printf("address prefix %d scope %d\n", address->ifa_prefixlen, address->ifa_scope);
                }
            }
        }
    }
}

int main(void) {
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    int on = 1;
    SHOW(setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof on));
    printf("ext ack %d, cap ack %d, wrong %d\n", option(fd, SOL_NETLINK, NETLINK_EXT_ACK), option(fd, SOL_NETLINK, NETLINK_CAP_ACK), option(fd, SOL_NETLINK, 99));
    int size = 32768;
    SHOW(setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size));
    struct sockaddr_nl name = {AF_NETLINK};
    socklen_t length = sizeof name;
    SHOW(getsockname(fd, (struct sockaddr *) &name, &length));
    printf("%u %u\n", length, name.nl_pid);
    SHOW(bind(fd, (struct sockaddr *) &name, sizeof name));
    SHOW(getsockname(fd, (struct sockaddr *) &name, &length));
    printf("mine %d, groups %u\n", name.nl_pid == (unsigned) getpid(), name.nl_groups);
    int second = socket(AF_NETLINK, SOCK_DGRAM, NETLINK_ROUTE);
    SHOW(bind(second, (struct sockaddr *) &name, sizeof name));
    name.nl_pid = 0;
    name.nl_groups = 5;
    SHOW(bind(second, (struct sockaddr *) &name, sizeof name));
    getsockname(second, (struct sockaddr *) &name, &length);
    printf("another %d, groups %u\n", name.nl_pid != (unsigned) getpid(), name.nl_groups);
    name.nl_pid = 5;
    SHOW(bind(second, (struct sockaddr *) &name, sizeof name));
    int group = 9;
    SHOW(setsockopt(second, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof group));
    getsockname(second, (struct sockaddr *) &name, &length);
    printf("groups %#x\n", name.nl_groups);
    SHOW(recv(second, buffer, sizeof buffer, MSG_DONTWAIT));
    events("idle", second);
    SHOW(ask(fd, RTM_GETLINK, NLM_F_DUMP, 0));
    events("answered", fd);
    answers(fd);
    SHOW(recv(fd, buffer, sizeof buffer, MSG_DONTWAIT));
    SHOW(ask(fd, RTM_GETADDR, NLM_F_DUMP, 0));
    answers(fd);
    SHOW(ask(fd, RTM_GETLINK, NLM_F_DUMP | NLM_F_ACK, 0));
    answers(fd);
    SHOW(ask(fd, 5, NLM_F_ACK, 0));
    answers(fd);
    SHOW(ask(fd, RTM_GETLINK, 0, 4));
    SHOW(ask(fd, RTM_GETLINK, 0, 4000));
    SHOW(recv(fd, buffer, sizeof buffer, MSG_DONTWAIT));
    SHOW(socket(AF_NETLINK, SOCK_STREAM, NETLINK_ROUTE));
    SHOW(socket(AF_NETLINK, SOCK_RAW, 31));
    SHOW(socket(AF_NETLINK, SOCK_RAW, 77));
    name.nl_pid = 99999;
    name.nl_groups = 0;
    SHOW(sendto(fd, &request, 20, 0, (struct sockaddr *) &name, sizeof name));
    SHOW(sendto(fd, &request, 20, 0, (struct sockaddr *) &name, 4));
    SHOW(listen(fd, 1));
    SHOW(accept(fd, NULL, NULL));
    struct ifreq interface;
    memset(&interface, 0, sizeof interface);
    strcpy(interface.ifr_name, "lo");
    int inet = socket(AF_INET, SOCK_DGRAM, 0);
    SHOW(ioctl(inet, SIOCGIFFLAGS, &interface));
    printf("flags %#x\n", interface.ifr_flags & 0xffff);
    SHOW(ioctl(inet, SIOCGIFADDR, &interface));
    printf("address %s\n", inet_ntoa(((struct sockaddr_in *) &interface.ifr_addr)->sin_addr));
    SHOW(ioctl(inet, SIOCGIFNETMASK, &interface));
    printf("mask %s\n", inet_ntoa(((struct sockaddr_in *) &interface.ifr_addr)->sin_addr));
    SHOW(ioctl(inet, SIOCGIFHWADDR, &interface));
    printf("type %d\n", interface.ifr_hwaddr.sa_family);
    SHOW(ioctl(inet, SIOCGIFINDEX, &interface));
    printf("index %d\n", interface.ifr_ifindex);
    SHOW(ioctl(inet, SIOCGIFMTU, &interface));
    printf("mtu %d\n", interface.ifr_mtu);
    SHOW(ioctl(inet, SIOCGIFMETRIC, &interface));
    SHOW(ioctl(inet, SIOCGIFMAP, &interface));
    interface.ifr_ifindex = 1;
    memset(interface.ifr_name, 0, sizeof interface.ifr_name);
    SHOW(ioctl(inet, SIOCGIFNAME, &interface));
    puts(interface.ifr_name);
    strcpy(interface.ifr_name, "absent0");
    SHOW(ioctl(inet, SIOCGIFFLAGS, &interface));
    SHOW(ioctl(inet, SIOCGIFADDR, &interface));
    strcpy(interface.ifr_name, "lo:9");
    SHOW(ioctl(inet, SIOCGIFADDR, &interface));
    printf("lo is index %u\n", if_nametoindex("lo"));
}
