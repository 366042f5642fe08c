/*
 * procwalk: reads the whole /proc of the machine it runs on into memory and streams what it read as one archive.
 *
 *   procwalk [-b MIB] [-r ROOT] [-p] [GLOB...]
 *
 * Without -p it walks once and writes one archive. With -p ("pair") it walks, writes "ready PID\n", waits for a line on
 * standard input, walks again and writes both archives: between its two readings nothing is transferred, so that little
 * moves but what moves anyway. GLOBs restrict the walk; they are matched component by component below /proc.
 * ROOT is /proc by default. MIB is the memory touched before each walk (32), so that reading moves no memory counter.
 *
 * The archive, all integers little-endian:
 *
 *   text lines "procwalk 1\n", "pid N\n", "\n"          the reader's own process id
 *   records    struct record, then the path below ROOT, then the content
 *   end        a struct record with kind 'E' and the number of nodes in `size`
 *
 * Nodes come in the order of readdir, a directory before its entries. Content is what read(2) gave, the text of a link,
 * or nothing. `error` is the errno of the first call that failed (lstat, open, read, readlink, getdents), whatever was
 * read before it.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

enum kind {
    DIRECTORY = 'D', LINK = 'L', REGULAR = 'F', SPECIAL = 'S',
    SAME_NET = 'N',     /* a net directory whose namespace was walked already; content: the path of that one */
    MOUNT = 'M',        /* a directory on another file system, not entered */
    SKIPPED = 'X',      /* a regular file that is not opened, see never_read */
    TRUNCATED = 'T',    /* more than FILE_LIMIT bytes */
    OVERDUE = 'O',      /* reading took too long; content is what came until then */
    UNKNOWN = 'U',      /* lstat failed */
    END = 'E'
};

struct record {
    uint8_t kind;
    uint8_t reserved;
    uint16_t path_length;
    uint32_t mode, uid, gid, nlink, error;
    uint64_t size;
    uint32_t content_length;
} __attribute__((packed));

struct rule { const char *glob; const char *reason; };

/* Every file that is listed and not read. */
static const struct rule never_read[] = {
    { "kmsg", "reading takes the messages away from the log daemon" },
    { "kcore", "the whole memory" },
    { "vmcore", "the whole memory" },
    { "kpage*", "a table of all page frames, changes while it is read" },
    { "[0-9]*/pagemap", "one word for each page of the address space: terabytes" },
    { "[0-9]*/task/[0-9]*/pagemap", "as above" },
};

/* CHUNK: the kernel allocates as much for each read of a sysctl, and refuses a few MiB. */
enum { FILE_LIMIT = 32 << 20, CHUNK = 64 << 10, DEPTH = 24, NAMESPACES = 256, PATH = 4096, OVERDUE_TICKS = 8 };
#define ARCHIVE_LIMIT (1UL << 30)

struct archive { unsigned char *bytes; size_t size; uint64_t nodes; };
struct namespace { char link[64]; char path[PATH]; };

static const char *root = "/proc";
static dev_t root_device;
static char **globs;
static int glob_count;
static char entries[DEPTH][32768] __attribute__((aligned(8)));
static struct namespace seen[NAMESPACES];
static int seen_count;
static volatile sig_atomic_t ticks;

static void on_tick(int signal) { (void) signal; ticks++; }

static void fail(const char *what) { perror(what); exit(1); }

/* Whether the first components of `path`, as many as both have, match one of the globs. */
static int wanted(const char *path)
{
    if (glob_count == 0 || *path == 0)
        return 1;
    for (int i = 0; i < glob_count; i++) {
        char prefix[PATH];
        const char *end = globs[i];
        for (const char *p = path; *end; end++)
            if (*end == '/' && !(p = strchr(p, '/') ? strchr(p, '/') + 1 : NULL))
                break;
        snprintf(prefix, sizeof prefix, "%.*s", (int) (end - globs[i]), globs[i]);
        if (fnmatch(prefix, path, FNM_PATHNAME | FNM_LEADING_DIR) == 0)
            return 1;
    }
    return 0;
}

