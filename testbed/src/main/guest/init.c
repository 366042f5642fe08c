/*
 * The first process of a test guest. As /init of the initramfs it loads the kernel modules that the root disk needs,
 * mounts the disk and moves there; from then on it is PID 1 of the guest: it prepares the system, starts the population
 * and, when that has come to rest, the agents that answer the host. Then it only reaps orphans.
 */
#include "guest.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PROGRAMS "/programs"

static void mount_or_die(const char *source, const char *target, const char *type, unsigned long flags,
                         const char *data) {
    mkdir(target, 0755);
    if (mount(source, target, type, flags, data)) die("cannot mount %s on %s", source, target);
}

/* /modules/order lists the files in the order in which they must be loaded. */
static void load_modules(void) {
    FILE *order = fopen("/modules/order", "re");
    if (!order) return;
    char name[256], path[300];
    while (fgets(name, sizeof name, order)) {
        name[strcspn(name, "\n")] = 0;
        snprintf(path, sizeof path, "/modules/%s", name);
        int file = open(path, O_RDONLY | O_CLOEXEC);
        if (file < 0 || (syscall(SYS_finit_module, file, "", 0) && errno != EEXIST))
            say("cannot load module %s: %s", name, strerror(errno));
        if (file >= 0) close(file);
    }
    fclose(order);
}

static void wait_for(const char *device) {
    for (int tries = 0; access(device, F_OK); tries++) {
        if (tries == 2000) die("the device %s does not appear", device);
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    }
}

static void copy_file(const char *from, const char *to) {
    int in = open(from, O_RDONLY | O_CLOEXEC);
    int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
    if (in < 0 || out < 0) die("cannot copy %s to %s", from, to);
    static char buffer[1 << 18];
    ssize_t n;
    while ((n = read(in, buffer, sizeof buffer)) > 0)
        if (write(out, buffer, n) != n) die("cannot write %s", to);
    fchmod(out, 0755);
    close(in);
    close(out);
}

static void copy_programs(const char *to) {
    make_directories(to, 0755);
    DIR *programs = opendir(PROGRAMS);
    struct dirent *entry;
    char source[512], target[512];
    while (programs && (entry = readdir(programs))) {
        if (entry->d_name[0] == '.') continue;
        snprintf(source, sizeof source, PROGRAMS "/%s", entry->d_name);
        snprintf(target, sizeof target, "%s/%s", to, entry->d_name);
        copy_file(source, target);
        unlink(source); /* gives its memory back */
    }
    if (programs) closedir(programs);
}

/* The initramfs: returns only by executing the same program from the root disk. */
static void enter_root(void) {
    mount_or_die("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
    mount_or_die("sysfs", "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
    mount_or_die("devtmpfs", "/dev", "devtmpfs", MS_NOSUID, "mode=0755");
    load_modules();
    char *probe = option("probe", NULL);
    if (probe) { /* The host only wants to know whether a guest reaches user space at all. */
        say("probe %s", probe);
        reboot(RB_POWER_OFF);
        for (;;) pause();
    }
    wait_for("/dev/vda");
    wait_for("/dev/vdb");
    mount_or_die("/dev/vda", "/root", "ext4", 0, NULL);
    struct utsname kernel;
    uname(&kernel);
    if (mount("/dev/vdb", "/root/usr/lib/modules", "ext4", MS_RDONLY | MS_NOSUID | MS_NODEV, NULL))
        die("cannot mount the modules of %s", kernel.release);
    copy_programs("/root" TESTBED_BIN);
    for (const char *const *moved = (const char *const[]){"/dev", "/proc", "/sys", NULL}; *moved; moved++) {
        char target[64];
        snprintf(target, sizeof target, "/root%s", *moved);
        if (mount(*moved, target, NULL, MS_MOVE, NULL)) die("cannot move %s", *moved);
    }
    unlink("/init");
    if (chdir("/root") || mount(".", "/", NULL, MS_MOVE, NULL) || chroot(".") || chdir("/"))
        die("cannot enter the root disk");
    execl(TESTBED_BIN "/init", "init", NULL);
    die("cannot execute " TESTBED_BIN "/init");
}

static void configure_address(int sock, const char *name, const char *address, const char *mask) {
    struct ifreq request = {0};
    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
    struct sockaddr_in *in = (struct sockaddr_in *)&request.ifr_addr;
    if (address) {
        in->sin_family = AF_INET;
        inet_pton(AF_INET, address, &in->sin_addr);
        if (ioctl(sock, SIOCSIFADDR, &request)) say("address of %s: %s", name, strerror(errno));
        inet_pton(AF_INET, mask, &in->sin_addr);
        ioctl(sock, SIOCSIFNETMASK, &request);
    }
    if (ioctl(sock, SIOCGIFFLAGS, &request)) return;
    request.ifr_flags |= IFF_UP | IFF_RUNNING;
    if (ioctl(sock, SIOCSIFFLAGS, &request)) say("raising %s: %s", name, strerror(errno));
}

static void prepare_system(void) {
    mount_or_die("devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, "mode=0620,gid=5,ptmxmode=0666");
    mount_or_die("tmpfs", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, NULL);
    mount_or_die("tmpfs", "/run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755");
    mount_or_die("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777");
    mount("cgroup2", "/sys/fs/cgroup", "cgroup2", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
    mkdir("/dev/mqueue", 0755);
    mount("mqueue", "/dev/mqueue", "mqueue", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
    if (symlink("/proc/self/fd", "/dev/fd") || symlink("/proc/self/fd/0", "/dev/stdin") ||
        symlink("/proc/self/fd/1", "/dev/stdout") || symlink("/proc/self/fd/2", "/dev/stderr"))
        say("links in /dev: %s", strerror(errno));
    make_directories(TESTBED_RUN, 0755);
    char *hostname = option("hostname", "guest");
    if (sethostname(hostname, strlen(hostname))) say("host name: %s", strerror(errno));
    int sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    configure_address(sock, "lo", NULL, NULL);
    configure_address(sock, "eth0", "10.0.2.15", "255.255.255.0");
    close(sock);
    if (option("rootkit", NULL)) {
        int preload = open("/etc/ld.so.preload", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
        if (preload < 0 || dprintf(preload, TESTBED_BIN "/librootkit.so\n") < 0) say("rootkit: %s", strerror(errno));
        close(preload);
    }
}

static pid_t start(const char *program, const char *argument) {
    pid_t child = fork();
    if (child) return child;
    setsid();
    int null = open("/dev/null", O_RDWR);
    dup2(null, 0);
    if (null > 2) close(null);
    execl(program, program, argument, NULL);
    die("cannot execute %s", program);
}

int main(int argc, char **argv) {
    (void)argc;
    (void)argv;
    setenv("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 1);
    setenv("HOME", "/root", 1);
    if (access("/modules/order", F_OK) == 0) enter_root();
    int console = open("/dev/console", O_RDWR);
    if (console >= 0)
        for (int i = 0; i < 3; i++) dup2(console, i);
    if (console > 2) close(console);
    prepare_system();
    int status = run(TESTBED_BIN "/population", NULL);
    if (status) say("the population ended with status %d", status);
    char port[32];
    long agents = option_number("agents", 4);
    for (long i = 0; i < agents; i++) {
        snprintf(port, sizeof port, "%ld", i);
        start(TESTBED_BIN "/agent", port);
    }
    say("ready");
    for (;;)
        if (wait(NULL) < 0 && errno == ECHILD) pause();
}
