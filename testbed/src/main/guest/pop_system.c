/* What belongs to the whole guest: modules, network interfaces, swap, cgroups of both versions, loop devices. */
#define _GNU_SOURCE
#include "population.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <unistd.h>

static void modules(void) {
    /* One run for all: starting programs is what costs in an emulated guest. */
    run("/sbin/modprobe", "-a", "-q", "veth", "bridge", "8021q", "loop", "zram", "inet_diag", "tcp_diag", "udp_diag",
        "unix_diag", "packet_diag", "netlink_diag", "raw_diag", "overlay", "tun", "nf_conntrack", "tls", "br_netfilter", NULL);
    const char *wanted[] = {"veth", "bridge", "8021q", "loop", "zram", "inet_diag", "tcp_diag", "udp_diag", "unix_diag",
                            "packet_diag", "netlink_diag", "raw_diag", "overlay", "tun", "nf_conntrack", "tls", "br_netfilter", NULL};
    const char *loaded[20];
    int n = 0;
    for (int i = 0; wanted[i]; i++) {
        char path[64];
        snprintf(path, sizeof path, "/sys/module/%s/initstate", wanted[i]);
        if (access(path, F_OK) == 0) loaded[n++] = wanted[i];
    }
    loaded[n] = NULL;
    note_list("loaded", loaded);
}

static void interfaces(void) {
    write_file("/run/testbed/ip.batch",
               "link set dummy0 address 02:00:00:00:00:01 up mtu 1400\n"
               "address add 198.51.100.1/24 dev dummy0\n"
               "address add 2001:db8::1/64 dev dummy0 nodad\n"
               "route add 203.0.113.0/24 via 198.51.100.2 metric 77\n"
               "route add 2001:db8:1::/48 via 2001:db8::2\n"
               "route add blackhole 192.0.2.0/25\n"
               "neighbour add 198.51.100.2 lladdr 02:00:00:00:00:02 dev dummy0 nud permanent\n"
               "neighbour add 2001:db8::2 lladdr 02:00:00:00:00:02 dev dummy0 nud permanent\n"
               "neighbour add 198.51.100.3 lladdr 02:00:00:00:00:03 dev dummy0 nud noarp\n"
               "neighbour add proxy 198.51.100.9 dev dummy0\n"
               "link add veth0 type veth peer name veth1\n"
               "link add br0 type bridge\n"
               "link set veth1 master br0 up\n"
               "link set br0 up\n"
               "address add 198.51.101.1/24 dev veth0\n"
               "link set veth0 up\n"
               "link add link dummy0 name dummy0.42 type vlan id 42\n"
               "link set dummy0.42 up\n"
               "maddress add 33:33:00:00:00:99 dev dummy0\n"
               "route add default via 10.0.2.2 dev eth0\n"
               "tuntap add dev tap0 mode tap\n"
               "rule add from 198.51.100.0/24 table 100\n"
               "route add default dev dummy0 table 100\n");
    run("/sbin/modprobe", "-q", "dummy", "numdummies=1", NULL);
    int status = run("/sbin/ip", "-force", "-batch", "/run/testbed/ip.batch", NULL);
    note_number("ipStatus", status);
    note_list("names", (const char *[]){"lo", "eth0", "dummy0", "veth0", "veth1", "br0", "dummy0.42", NULL});
}

static void swap(void) {
    if (run("/sbin/mkswap", "-q", "-L", "testbed", "/dev/vdc", NULL)) missing("mkswap");
    must(swapon("/dev/vdc", SWAP_FLAG_PREFER | 5), "swapon");
    int file = must(open("/var/tmp/swap file", O_RDWR | O_CREAT | O_CLOEXEC, 0600), "swap file");
    if (posix_fallocate(file, 0, 4 << 20)) missing("fallocate");
    close(file);
    if (run("/sbin/mkswap", "-q", "/var/tmp/swap file", NULL) || swapon("/var/tmp/swap file", 0)) missing("swap file");
    note_text("device", "/dev/vdc");
}

