#include "fs.h"
#include <sys/sendfile.h>

static char big[70000];

static void times_of(const char *path) {
    struct stat s;
    lstat(path, &s);
    printf("times %lld.%09ld %lld.%09ld\n", (long long) s.st_atim.tv_sec, s.st_atim.tv_nsec, (long long) s.st_mtim.tv_sec, s.st_mtim.tv_nsec);
}

static void mode_of(const char *path) {
    struct stat s;
    lstat(path, &s);
    printf("mode %o uid %d gid %d\n", s.st_mode, s.st_uid, s.st_gid);
}

int main(void) {
    char buffer[100];
    umask(022);
    int fd = open("f", O_RDWR | O_CREAT, 0666);
    T(fcntl(fd, F_GETFL));
    T(write(fd, "hello, world", 12));
    T(lseek(fd, 0, SEEK_CUR));
    T(lseek(fd, -5, SEEK_CUR));
    T(read(fd, buffer, 100));
    T(read(fd, buffer, 100));
    T(pread(fd, buffer, 5, 7));
    T(pread(fd, buffer, 5, 100));
    T(pread(fd, buffer, 5, -1));
    T(pwrite(fd, "HELLO", 5, 0));
    T(lseek(fd, -1, SEEK_SET));
    T(lseek(fd, 0, 17));
    T(lseek(fd, 1, SEEK_END));
    T(write(fd, "!", 1));
    T(pread(fd, buffer, 100, 0));
    printf("%d %.12s\n", buffer[12], buffer);
    T(ftruncate(fd, 5));
    T(ftruncate(fd, 9));
    T(ftruncate(fd, -1));
    T(pread(fd, buffer, 100, 0));
    printf("%.5s %d%d%d%d\n", buffer, buffer[5], buffer[6], buffer[7], buffer[8]);
    T(truncate("f", 3));
    T(truncate("none", 3));
    T(truncate(".", 3));
    T(lseek(fd, 0, SEEK_END));

    int append = open("f", O_WRONLY | O_APPEND);
    T(write(append, "abc", 3));
    T(pwrite(append, "def", 3, 0));
    T(lseek(append, 0, SEEK_CUR));
    T(read(append, buffer, 1));
    T(pread(fd, buffer, 100, 0));
    printf("%.9s\n", buffer);
    int readonly = open("f", O_RDONLY);
    T(write(readonly, "x", 1));
    T(ftruncate(readonly, 0));
    T(fcntl(append, F_GETFL) & ~O_LARGEFILE & ~0100000);
    T(fcntl(append, F_SETFL, O_NONBLOCK));
    T(fcntl(append, F_GETFL) & ~0100000);

    struct iovec v[3] = {{"one", 3}, {NULL, 0}, {"three", 5}};
    T(lseek(fd, 0, SEEK_SET));
    T(writev(fd, v, 3));
    T(writev(fd, v, -1));
    T(writev(fd, v, 1025));
    T(writev(fd, v, 0));
    char first[4] = {0}, second[10] = {0};
    struct iovec r[2] = {{first, 3}, {second, 9}};
    T(preadv(fd, r, 2, 0));
    printf("%s %s\n", first, second);
    T(syscall(SYS_preadv2, fd, r, 2, 1L, 0L, 0));
    r[0].iov_len = -1;
    T(readv(fd, r, 2));

    T(read(-1, buffer, 1));
    T(read(99, buffer, 1));
    T(write(99, buffer, 1));
    T(close(99));
    T(dup(99));
    int d = dup(fd);
    T(lseek(d, 2, SEEK_SET));
    T(lseek(fd, 0, SEEK_CUR));
    T(dup2(fd, fd));
    T(dup2(99, 99));
    T(dup2(fd, 50));
    T(dup2(fd, -1));
    T(dup3(fd, fd, 0));
    T(dup3(fd, 51, O_CLOEXEC));
    T(fcntl(51, F_GETFD));
    T(fcntl(50, F_GETFD));
    T(fcntl(fd, F_DUPFD, 60));
    T(fcntl(fd, F_DUPFD_CLOEXEC, 60));
    T(fcntl(61, F_GETFD));
    T(fcntl(fd, F_DUPFD, -1));
    T(fcntl(fd, F_DUPFD, 1 << 30));
    T(fcntl(fd, 9999));
    T(syscall(SYS_close_range, 50, 1000, 0));
    T(fcntl(60, F_GETFD));
    T(syscall(SYS_close_range, 5, 4, 0));

    /* holes */
    int hole = open("hole", O_RDWR | O_CREAT, 0600);
    T(pwrite(hole, "x", 1, 100000));
    T(lseek(hole, 0, SEEK_DATA) <= 100000);
    T(lseek(hole, 100001, SEEK_DATA));
    T(lseek(hole, 200000, SEEK_HOLE));
    T(lseek(hole, 100000, SEEK_HOLE));
    T(pread(hole, big, 70000, 0));
    T(fallocate(hole, 0, 0, 200000));
    T(lseek(hole, 0, SEEK_END));
    T(fallocate(hole, 1, 0, 300000));
    T(lseek(hole, 0, SEEK_END));
    T(fallocate(hole, 3, 99999, 3));
    T(pread(hole, buffer, 3, 99999));
    printf("%d %d %d\n", buffer[0], buffer[1], buffer[2]);
    T(fallocate(hole, 0, -1, 5));
    T(fallocate(hole, 0, 0, 0));
    T(fallocate(readonly, 0, 0, 5));

    /* copies */
    memset(big, 'b', sizeof big);
    int source = open("source", O_RDWR | O_CREAT, 0600);
    T(write(source, big, sizeof big));
    off_t offset = 10;
    int target = open("target", O_RDWR | O_CREAT, 0600);
    T(sendfile(target, source, &offset, 100));
    T(offset);
    T(lseek(source, 0, SEEK_SET));
    T(sendfile(target, source, NULL, 1000000));
    T(lseek(source, 0, SEEK_CUR));
    T(lseek(target, 0, SEEK_CUR));
    off_t from = 5, to = 7;
    T(copy_file_range(source, &from, target, &to, 50, 0));
    T(from);
    T(to);
    from = 0;
    to = 5;
    T(copy_file_range(source, &from, source, &to, 50, 0));
    T(copy_file_range(source, &from, target, &to, 50, 1));

    /* attributes */
    T(chmod("f", 04755));
    mode_of("f");
    T(write(fd, "x", 1));
    T(fchmod(fd, 0640));
    mode_of("f");
    T(chmod("none", 0));
    T(chown("f", 1, 2));
    mode_of("f");
    T(fchown(fd, -1, 5));
    mode_of("f");
    T(fchmod(fd, 06755));
    T(chown("f", 0, 0));
    mode_of("f");
    symlink("f", "link");
    T(lchown("link", 3, 3));
    mode_of("link");
    mode_of("f");
    T(fchmodat(AT_FDCWD, "link", 0600, 0));
    mode_of("f");
    struct timespec times[2] = {{1000, 5}, {2000, 6}};
    T(utimensat(AT_FDCWD, "f", times, 0));
    times_of("f");
    times[0].tv_nsec = UTIME_OMIT;
    times[1].tv_sec = 3000;
    T(utimensat(AT_FDCWD, "f", times, 0));
    times_of("f");
    T(futimens(fd, times));
    times[1].tv_nsec = 1000000000;
    T(futimens(fd, times));
    times[1] = (struct timespec) {-5, 6};
    T(utimensat(AT_FDCWD, "link", times, AT_SYMLINK_NOFOLLOW));
    times_of("f");
    struct timeval tv[2] = {{10, 20}, {30, 40}};
    T(utimes("f", tv));
    times_of("f");
    tv[0].tv_usec = 1000000;
    T(utimes("f", tv));
    T(utimes("none", NULL));
    struct stat before, after;
    stat("f", &before);
    T(write(fd, "y", 1));
    stat("f", &after);
    printf("mtime moves %d\n", after.st_mtim.tv_sec > before.st_mtim.tv_sec);

    /* unlink while open, and modes from umask */
    T(unlink("f"));
    T(pread(fd, buffer, 3, 0));
    struct stat s;
    fstat(fd, &s);
    printf("links %d\n", (int) s.st_nlink);
    umask(077);
    close(open("masked", O_CREAT | O_WRONLY, 0666));
    mode_of("masked");
    T(umask(0));
    mkdir("d", 02777);
    mode_of("d");
    T(mknod("fifo", S_IFIFO | 0640, 0));
    mode_of("fifo");
    T(mknod("regular", 0600, 0));
    mode_of("regular");
    T(mknod("directory", S_IFDIR | 0600, 0));
    T(mknod("odd", 0170000, 0));

    /* exchange of memory and file */
    int shared = open("shared", O_RDWR | O_CREAT, 0600);
    ftruncate(shared, 8192);
    char *map = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, shared, 0);
    strcpy(map, "mapped");
    T(pread(shared, buffer, 7, 0));
    printf("%s\n", buffer);
    T(pwrite(shared, "MAP", 3, 0));
    printf("%s\n", map);
    char *private = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, shared, 0);
    private[0] = 'p';
    printf("%s %s\n", map, private);
    if (fork() == 0) {
        map[1] = 'C';
        _exit(0);
    }
    wait(NULL);
    printf("%s\n", map);

    /* memfd and seals */
    int memory = memfd_create("name", MFD_ALLOW_SEALING);
    T(write(memory, "12345", 5));
    T(fcntl(memory, F_GET_SEALS));
    T(fcntl(memory, F_ADD_SEALS, F_SEAL_GROW));
    T(write(memory, "6", 1));
    T(pwrite(memory, "6", 1, 0));
    T(ftruncate(memory, 2));
    T(fcntl(memory, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SEAL));
    T(pwrite(memory, "6", 1, 0));
    T(fcntl(memory, F_ADD_SEALS, F_SEAL_SHRINK));
    T(fcntl(memory, F_ADD_SEALS, 0x10000));
    T(memfd_create("x", 0x8000));
    T(fcntl(fd, F_ADD_SEALS, 1) == -1);

    /* extended attributes */
    char value[10] = {0};
    T(setxattr("masked", "user.name", "value", 5, 0));
    T(getxattr("masked", "user.name", value, 10));
    printf("%s\n", value);
    T(getxattr("masked", "user.name", NULL, 0));
    T(getxattr("masked", "user.name", value, 2));
    T(getxattr("masked", "user.other", value, 10));
    T(setxattr("masked", "user.name", "v", 1, XATTR_CREATE));
    T(setxattr("masked", "user.other", "v", 1, XATTR_REPLACE));
    T(setxattr("masked", "bad", "v", 1, 0));
    T(listxattr("masked", buffer, 100));
    T(removexattr("masked", "user.name"));
    T(removexattr("masked", "user.name"));
    T(fsetxattr(99, "user.name", "v", 1, 0));

    T(fsync(fd));
    T(fdatasync(99));
    int pipes[2];
    pipe(pipes);
    T(fsync(pipes[0]));
    T(lseek(pipes[0], 0, SEEK_CUR));
    T(pread(pipes[0], buffer, 1, 0));
    T(posix_fadvise(fd, 0, 0, POSIX_FADV_WILLNEED));
    T(posix_fadvise(pipes[0], 0, 0, 0));
    T(ftruncate(pipes[1], 0));
    int on = 1;
    T(ioctl(fd, FIONBIO, &on));
    T(ioctl(fd, FIOCLEX));
    T(fcntl(fd, F_GETFD));
    T(ioctl(fd, TIOCGWINSZ, buffer));
    T(isatty(fd));
    return 0;
}
