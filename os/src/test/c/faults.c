// Bad pointers in every system call that takes some: the same error as natively, which is EFAULT wherever the pointer is looked at first.
#include "check.h"
#include <sys/socket.h>

#define BAD 8L
#define T(nr, ...) do { errno = 0; long r_ = syscall(SYS_##nr, __VA_ARGS__); \
    printf("%s(%s): %s\n", #nr, #__VA_ARGS__, r_ == -1 ? strerrorname_np(errno) : "ok"); } while (0)

int main(void) {
    int p[2];
    pipe(p);
    write(p[1], "0123456789", 10);
    int f = open("/etc/passwd", O_RDONLY), d = open("/", O_RDONLY);
    char *page = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(page + 4096, 4096);
    long edge = (long)page + 4092, ok = (long)page;
    T(read, f, BAD, 10); T(read, p[0], BAD, 1); T(write, p[1], BAD, 10); T(pread64, f, BAD, 10, 0); T(readv, f, BAD, 1); T(writev, p[1], BAD, 1);
    T(readv, f, edge, 1);
    T(open, BAD, 0); T(openat, -100, BAD, 0); T(creat, BAD, 0); T(openat2, -100, "/", BAD, 24);
    T(stat, BAD, ok); T(stat, "/", BAD); T(lstat, "/", BAD); T(fstat, f, BAD); T(newfstatat, -100, "/", BAD, 0); T(statx, -100, "/", 0, 0xfff, BAD);
    T(stat, "/", edge);
    T(statfs, "/", BAD); T(fstatfs, f, BAD); T(access, BAD, 0); T(faccessat, -100, BAD, 0); T(readlink, BAD, ok, 10); T(readlink, "/proc/self/exe", BAD, 10);
    T(getcwd, BAD, 100); T(chdir, BAD); T(mkdir, BAD, 0); T(rmdir, BAD); T(unlink, BAD); T(rename, BAD, "/x"); T(rename, "/nonexistent", BAD);
    T(link, BAD, "/x"); T(symlink, BAD, "/tmp/x"); T(chmod, BAD, 0); T(chown, BAD, 0, 0); T(truncate, BAD, 0); T(utimensat, -100, BAD, 0, 0); T(mknod, BAD, 0, 0);
    T(getdents64, d, BAD, 1000); T(getdents, d, BAD, 1000);
    T(pipe, BAD); T(pipe2, BAD, 0); T(poll, BAD, 1, 0); T(select, 1, BAD, 0, 0, 0); T(select, 0, 0, 0, 0, BAD); T(ppoll, 0, 0, BAD, 0, 8);
    T(nanosleep, BAD, 0); T(clock_gettime, 0, BAD); T(clock_getres, 0, BAD); T(clock_nanosleep, 0, 0, BAD, 0); T(gettimeofday, BAD, 0); T(gettimeofday, 0, BAD);
    T(getitimer, 0, BAD); T(setitimer, 0, BAD, 0); T(timer_create, 0, BAD, ok); T(timer_create, 0, 0, BAD); T(times, BAD); T(getrusage, 0, BAD);
    T(rt_sigaction, 10, BAD, 0, 8); T(rt_sigaction, 10, 0, BAD, 8); T(rt_sigprocmask, 0, BAD, 0, 8); T(rt_sigprocmask, 0, 0, BAD, 8); T(rt_sigpending, BAD, 8);
    T(rt_sigtimedwait, BAD, 0, 0, 8); T(rt_sigtimedwait, ok, 0, BAD, 8); T(rt_sigqueueinfo, getpid(), 10, BAD); T(rt_sigsuspend, BAD, 8); T(sigaltstack, BAD, 0);
    T(sigaltstack, 0, BAD); T(uname, BAD); T(sysinfo, BAD); T(getrlimit, 3, BAD); T(setrlimit, 3, BAD); T(prlimit64, 0, 3, BAD, 0); T(prlimit64, 0, 3, 0, BAD);
    T(getresuid, BAD, ok, ok); T(getresgid, ok, BAD, ok); T(setgroups, 1, BAD); T(capget, BAD, 0); T(capset, BAD, 0); T(prctl, 16, BAD); T(prctl, 15, BAD);
    T(prctl, 2, BAD); T(sched_getaffinity, 0, 128, BAD); T(sched_setaffinity, 0, 8, BAD); T(sched_getparam, 0, BAD); T(sched_setscheduler, 0, 0, BAD);
    T(sched_rr_get_interval, 0, BAD); T(getcpu, BAD, 0, 0); T(futex, BAD, 0, 0, 0, 0, 0); T(futex, BAD, 1, 1, 0, 0, 0); T(futex, ok, 0, 0, BAD, 0, 0);
    T(get_robust_list, 0, BAD, ok); T(arch_prctl, 0x1003, BAD); T(execve, BAD, 0, 0); T(execve, "/bin/true", BAD, 0); T(clone3, BAD, 88);
    T(wait4, 1L << 60 | 5, 0, 0, 0); T(waitid, 0, 0, BAD, 4, 0); T(getrandom, BAD, 10, 0); T(mincore, ok, 4096, BAD); T(eventfd2, 0, 0); T(epoll_ctl, 3, 1, 0, BAD);
    T(fcntl, f, F_GETLK, BAD); T(ioctl, 0, 0x5401, BAD); T(lseek, f, 0, 99); T(sendfile, p[1], f, BAD, 10); T(splice, f, BAD, p[1], 0, 10, 0);
    T(getxattr, BAD, BAD, BAD, 1); T(preadv, f, BAD, 1, 0, 0); T(utime, "/", BAD); T(getgroups, -1, BAD); T(mremap, BAD, 1, 1, 0, 0); T(time, BAD);
    T(timerfd_settime, f, 0, BAD, 0); T(signalfd4, -1, BAD, 8, 0); T(memfd_create, BAD, 0); T(rt_sigaction, 10, edge, 0, 8); T(uname, edge);
    return 0;
}
