#include "fs.h"

static int compare(const void *a, const void *b) {
    return strcmp(*(char **) a, *(char **) b);
}

static void list(const char *path) {
    DIR *d = opendir(path);
    char *names[1000];
    int count = 0;
    for (struct dirent *e; (e = readdir(d));) {
        char *line;
        if (asprintf(&line, "%s:%d", e->d_name, e->d_type) < 0) {
            exit(1);
        }
        names[count++] = line;
    }
    qsort(names, count, sizeof *names, compare);
    for (int i = 0; i < count; i++) {
        printf("%s ", names[i]);
    }
    printf("\n");
    closedir(d);
}

int main(void) {
    char name[32];
    mkdir("d", 0755);
    for (int i = 0; i < 300; i++) {
        sprintf(name, "d/file%03d", i);
        close(open(name, O_CREAT, 0600));
    }
    mkdir("d/dir", 0755);
    symlink("x", "d/link");
    mkfifo("d/fifo", 0600);
    list("d");

    /* removing while reading */
    DIR *d = opendir("d");
    int seen = 0;
    for (struct dirent *e; (e = readdir(d));) {
        if (strncmp(e->d_name, "file", 4) == 0) {
            seen++;
            sprintf(name, "d/%s", e->d_name);
            unlink(name);
        }
    }
    printf("seen %d\n", seen);
    rewinddir(d);
    seen = 0;
    while (readdir(d)) {
        seen++;
    }
    printf("left %d\n", seen);

    /* positions can be come back to */
    for (int i = 0; i < 20; i++) {
        sprintf(name, "d/g%d", i);
        close(open(name, O_CREAT, 0600));
    }
    rewinddir(d);
    for (int i = 0; i < 7; i++) {
        readdir(d);
    }
    long position = telldir(d);
    char expected[256];
    strcpy(expected, readdir(d)->d_name);
    while (readdir(d)) {
    }
    seekdir(d, position);
    printf("same entry %d\n", strcmp(expected, readdir(d)->d_name) == 0);
    closedir(d);

    int fd = open("d", O_RDONLY);
    char buffer[4096];
    T(syscall(SYS_getdents64, fd, buffer, 10));
    T(syscall(SYS_getdents64, fd, buffer, 24));
    T(syscall(SYS_getdents64, fd, buffer, 24));
    T(syscall(SYS_getdents64, fd, (void *) 8, 4096));
    T(lseek(fd, 0, SEEK_SET));
    T(syscall(SYS_getdents, fd, buffer, 24));
    printf("%s type %d\n", buffer + 18, buffer[23]);
    T(read(fd, buffer, 10));
    T(syscall(SYS_getdents64, 99, buffer, 100));
    int file = open("d/g1", O_RDONLY);
    T(syscall(SYS_getdents64, file, buffer, 100));

    /* a directory that is gone */
    mkdir("gone", 0755);
    int gone = open("gone", O_RDONLY);
    rmdir("gone");
    T(syscall(SYS_getdents64, gone, buffer, 4096));
    OK(openat(gone, "x", O_CREAT, 0600));
    T(mkdirat(gone, "x", 0600));
    struct stat s;
    fstat(gone, &s);
    printf("links %d\n", (int) s.st_nlink);

    /* sticky directories and other users */
    mkdir("sticky", 0777);
    chmod("sticky", 01777);
    close(open("sticky/roots", O_CREAT, 0666));
    chmod(".", 0755);
    mkdir("closed", 0700);
    close(open("closed/file", O_CREAT, 0666));
    fflush(stdout);
    if (fork() == 0) {
        T(setgid(1000));
        T(setuid(1000));
        T(chdir("sticky"));
        T(unlink("roots"));
        T(rename("roots", "mine"));
        OK(open("mine", O_CREAT | O_WRONLY, 0600));
        T(unlink("mine"));
        OK(open("../closed/file", O_RDONLY));
        T(access("../closed", R_OK));
        T(chmod("roots", 0777));
        T(chown("roots", 1000, 1000));
        T(utimensat(AT_FDCWD, "roots", NULL, 0));
        T(truncate("roots", 0));
        T(mkdir("../x", 0777));
        T(mknod("device", S_IFCHR | 0600, makedev(1, 3)));
        T(chroot("."));
        T(link("roots", "hard"));
        T(setxattr("roots", "user.x", "y", 1, 0));
        T(setxattr("roots", "trusted.x", "y", 1, 0));
        fflush(stdout);
        _exit(0);
    }
    wait(NULL);
    list("sticky");

    struct statfs f;
    T(statfs("/proc", &f));
    printf("proc %lx\n", (long) f.f_type);
    T(statfs("/dev", &f));
    printf("dev %lx\n", (long) f.f_type);
    T(statfs("none", &f));
    T(fstatfs(99, &f));
    int pipes[2];
    pipe(pipes);
    T(fstatfs(pipes[0], &f));
    printf("pipe %lx\n", (long) f.f_type);

    /* devices */
    int null = open("/dev/null", O_RDWR);
    T(read(null, buffer, 10));
    T(write(null, buffer, 10));
    int zero = open("/dev/zero", O_RDWR);
    buffer[0] = 'x';
    T(read(zero, buffer, 10));
    printf("%d\n", buffer[0]);
    char *map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, zero, 0);
    map[5] = 1;
    printf("%d %d\n", map[4], map[5]);
    T(write(open("/dev/full", O_WRONLY), "x", 1));
    T(read(open("/dev/full", O_RDONLY), buffer, 3));
    T(read(open("/dev/urandom", O_RDONLY), buffer, 100));
    fstat(null, &s);
    printf("%o %d:%d\n", s.st_mode, major(s.st_rdev), minor(s.st_rdev));
    T(lseek(null, 10, SEEK_SET));
    T(mknod("device", S_IFCHR | 0600, makedev(1, 3)));
    OK(open("device", O_RDWR));
    T(mknod("nodevice", S_IFCHR | 0600, makedev(4000, 3)));
    OK(open("nodevice", O_RDWR));
    T(mknod("socket", S_IFSOCK | 0600, 0));
    OK(open("socket", O_RDWR));
    return 0;
}