static int is_never_read(const char *path)
{
    for (size_t i = 0; i < sizeof never_read / sizeof *never_read; i++)
        if (fnmatch(never_read[i].glob, path, FNM_PATHNAME) == 0)
            return 1;
    return 0;
}

/* Begins a record; its content is to be put at content_of(), and its lengths set, before the next one begins. */
static struct record *begin(struct archive *to, enum kind kind, const char *path, const struct stat *st, int error)
{
    size_t length = strlen(path);
    if (to->size + sizeof(struct record) + length + FILE_LIMIT + CHUNK + PATH > ARCHIVE_LIMIT) {
        fputs("procwalk: archive too large\n", stderr);
        exit(1);
    }
    struct record *record = (struct record *) (to->bytes + to->size);
    *record = (struct record) {
        .kind = kind, .path_length = length, .mode = st->st_mode, .uid = st->st_uid, .gid = st->st_gid,
        .nlink = st->st_nlink, .error = error, .size = st->st_size,
    };
    memcpy(record + 1, path, length);
    to->size += sizeof *record + length;
    to->nodes++;
    return record;
}

static void content(struct archive *to, struct record *record, const void *bytes, size_t length)
{
    memcpy(to->bytes + to->size, bytes, length);
    record->content_length = length;
    to->size += length;
}

static void read_file(struct archive *to, int directory, const char *name, const char *path, const struct stat *st)
{
    if (is_never_read(path)) {
        begin(to, SKIPPED, path, st, 0);
        return;
    }
    int started = ticks;
    int fd = openat(directory, name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC);
    struct record *record = begin(to, REGULAR, path, st, fd < 0 ? errno : 0);
    if (fd < 0)
        return;
    size_t length = 0;
    while (length < FILE_LIMIT) {
        ssize_t count = read(fd, to->bytes + to->size + length, CHUNK);
        if (count < 0 && errno == EINTR && ticks - started < 2)
            continue;
        if (count < 0)
            record->error = errno;
        if (count <= 0)
            break;
        length += count;
        if (ticks - started >= OVERDUE_TICKS) {
            record->kind = OVERDUE;
            break;
        }
    }
    if (record->error == EINTR)
        record->kind = OVERDUE;
    if (length >= FILE_LIMIT)
        record->kind = TRUNCATED;
    record->content_length = length;
    to->size += length;
    close(fd);
}

static void read_link(struct archive *to, int directory, const char *name, const char *path, const struct stat *st)
{
    char text[PATH];
    ssize_t length = readlinkat(directory, name, text, sizeof text);
    struct record *record = begin(to, LINK, path, st, length < 0 ? errno : 0);
    if (length > 0)
        content(to, record, text, length);
}

/*
 * The path of the net directory that shows the same namespace and is walked anyway; NULL if this one is to be walked.
 * A thread's is left out in favour of its process's, although that comes later.
 */
static const char *same_net(int task, const char *path)
{
    static char process[PATH];
    char link[64] = "", other[64] = "";
    if (readlinkat(task, "ns/net", link, sizeof link - 1) < 0)
        return NULL;
    const char *thread = strstr(path, "/task/");
    if (thread && readlinkat(task, "../../ns/net", other, sizeof other - 1) > 0 && strcmp(link, other) == 0) {
        snprintf(process, sizeof process, "%.*s/net", (int) (thread - path), path);
        return process;
    }
    for (int i = 0; i < seen_count; i++)
        if (strcmp(seen[i].link, link) == 0)
            return seen[i].path;
    if (seen_count < NAMESPACES) {
        strcpy(seen[seen_count].link, link);
        snprintf(seen[seen_count++].path, sizeof seen->path, "%s", path);
    }
    return NULL;
}

static int is_process(const char *path)
{
    const char *name = strrchr(path, '/');
    name = name ? name + 1 : path;
    return *name >= '0' && *name <= '9' && strspn(name, "0123456789") == strlen(name);
}

