#include "fs.h"

static long lock(int fd, int command, int type, long start, long length) {
    struct flock l = {.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = length};
    long result = fcntl(fd, command, &l);
    if ((command == F_GETLK || command == F_OFD_GETLK) && result == 0) {
        printf("  %d %lld %lld %s\n", l.l_type, (long long) l.l_start, (long long) l.l_len, l.l_type == F_UNLCK ? "" : l.l_pid == -1 ? "-1" : l.l_pid == getppid() ? "parent" : "other");
    }
    return result;
}

int main(void) {
    int fd = open("f", O_RDWR | O_CREAT, 0600);
    T(lock(fd, F_SETLK, F_WRLCK, 10, 10));
    T(lock(fd, F_SETLK, F_RDLCK, 15, 10));
    T(lock(fd, F_GETLK, F_WRLCK, 0, 0));
    T(lock(fd, F_SETLK, 77, 0, 0));
    T(lock(fd, F_SETLK, F_WRLCK, -1, 0));
    T(lock(fd, F_SETLK, F_WRLCK, 5, -3));
    T(lock(fd, F_SETLK, F_WRLCK, 5, -6));
    int readonly = open("f", O_RDONLY);
    T(lock(readonly, F_SETLK, F_WRLCK, 0, 1));
    int ready[2], go[2];
    char c;
    pipe(ready);
    pipe(go);
    fflush(stdout);
    if (fork() == 0) {
        T(lock(fd, F_GETLK, F_WRLCK, 0, 0));
        T(lock(fd, F_GETLK, F_RDLCK, 15, 5));
        T(lock(fd, F_GETLK, F_WRLCK, 15, 5));
        T(lock(fd, F_SETLK, F_WRLCK, 12, 1));
        T(lock(fd, F_SETLK, F_RDLCK, 20, 1));
        T(lock(fd, F_SETLK, F_WRLCK, 100, 1));
        write(ready[1], "r", 1);
        _exit(lock(fd, F_SETLKW, F_WRLCK, 10, 100) == -1 ? errno : 0);
    }
    read(ready[0], &c, 1);
    /* each has what the other wants: whoever asks last is refused */
    int refused = lock(fd, F_SETLKW, F_WRLCK, 100, 1) == -1 ? errno : 0;
    lock(fd, F_SETLK, F_UNLCK, 0, 0);
    int status;
    wait(&status);
    printf("one of both: %s\n", strerrorname_np(refused + WEXITSTATUS(status)));
    T(lock(fd, F_SETLK, F_WRLCK, 0, 0));

    /* closing any descriptor gives them up */
    close(open("f", O_RDONLY));
    fflush(stdout);
    if (fork() == 0) {
        T(lock(fd, F_GETLK, F_WRLCK, 0, 0));
        _exit(0);
    }
    wait(NULL);

    /* open file description locks */
    int other = open("f", O_RDWR);
    T(lock(fd, F_OFD_SETLK, F_WRLCK, 0, 10));
    T(lock(other, F_OFD_SETLK, F_WRLCK, 5, 10));
    T(lock(other, F_OFD_GETLK, F_WRLCK, 5, 10));
    T(lock(other, F_SETLK, F_WRLCK, 5, 10));
    int same = dup(fd);
    close(fd);
    T(lock(other, F_OFD_SETLK, F_WRLCK, 5, 10));
    close(same);
    T(lock(other, F_OFD_SETLK, F_WRLCK, 5, 10));

    /* flock */
    fd = open("f", O_RDWR);
    T(flock(fd, LOCK_SH));
    T(flock(other, LOCK_SH | LOCK_NB));
    T(flock(fd, LOCK_EX | LOCK_NB));
    T(flock(other, LOCK_UN));
    T(flock(fd, LOCK_EX | LOCK_NB));
    T(flock(other, LOCK_SH | LOCK_NB));
    T(flock(fd, 77));
    T(flock(99, LOCK_EX));
    fflush(stdout);
    if (fork() == 0) {
        close(fd);
        usleep(20000);
        _exit(0);
    }
    close(fd);
    T(flock(other, LOCK_EX));
    wait(NULL);
    return 0;
}
