#include "fs.h"
#include <sys/inotify.h>

static int in;
static uint32_t first_cookie;

/* All events that are there; cookies as same or other. */
static void show(const char *after) {
    char buffer[4096] __attribute__((aligned(8)));
    long count = read(in, buffer, sizeof buffer);
    printf("%s:", after);
    for (long at = 0; at < count;) {
        struct inotify_event *e = (struct inotify_event *) (buffer + at);
        printf(" [%d %x %s%s]", e->wd, e->mask, e->len ? e->name : "-", e->cookie == 0 ? "" : e->cookie == first_cookie ? " same" : " new");
        first_cookie = e->cookie;
        at += sizeof *e + e->len;
    }
    printf(count < 0 ? " %s\n" : "\n", strerrorname_np(errno));
}

int main(void) {
    uint32_t names = IN_CREATE | IN_DELETE | IN_MOVE, contents = IN_MODIFY | IN_CLOSE_WRITE;
    mkdir("d", 0755);
    mkdir("e", 0755);
    in = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    T(in >= 0);
    T(inotify_init1(77));
    T(inotify_add_watch(in, "d", names | contents));
    T(inotify_add_watch(in, "none", IN_CREATE));
    T(inotify_add_watch(in, "d", 0));
    T(inotify_add_watch(0, "d", IN_CREATE));
    T(inotify_add_watch(99, "d", IN_CREATE));
    T(inotify_add_watch(in, "d", IN_MASK_CREATE | IN_CREATE));
    T(inotify_add_watch(in, "d", IN_MASK_ADD | IN_MASK_CREATE | IN_CREATE));
    T(inotify_add_watch(in, "e", IN_ALL_EVENTS & (IN_CREATE | IN_MOVE)));
    show("nothing");
    int fd = open("d/f", O_CREAT | O_RDWR, 0600);
    show("create");
    write(fd, "x", 1);
    write(fd, "x", 1);
    show("write twice");
    T(inotify_add_watch(in, "d/f", IN_MODIFY | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_OPEN | IN_ACCESS));
    T(inotify_add_watch(in, "d/f", IN_ONLYDIR | IN_MODIFY));
    lseek(fd, 0, SEEK_SET);
    char c;
    read(fd, &c, 1);
    show("read");
    ftruncate(fd, 0);
    show("truncate");
    chmod("d/f", 0640);
    show("chmod");
    rename("d/f", "e/g");
    show("rename");
    mkdir("d/sub", 0755);
    rmdir("d/sub");
    show("directory");
    symlink("x", "d/l");
    link("e/g", "d/h");
    show("links");
    unlink("d/h");
    unlink("e/g");
    show("unlink");
    close(fd);
    show("close");
    T(inotify_rm_watch(in, 2));
    T(inotify_rm_watch(in, 2));
    show("removed");
    T(inotify_add_watch(in, "d", IN_CREATE | IN_ONESHOT));
    close(open("d/a", O_CREAT, 0600));
    close(open("d/b", O_CREAT, 0600));
    show("one shot");
    T(inotify_add_watch(in, "e", IN_CREATE));
    close(open("e/long name of a file", O_CREAT, 0600));
    struct pollfd p = {in, POLLIN};
    T(poll(&p, 1, -1));
    int bytes;
    T(ioctl(in, FIONREAD, &bytes));
    T(bytes);
    T(read(in, &bytes, 4));
    show("small buffer");
    return 0;
}
