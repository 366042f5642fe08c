#include "fs.h"
#include <linux/openat2.h>

static void stat_of(const char *path) {
    struct stat s;
    int result = lstat(path, &s);
    if (result < 0) {
        printf("lstat %s: %s\n", path, strerrorname_np(errno));
    } else {
        printf("lstat %s: mode %o links %d size %lld\n", path, s.st_mode, S_ISDIR(s.st_mode) ? 0 : (int) s.st_nlink, S_ISDIR(s.st_mode) ? 0LL : (long long) s.st_size);
    }
}

static int open2(int at, const char *path, unsigned long flags, unsigned long resolve) {
    struct open_how how = {.flags = flags, .resolve = resolve};
    int fd = syscall(SYS_openat2, at, path, &how, sizeof how);
    if (fd >= 0) {
        close(fd);
        return 0;
    }
    return -1;
}

int main(void) {
    char name[300], path[5000];
    memset(name, 'n', sizeof name);
    memset(path, '/', sizeof path);
    path[4999] = 0;
    umask(022);
    T(mkdir("a", 0777));
    T(mkdir("a/b/", 0700));
    T(mkdir("a", 0777));
    T(mkdir("a/b/.", 0777));
    T(mkdir("a/..", 0777));
    T(mkdir("/", 0777));
    T(mkdir("none/x", 0777));
    T(symlink("a/b", "link"));
    T(symlink("link", "link"));
    T(symlink("", "empty"));
    T(symlink("loop", "loop"));
    T(symlink("missing", "dangling"));
    T(mkdir("dangling", 0777));
    T(mkdir("dangling/", 0777));
    OK(open("a/file", O_CREAT | O_WRONLY, 0666));
    OK(open("a/file", O_CREAT | O_EXCL, 0666));
    OK(open("a/file/", O_RDONLY));
    OK(open("a/file/", O_RDONLY | O_CREAT, 0666));
    OK(open("a/new/", O_WRONLY | O_CREAT, 0666));
    OK(open("a", O_WRONLY));
    OK(open("a", O_RDONLY | O_CREAT, 0666));
    OK(open("a", O_DIRECTORY | O_CREAT, 0666));
    OK(open("link", O_NOFOLLOW));
    OK(open("link/", O_NOFOLLOW));
    OK(open("link", O_NOFOLLOW | O_DIRECTORY));
    OK(open("link", O_DIRECTORY));
    OK(open("loop", O_RDONLY));
    OK(open("loop/x", O_RDONLY));
    OK(open("dangling", O_RDONLY));
    OK(open("dangling", O_RDONLY | O_CREAT | O_EXCL, 0666));
    OK(open("dangling", O_RDONLY | O_CREAT, 0640));
    OK(open("", O_RDONLY));
    OK(open("a/file", O_TMPFILE | O_RDWR, 0600));
    OK(open("a", O_TMPFILE | O_RDWR, 0600));
    OK(open("a", O_TMPFILE | O_RDONLY, 0600));
    stat_of("missing");
    name[255] = 0;
    OK(open(name, O_RDONLY));
    name[255] = 'n';
    name[256] = 0;
    OK(open(name, O_RDONLY));
    OK(open(path, O_RDONLY));
    path[4095] = 0;
    OK(open(path, O_RDONLY));
    stat_of("a");
    stat_of("a/b");
    stat_of("link");
    stat_of("link/");
    stat_of("a/file");
    stat_of("a/file/");
    stat_of("a/file/..");
    stat_of("a/./../a/file");

    T(link("a/file", "hard"));
    T(link("a/file", "hard"));
    T(link("a", "dirlink"));
    T(link("none", "x"));
    T(link("link", "linklink"));
    T(linkat(AT_FDCWD, "link", AT_FDCWD, "followed", AT_SYMLINK_FOLLOW));
    T(link("hard", "slash/"));
    stat_of("hard");
    stat_of("linklink");

    T(rename("hard", "a/file"));
    stat_of("hard");
    T(rename("a", "a/b/c"));
    T(rename("a/b", "a"));
    T(rename("a/file", "a/b"));
    T(rename("a/b", "a/file"));
    T(rename("a/file", "moved/"));
    T(rename("a/file", "moved"));
    T(rename("none", "moved"));
    T(rename("a/.", "x"));
    T(rename("a", "x/.."));
    T(rename("a", "a"));
    T(syscall(SYS_renameat2, AT_FDCWD, "moved", AT_FDCWD, "a", 1));
    T(syscall(SYS_renameat2, AT_FDCWD, "moved", AT_FDCWD, "a", 2));
    T(syscall(SYS_renameat2, AT_FDCWD, "moved", AT_FDCWD, "none", 2));
    T(syscall(SYS_renameat2, AT_FDCWD, "moved", AT_FDCWD, "a", 3));
    T(syscall(SYS_renameat2, AT_FDCWD, "moved", AT_FDCWD, "a", 2));
    stat_of("moved");
    stat_of("a");

    T(unlink("a"));
    T(unlink("a/"));
    T(unlink("moved/"));
    T(unlink("a/."));
    T(unlink("none"));
    T(unlink("link/"));
    T(rmdir("a"));
    T(rmdir("a/b/."));
    T(rmdir("a/b/.."));
    T(rmdir("moved"));
    T(rmdir("link"));
    T(rmdir("/"));
    T(unlinkat(AT_FDCWD, "a/b", 0));
    T(unlinkat(AT_FDCWD, "a/b", AT_REMOVEDIR));
    T(unlinkat(AT_FDCWD, "a", 77));
    T(mkdir("a/b", 0755));

    char text[64] = {0};
    T(readlink("link", text, sizeof text));
    printf("%s\n", text);
    T(readlink("link", text, 2));
    T(readlink("link", text, 0));
    T(readlink("a", text, 9));
    T(readlink("none", text, 9));
    T(readlink("", text, 9));

    int at = open("a", O_PATH | O_DIRECTORY);
    T(mkdirat(at, "c", 0755));
    T(faccessat(at, "c", F_OK, 0));
    T(faccessat(at, "d", F_OK, 0));
    T(faccessat(99, "c", F_OK, 0));
    T(faccessat(99, "/", F_OK, 0));
    T(access("a", 8));
    T(access("a/file", X_OK));
    T(read(at, text, 1));
    T(fchdir(at));
    T(access("c", F_OK));
    T(chdir("../link"));
    char *cwd = getcwd(NULL, 0);
    printf("cwd ends in %s\n", cwd ? strrchr(cwd, '/') : strerrorname_np(errno));
    T(chdir(".."));
    T(rmdir("b"));
    T(chdir("nothing"));
    T(chdir("../moved"));
    T(chdir("c"));
    T(rmdir("../c"));
    T(syscall(SYS_getcwd, text, sizeof text));
    OK(open("file", O_CREAT | O_WRONLY, 0666));
    OK(open(".", O_RDONLY));
    OK(open("..", O_RDONLY));
    T(chdir(".."));
    T(chdir(".."));
    T(syscall(SYS_getcwd, text, 1));

    struct stat s;
    T(fstatat(at, "", &s, AT_EMPTY_PATH));
    T(fstatat(at, "", &s, 0));
    T(fstatat(AT_FDCWD, "a", &s, 0x10));
    struct statx x;
    T(statx(AT_FDCWD, "a", 0, STATX_BASIC_STATS, &x));
    printf("statx mode %o mask %x\n", x.stx_mode, x.stx_mask & STATX_BASIC_STATS);
    T(statx(AT_FDCWD, "a", 0x6000, STATX_BASIC_STATS, &x));
    T(statx(AT_FDCWD, "a", 0, 0x80000000, &x));

    mkdir("root", 0755);
    mkdir("root/sub", 0755);
    symlink("/sub", "root/absolute");
    symlink("../../a", "root/up");
    symlink("sub", "root/relative");
    at = open("root", O_PATH);
    T(open2(at, "sub", O_RDONLY, RESOLVE_BENEATH));
    T(open2(at, "..", O_RDONLY, RESOLVE_BENEATH));
    T(open2(at, "sub/..", O_RDONLY, RESOLVE_BENEATH));
    T(open2(at, "absolute", O_RDONLY, RESOLVE_BENEATH));
    T(open2(at, "up", O_RDONLY, RESOLVE_BENEATH));
    T(open2(at, "/sub", O_RDONLY, RESOLVE_BENEATH));
    T(open2(at, "absolute", O_RDONLY, RESOLVE_IN_ROOT));
    T(open2(at, "up", O_RDONLY, RESOLVE_IN_ROOT));
    T(open2(at, "/../../sub", O_RDONLY, RESOLVE_IN_ROOT));
    T(open2(at, "relative", O_RDONLY, RESOLVE_NO_SYMLINKS));
    T(open2(at, "sub", O_RDONLY, RESOLVE_NO_SYMLINKS));
    T(open2(AT_FDCWD, "/proc/self/exe", O_RDONLY, RESOLVE_NO_MAGICLINKS));
    T(open2(AT_FDCWD, "/proc/self/status", O_RDONLY, RESOLVE_NO_MAGICLINKS));
    T(open2(AT_FDCWD, "/proc/self/status", O_RDONLY, RESOLVE_NO_XDEV));
    T(open2(at, "sub", O_RDONLY, 0x18));
    T(open2(at, "sub", 1UL << 40, 0));
    T(open2(at, "sub", O_RDONLY, 1 << 10));
    T(syscall(SYS_openat2, at, "sub", text, 3));

    if (fork() == 0) {
        T(chroot("root"));
        T(chdir("/"));
        OK(open("/sub", O_RDONLY));
        OK(open("/../../sub", O_RDONLY));
        OK(open("/absolute/..", O_RDONLY));
        OK(open("/a", O_RDONLY));
        cwd = getcwd(NULL, 0);
        printf("cwd %s\n", cwd);
        _exit(0);
    }
    wait(NULL);
    return 0;
}