static void walk(struct archive *to, int parent, const char *name, const char *path, const struct stat *st, int depth)
{
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    size_t place = to->size;
    begin(to, DIRECTORY, path, st, fd < 0 ? errno : 0);
    if (fd < 0)
        return;
    char child[PATH];
    long length = 0;
    while (depth < DEPTH && (length = syscall(SYS_getdents64, fd, entries[depth], sizeof entries[depth])) > 0) {
        for (long at = 0; at < length; ) {
            struct dirent64 *entry = (struct dirent64 *) (entries[depth] + at);
            const char *leaf = entry->d_name;
            struct stat node;
            at += entry->d_reclen;
            if (strcmp(leaf, ".") == 0 || strcmp(leaf, "..") == 0)
                continue;
            if (snprintf(child, sizeof child, *path ? "%s/%s" : "%s%s", path, leaf) >= (int) sizeof child)
                continue;
            if (!wanted(child))
                continue;
            if (fstatat(fd, leaf, &node, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) < 0) {
                memset(&node, 0, sizeof node);
                begin(to, UNKNOWN, child, &node, errno);
            } else if (S_ISLNK(node.st_mode)) {
                read_link(to, fd, leaf, child, &node);
            } else if (S_ISREG(node.st_mode)) {
                read_file(to, fd, leaf, child, &node);
            } else if (!S_ISDIR(node.st_mode)) {
                begin(to, SPECIAL, child, &node, 0);
            } else if (node.st_dev != root_device) {
                begin(to, MOUNT, child, &node, 0);
            } else {
                const char *other = strcmp(leaf, "net") == 0 && is_process(path) ? same_net(fd, child) : NULL;
                if (other)
                    content(to, begin(to, SAME_NET, child, &node, 0), other, strlen(other));
                else
                    walk(to, fd, leaf, child, &node, depth + 1);
            }
        }
    }
    if (length < 0)
        ((struct record *) (to->bytes + place))->error = errno;
    close(fd);
}

/* Interrupts a read that blocks although it must not; a timer costs no system call for each file. */
static void tick_each_second(int on)
{
    setitimer(ITIMER_REAL, &(struct itimerval) { { on, 0 }, { on, 0 } }, NULL);
}

static void walk_all(struct archive *to)
{
    struct stat st;
    if (stat(root, &st) < 0)
        fail(root);
    root_device = st.st_dev;
    seen_count = 0;
    tick_each_second(1);
    to->size = sprintf((char *) to->bytes, "procwalk 1\npid %d\n\n", getpid());
    walk(to, AT_FDCWD, root, "", &st, 0);
    struct record *end = begin(to, END, "", &(struct stat) { 0 }, 0);
    end->size = to->nodes - 1;
    tick_each_second(0);
}

static void send_all(const struct archive *from)
{
    for (size_t at = 0; at < from->size; ) {
        ssize_t count = write(STDOUT_FILENO, from->bytes + at, from->size - at);
        if (count < 0 && errno != EINTR)
            fail("write");
        at += count > 0 ? count : 0;
    }
}

static void prepare(struct archive *archive, size_t touched)
{
    archive->bytes = mmap(NULL, ARCHIVE_LIMIT, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (archive->bytes == MAP_FAILED)
        fail("mmap");
    for (size_t at = 0; at < touched; at += 4096)
        archive->bytes[at] = 1;
}

int main(int argc, char **argv)
{
    static struct archive before, after;
    size_t touched = 32;
    int pair = 0, option;
    while ((option = getopt(argc, argv, "b:r:p")) != -1) {
        switch (option) {
        case 'b': touched = strtoul(optarg, NULL, 10); break;
        case 'r': root = optarg; break;
        case 'p': pair = 1; break;
        default: return 2;
        }
    }
    globs = argv + optind;
    glob_count = argc - optind;

    sigaction(SIGALRM, &(struct sigaction) { .sa_handler = on_tick }, NULL);
    prepare(&before, touched << 20);
    if (pair)
        prepare(&after, touched << 20);
    walk_all(&before);
    if (pair) {
        char c;
        ssize_t count;
        if (dprintf(STDOUT_FILENO, "ready %d\n", getpid()) < 0)
            fail("write");
        while ((count = read(STDIN_FILENO, &c, 1)) < 0 && errno == EINTR)
            ;
        if (count <= 0)
            return 0;
        walk_all(&after);
    }
    send_all(&before);
    if (pair)
        send_all(&after);
    return 0;
}
