#include "fs.h"

static void show(const char *path) {
    char buffer[4096];
    int fd = open(path, O_RDONLY);
    long count = fd < 0 ? -1 : read(fd, buffer, sizeof buffer);
    printf("%s: ", path);
    if (count < 0) {
        printf("%s\n", strerrorname_np(errno));
        return;
    }
    for (int i = 0; i < count; i++) {
        putchar(buffer[i] ? buffer[i] : '|');
    }
    printf("\n");
    close(fd);
}

static void line(const char *path, const char *name) {
    char buffer[200];
    FILE *f = fopen(path, "r");
    while (fgets(buffer, sizeof buffer, f)) {
        if (strncmp(buffer, name, strlen(name)) == 0) {
            printf("%s", buffer);
        }
    }
    fclose(f);
}

static void link_of(const char *path) {
    char buffer[500] = {0};
    long count = readlink(path, buffer, sizeof buffer);
    if (count < 0) {
        printf("%s: %s\n", path, strerrorname_np(errno));
        return;
    }
    char *colon = strchr(buffer, ':');
    if (colon && colon[1] == '[' && strncmp(buffer, "anon", 4) != 0) {
        colon[1] = 0;
    }
    char *last = strrchr(buffer, '/');
    printf("%s -> %s\n", path, last ? last : buffer);
}

int main(int argc, char **argv) {
    char path[100], buffer[100];
    sprintf(path, "%d", getpid());
    long count = readlink("/proc/self", buffer, sizeof buffer);
    buffer[count] = 0;
    printf("self is me %d\n", strcmp(path, buffer) == 0);
    sprintf(path, "%d/task/%d", getpid(), gettid());
    count = readlink("/proc/thread-self", buffer, sizeof buffer);
    buffer[count] = 0;
    printf("thread-self is me %d\n", strcmp(path, buffer) == 0);
    show("/proc/self/comm");
    show("/proc/self/environ");
    show("/proc/self/attr/none");
    show("/proc/self/none");
    link_of("/proc/self/exe");
    T(access("/proc/self/exe", X_OK));
    T(access("/proc/self/maps", R_OK));
    line("/proc/self/status", "Name");
    line("/proc/self/status", "State");
    line("/proc/self/status", "Umask");
    line("/proc/self/status", "TracerPid");
    line("/proc/self/status", "Uid");
    line("/proc/self/status", "Threads");
    line("/proc/self/status", "SigBlk");
    line("/proc/self/limits", "Limit");
    line("/proc/self/limits", "Max core");

    int pid, ppid, pgrp, session;
    char state, comm[50];
    FILE *f = fopen("/proc/self/stat", "r");
    T(fscanf(f, "%d %49s %c %d %d %d", &pid, comm, &state, &ppid, &pgrp, &session));
    printf("%s %c %d %d %d %d\n", comm, state, pid == getpid(), ppid == getppid(), pgrp == getpgrp(), session == getsid(0));
    int fields = 6;
    while (fscanf(f, "%99s", buffer) == 1) {
        fields++;
    }
    printf("fields %d\n", fields);
    fclose(f);

    int fd = open("comm", O_CREAT | O_RDWR | O_APPEND | O_CLOEXEC, 0600);
    T(write(fd, "12345", 5));
    sprintf(path, "/proc/self/fdinfo/%d", fd);
    line(path, "pos");
    line(path, "flags");
    sprintf(path, "/proc/self/fd/%d", fd);
    link_of(path);
    int again = open(path, O_RDONLY);
    T(read(again, buffer, 10));
    unlink("comm");
    link_of(path);
    int deleted = open(path, O_RDWR);
    T(read(deleted, buffer, 10));
    struct stat a, b;
    fstat(fd, &a);
    T(stat(path, &b));
    printf("same %d\n", a.st_ino == b.st_ino);
    T(lstat(path, &b));
    printf("link mode %o\n", b.st_mode);
    T(stat("/proc/self/fd/99", &b));
    int p[2];
    pipe(p);
    sprintf(path, "/proc/self/fd/%d", p[0]);
    link_of(path);
    fstat(p[0], &a);
    T(stat(path, &b));
    printf("same %d %o\n", a.st_ino == b.st_ino, b.st_mode);
    sprintf(path, "/dev/fd/%d", p[1]);
    int writer = open(path, O_WRONLY);
    T(write(writer, "through", 7));
    T(read(p[0], buffer, 100));
    T(fcntl(writer, F_GETFL) & ~0100000);

    T(chdir("/proc/self"));
    T(access("fd/0", F_OK));
    T(chdir("/proc/999999999"));
    T(chdir("/proc/none"));
    T(mkdir("/proc/self/x", 0777));
    T(mkdir("/proc/x", 0777));
    T(unlink("/proc/self/stat"));
    OK(open("/proc/self/stat", O_WRONLY));
    OK(open("/proc/self/comm", O_WRONLY | O_TRUNC));
    fd = open("/proc/self/comm", O_WRONLY);
    T(write(fd, "renamed\n", 8));
    show("/proc/self/comm");
    DIR *d = opendir("/proc/self/task");
    int threads = 0;
    while (readdir(d)) {
        threads++;
    }
    printf("entries %d\n", threads);
    d = opendir("/proc/self/fd");
    printf("fd dir %d\n", d != NULL);
    fd = open("/proc/self/stat", O_RDONLY);
    T(lseek(fd, 0, SEEK_END));
    T(lseek(fd, 2, SEEK_SET));
    T(read(fd, buffer, 1));
    struct stat s;
    T(stat("/proc/self/stat", &s));
    printf("%o %lld\n", s.st_mode, (long long) s.st_size);
    T(stat("/proc/self", &s));
    printf("%o\n", s.st_mode);
    fflush(stdout);
    if (fork() == 0) {
        pid_t parent = getppid();
        sprintf(path, "/proc/%d/comm", parent);
        f = fopen(path, "r");
        T(fscanf(f, "%49s", comm));
        printf("%s\n", comm);
        sprintf(path, "/proc/%d/cmdline", parent);
        f = fopen(path, "r");
        memset(buffer, 0, sizeof buffer);
        printf("cmdline %d\n", fread(buffer, 1, 90, f) > 0);
        fflush(stdout);
        _exit(0);
    }
    wait(NULL);
    return 0;
}
