/* Processes in namespaces of their own, nested ones too, and something that looks like a container. */
#define _GNU_SOURCE
#include "population.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif

static void raise_loopback(void) {
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
    int sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    must(ioctl(sock, SIOCSIFFLAGS, &request), "raising lo");
    close(sock);
}

static int listening(int port) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    int sock = must(socket(AF_INET, SOCK_STREAM, 0), "socket");
    must(bind(sock, (struct sockaddr *)&to, sizeof to), "bind");
    must(listen(sock, 5), "listen");
    return sock;
}

static void host_name(void) {
    must(unshare(CLONE_NEWUTS), "unshare");
    must(sethostname("elsewhere", 9), "sethostname");
    note_text("hostname", "elsewhere");
}

static void network(void) {
    must(unshare(CLONE_NEWNET), "unshare");
    raise_loopback();
    listening(8080); /* the same port as in the initial namespace */
    listening(7000);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(7000), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int client = must(socket(AF_INET, SOCK_STREAM, 0), "socket");
    must(connect(client, (struct sockaddr *)&to, sizeof to), "connect");
    note_text("listening", "7000 8080");
}

static void mount_namespace(void) {
    must(unshare(CLONE_NEWNS), "unshare");
    must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "private mounts");
    must(mount("private", "/srv", "tmpfs", 0, "size=1m"), "mount");
    umount2("/mnt/shared", MNT_DETACH);
    note_text("mounted", "/srv");
}

static void slave_mounts(void) {
    must(unshare(CLONE_NEWNS), "unshare");
    must(mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL), "slave mounts");
}

static void innermost(void *unused) {
    (void)unused;
    helper((void (*)(void *))rest, NULL);
}

static void inner(void *unused) {
    (void)unused;
    must(mount("proc", "/proc", "proc", 0, NULL), "mounting proc");
    helper((void (*)(void *))rest, NULL);
    must(unshare(CLONE_NEWPID), "unshare");
    helper(innermost, NULL);
}

/* Two levels: the innermost process has three process ids. */
static void pids(void) {
    must(unshare(CLONE_NEWPID | CLONE_NEWNS), "unshare");
    must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "private mounts");
    note_number("first", helper(inner, NULL));
    usleep(200000);
    note_number("levels", 3);
}

static void map_users(void *pid) {
    char path[64];
    const char *names[] = {"uid_map", "gid_map"};
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "/proc/%d/%s", *(int *)pid, names[i]);
        must(write_file(path, "0 1001 1\n1 100000 1000\n"), path);
    }
    _exit(0);
}

static void users(void) {
    int self = getpid(), ends[2];
    must(pipe2(ends, O_CLOEXEC), "pipe");
    pid_t mapper = must(fork(), "fork");
    if (mapper == 0) {
        char byte;
        while (read(ends[0], &byte, 1) < 0);
        map_users(&self);
    }
    must(unshare(CLONE_NEWUSER), "unshare user namespace");
    must(write(ends[1], "x", 1), "write");
    close(ends[0]);
    close(ends[1]);
    must(waitpid(mapper, NULL, 0), "waitpid");
    must(setresgid(0, 0, 0), "setresgid");
    must(setresuid(0, 0, 0), "setresuid");
    note_number("uidOutside", ALICE);
}

static void remaining(void) {
    must(unshare(CLONE_NEWIPC), "unshare ipc");
    if (unshare(CLONE_NEWCGROUP)) missing("cgroup namespace");
    if (unshare(CLONE_NEWTIME)) missing("time namespace");
    else if (write_file("/proc/self/timens_offsets", "monotonic 86400 0\nboottime 86400 0\n")) missing("time offsets");
    else must(helper((void (*)(void *))rest, NULL), "child in the time namespace");
}

static void contained(void *unused) {
    (void)unused;
    make_directories("/var/tmp/container/old", 0755);
    make_directories("/var/tmp/container-upper", 0755);
    make_directories("/var/tmp/container-work", 0755);
    must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "private mounts");
    if (mount("overlay", "/var/tmp/container", "overlay", 0,
              "lowerdir=/,upperdir=/var/tmp/container-upper,workdir=/var/tmp/container-work"))
        must(mount("/", "/var/tmp/container", NULL, MS_BIND, NULL), "bind mount");
    make_directories("/var/tmp/container/old", 0755);
    must(syscall(SYS_pivot_root, "/var/tmp/container", "/var/tmp/container/old"), "pivot_root");
    must(chdir("/"), "chdir");
    must(mount("proc", "/proc", "proc", 0, NULL), "mounting proc");
    must(mount("tmpfs", "/tmp", "tmpfs", 0, NULL), "mounting tmp");
    must(umount2("/old", MNT_DETACH), "leaving the old root");
    must(sethostname("container", 9), "sethostname");
    raise_loopback();
    listening(80);
    pid_t child = must(fork(), "fork");
    if (child == 0) {
        become(BOB);
        execl("/bin/sleep", "sleep", "1000000", NULL);
        _exit(127);
    }
}

static void container(void) {
    mkdir("/sys/fs/cgroup/testbed", 0755);
    must(unshare(CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC), "unshare");
    note_number("init", helper(contained, NULL));
    usleep(300000);
    note_number("port", 80);
}

void populate_namespaces(void) {
    role("uts-namespace", host_name);
    role("network-namespace", network);
    role("mount-namespace", mount_namespace);
    role("slave-mounts", slave_mounts);
    role("pid-namespaces", pids);
    role("user-namespace", users);
    role("other-namespaces", remaining);
    role("container", container);
}