static void join(const char *group) {
    char path[256], number[16];
    snprintf(path, sizeof path, "%s/cgroup.procs", group);
    snprintf(number, sizeof number, "%d", getpid());
    must(write_file(path, number), path);
}

static void in_group(void *group) { join(group); }

static void cgroups(void) {
    make_directories("/sys/fs/cgroup/testbed/one/two", 0755);
    make_directories("/sys/fs/cgroup/testbed/with space", 0755);
    make_directories("/sys/fs/cgroup/testbed/frozen", 0755);
    write_file("/sys/fs/cgroup/cgroup.subtree_control", "+cpu +memory +pids +io");
    note_number("inTwo", helper(in_group, "/sys/fs/cgroup/testbed/one/two"));
    note_number("inSpace", helper(in_group, "/sys/fs/cgroup/testbed/with space"));
    note_number("frozen", helper(in_group, "/sys/fs/cgroup/testbed/frozen"));
    usleep(50000);
    if (write_file("/sys/fs/cgroup/testbed/frozen/cgroup.freeze", "1")) missing("cgroup.freeze");
    /* A version 1 hierarchy without a controller always works; one with a controller where the kernel still has it. */
    mkdir("/run/cgroup1", 0755);
    if (mount("cgroup", "/run/cgroup1", "cgroup", 0, "none,name=testbed")) missing("cgroup version 1");
    else {
        mkdir("/run/cgroup1/first", 0755);
        note_number("inFirst", helper(in_group, "/run/cgroup1/first"));
    }
    mkdir("/run/cgroup1-net", 0755);
    if (mount("cgroup", "/run/cgroup1-net", "cgroup", 0, "net_cls")) missing("cgroup version 1, net_cls");
    usleep(50000);
}

static void mounts(void) {
    make_directories("/mnt/with space\t\n\\", 0755);
    must(mount("none\twith \\odd", "/mnt/with space\t\n\\", "tmpfs", MS_NOEXEC | MS_RELATIME, "size=1m,mode=700"), "mount");
    mkdir("/mnt/bound", 0755);
    must(mount("/etc", "/mnt/bound", NULL, MS_BIND, NULL), "bind mount");
    mount(NULL, "/mnt/bound", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL);
    mkdir("/mnt/shared", 0755);
    must(mount("tmpfs", "/mnt/shared", "tmpfs", 0, NULL), "mount");
    mount(NULL, "/mnt/shared", NULL, MS_SHARED, NULL);
    make_directories("/mnt/overlay", 0755);
    make_directories("/var/tmp/overlay/upper", 0755);
    make_directories("/var/tmp/overlay/work", 0755);
    if (mount("overlay", "/mnt/overlay", "overlay", 0, "lowerdir=/etc,upperdir=/var/tmp/overlay/upper,workdir=/var/tmp/overlay/work"))
        missing("overlay");
    /* A loop device over an ext4 image made here. */
    run("/bin/sh", "-c", "truncate -s 2M /var/tmp/loop.img && mke2fs -q -t ext4 /var/tmp/loop.img && mkdir -p /mnt/loop"
        " && mount -o loop,noatime /var/tmp/loop.img /mnt/loop", NULL);
    if (mount("debugfs", "/sys/kernel/debug", "debugfs", 0, NULL)) missing("debugfs");
    if (mount("tracefs", "/sys/kernel/tracing", "tracefs", 0, NULL)) missing("tracefs");
    if (mount("securityfs", "/sys/kernel/security", "securityfs", 0, NULL)) missing("securityfs");
    if (mount("hugetlbfs", "/dev/hugepages", "hugetlbfs", 0, NULL) && (mkdir("/dev/hugepages", 0755),
        mount("hugetlbfs", "/dev/hugepages", "hugetlbfs", 0, "pagesize=2M"))) missing("hugetlbfs");
    note_list("points", (const char *[]){"/mnt/with space\t\n\\", "/mnt/bound", "/mnt/shared", NULL});
}

void populate_system(void) {
    role("modules", modules);
    role("interfaces", interfaces);
    role("swap", swap);
    role("cgroups", cgroups);
    role("mounts", mounts);
}
