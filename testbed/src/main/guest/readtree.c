/*
 * readtree DIRECTORY...: writes a tar archive of the trees to standard output, as the guest reads them: the text of
 * regular files (whose size /proc gives as 0), the targets of links, the directories. Files that would block, have
 * effects when read, or hold memory rather than text are left out. A file that cannot be read is named on standard error.
 */
#include "guest.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX (32 << 20)
#define CHUNK (64 << 10) /* sysctl files refuse larger reads */

static char *content;

struct header {
    char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type, link[100], magic[6], version[2],
        user[32], group[32], major[8], minor[8], prefix[155], padding[12];
};

static int is_left_out(const char *name) {
    static const char *const names[] = {"kcore", "kmsg", "kpagecount", "kpageflags", "kpagecgroup", "pagemap", "mem",
                                        "clear_refs", "sysrq-trigger", "trace_pipe", "event", NULL};
    for (int i = 0; names[i]; i++)
        if (!strcmp(name, names[i])) return 1;
    return 0;
}

static void put(const void *bytes, size_t length) {
    static const char zeros[512];
    fwrite(bytes, 1, length, stdout);
    if (length % 512) fwrite(zeros, 1, 512 - length % 512, stdout);
}

static void put_header(const char *path, const struct stat *status, char type, size_t size, const char *link) {
    struct header header = {0};
    size_t length = strlen(path);
    const char *split = path;
    if (length > 100) {
        split = strchr(path + length - 101, '/');
        if (!split || split - path > 155) return;
        memcpy(header.prefix, path, split - path);
        split++;
    }
    memcpy(header.name, split, strlen(split));
    snprintf(header.mode, 8, "%07o", status->st_mode & 07777);
    snprintf(header.uid, 8, "%07o", status->st_uid);
    snprintf(header.gid, 8, "%07o", status->st_gid);
    snprintf(header.size, 12, "%011zo", size);
    snprintf(header.mtime, 12, "%011o", 0);
    header.type = type;
    if (link) memcpy(header.link, link, strnlen(link, 99));
    memcpy(header.magic, "ustar", 6);
    memcpy(header.version, "00", 2);
    memset(header.checksum, ' ', 8);
    unsigned sum = 0;
    for (size_t i = 0; i < sizeof header; i++) sum += ((unsigned char *)&header)[i];
    snprintf(header.checksum, 8, "%06o", sum);
    put(&header, sizeof header);
}

static void put_file(const char *path, const struct stat *status) {
    int file = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    ssize_t n = -1, length = 0;
    if (file >= 0)
        while ((n = read(file, content + length, FILE_MAX - length < CHUNK ? FILE_MAX - length : CHUNK)) > 0) length += n;
    if (n < 0) fprintf(stderr, "%s: %s\n", path, strerror(errno));
    if (file >= 0) close(file);
    if (n < 0 && length == 0) return;
    put_header(path, status, '0', length, NULL);
    put(content, length);
}

static void put_tree(const char *path) {
    struct stat status;
    if (lstat(path, &status)) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return;
    }
    if (S_ISLNK(status.st_mode)) {
        char target[4097];
        ssize_t n = readlink(path, target, 4096);
        if (n >= 0) {
            target[n] = 0;
            put_header(path, &status, '2', 0, target);
        } else {
            fprintf(stderr, "%s: %s\n", path, strerror(errno));
        }
    } else if (S_ISREG(status.st_mode)) {
        const char *slash = strrchr(path, '/');
        if (!is_left_out(slash ? slash + 1 : path) && (status.st_mode & 0444)) put_file(path, &status);
    } else if (S_ISDIR(status.st_mode)) {
        put_header(path, &status, '5', 0, NULL);
        DIR *directory = opendir(path);
        if (!directory) {
            fprintf(stderr, "%s: %s\n", path, strerror(errno));
            return;
        }
        struct dirent *entry;
        while ((entry = readdir(directory))) {
            if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
            char child[4096];
            if ((size_t)snprintf(child, sizeof child, "%s/%s", path, entry->d_name) < sizeof child) put_tree(child);
        }
        closedir(directory);
    }
}

int main(int argc, char **argv) {
    content = malloc(FILE_MAX);
    if (!content) die("no memory for files of %d bytes", FILE_MAX);
    for (int i = 1; i < argc; i++) put_tree(argv[i]);
    static const char end[1024];
    fwrite(end, 1, sizeof end, stdout);
    return fflush(stdout) ? 1 : 0;
}
