#include "fs.h"
#include <sys/epoll.h>

/* Bad pointers and lengths in every call: an error, never more. */
int main(void) {
    void *bad[] = {NULL, (void *) 8, (void *) -1, (void *) 0x7ffffffff000, (void *) 0xffff800000000000};
    char *edge = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(edge + 4096, 4096);
    int fd = open("f", O_CREAT | O_RDWR, 0600);
    int p[2];
    pipe(p);
    write(fd, "contents", 8);
    write(p[1], "contents", 8);
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
        void *x = bad[i];
        printf("pointer %u\n", i);
        T(syscall(SYS_open, x, 0));
        T(syscall(SYS_openat2, AT_FDCWD, "f", x, 24));
        T(syscall(SYS_stat, x, edge));
        T(syscall(SYS_stat, "f", x));
        T(syscall(SYS_fstat, fd, x));
        T(syscall(SYS_statx, AT_FDCWD, "f", 0, 0xfff, x));
        T(syscall(SYS_pread64, fd, x, 4, 0));
        T(syscall(SYS_pread64, fd, x, 4, 100));
        T(syscall(SYS_pwrite64, fd, x, 4, 0));
        T(syscall(SYS_read, p[0], x, 4));
        T(syscall(SYS_write, p[1], x, 4));
        T(syscall(SYS_readv, fd, x, 1));
        T(syscall(SYS_getdents64, open(".", O_RDONLY), x, 100));
        T(syscall(SYS_getcwd, x, 100));
        T(syscall(SYS_chdir, x));
        T(syscall(SYS_mkdir, x, 0));
        T(syscall(SYS_rename, "f", x));
        T(syscall(SYS_rename, x, "f"));
        T(syscall(SYS_link, x, "f"));
        T(syscall(SYS_symlink, x, "link"));
        T(syscall(SYS_symlink, "x", x));
        T(syscall(SYS_unlink, x));
        T(syscall(SYS_readlink, "/proc/self", x, 100));
        T(syscall(SYS_readlink, x, edge, 100));
        T(syscall(SYS_statfs, "/", x));
        T(syscall(SYS_fstatfs, fd, x));
        T(syscall(SYS_access, x, 0));
        T(syscall(SYS_chmod, x, 0));
        T(syscall(SYS_truncate, x, 0));
        T(syscall(SYS_setxattr, "f", x, edge, 1, 0));
        T(syscall(SYS_getxattr, "f", x, edge, 1));
        T(syscall(SYS_pipe, x));
        T(syscall(SYS_fcntl, fd, F_SETLK, x));
        T(syscall(SYS_poll, x, 1, 0));
        T(syscall(SYS_epoll_ctl, epoll_create(1), EPOLL_CTL_ADD, fd, x));
        T(syscall(SYS_signalfd4, -1, x, 8, 0));
        T(syscall(SYS_ioctl, p[0], FIONREAD, x));
        T(syscall(SYS_memfd_create, x, 0));
        if (x) {
            T(syscall(SYS_select, 10, x, NULL, NULL, NULL));
            T(syscall(SYS_ppoll, NULL, 0, x, NULL, 8));
            T(syscall(SYS_utimensat, AT_FDCWD, "f", x, 0));
            T(syscall(SYS_sendfile, p[1], fd, x, 1));
        }
    }
    /* half a buffer */
    T(pread(fd, edge + 4092, 8, 0));
    T(pwrite(fd, edge + 4092, 8, 0));
    T(lseek(fd, 0, SEEK_SET));
    T(read(fd, edge + 4092, 8));
    T(lseek(fd, 0, SEEK_CUR));
    struct iovec v[2] = {{edge, 2}, {(void *) 8, 5}};
    T(lseek(fd, 0, SEEK_SET));
    T(readv(fd, v, 2));
    T(lseek(fd, 0, SEEK_CUR));
    T(writev(fd, v, 2));
    strcpy(edge + 4090, "abcde");
    T(access(edge + 4090, 0));
    memcpy(edge + 4090, "abcdef", 6);
    T(access(edge + 4090, 0));
    /* lengths */
    T(syscall(SYS_read, fd, edge, -1L));
    T(syscall(SYS_pread64, fd, edge, 0x7fffffffffffffffL, 0));
    T(syscall(SYS_write, fd, edge, -1L));
    T(syscall(SYS_readlink, "/proc/self", edge, -1));
    T(syscall(SYS_getdents64, open(".", O_RDONLY), edge, 0));
    T(syscall(SYS_poll, edge, -1, 0));
    T(syscall(SYS_epoll_wait, epoll_create(1), edge, -1, 0));
    T(syscall(SYS_pwrite64, fd, edge, 1, 0x7fffffffffffffffL));
    T(syscall(SYS_ftruncate, fd, -5L));
    T(syscall(SYS_lseek, fd, 0x7fffffffffffffffL, SEEK_CUR));
    T(syscall(SYS_close, -1));
    T(syscall(SYS_dup2, fd, 1 << 30));
    T(syscall(SYS_fallocate, fd, 0, 1L << 62, 1L << 62));
    T(syscall(SYS_getxattr, "f", "user.x", edge, -1L));
    T(syscall(SYS_setxattr, "f", "user.x", edge, 1L << 40, 0));
    return 0;
}
