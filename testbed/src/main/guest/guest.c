#include "guest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void line(const char *format, va_list arguments, int error) {
    char text[1024];
    int length = snprintf(text, sizeof text, "testbed: ");
    length += vsnprintf(text + length, sizeof text - length - 64, format, arguments);
    if (length > (int)sizeof text - 64) length = sizeof text - 64;
    if (error) length += snprintf(text + length, 60, ": %s", strerror(error));
    text[length++] = '\n';
    if (write(2, text, length) < 0) return;
}

void say(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    line(format, arguments, 0);
    va_end(arguments);
}

void die(const char *format, ...) {
    int error = errno;
    va_list arguments;
    va_start(arguments, format);
    line(format, arguments, error);
    va_end(arguments);
    exit(1);
}

char *option(const char *name, const char *fallback) {
    static char words[4096];
    int file = open("/proc/cmdline", O_RDONLY | O_CLOEXEC);
    ssize_t length = file < 0 ? 0 : read(file, words, sizeof words - 1);
    if (file >= 0) close(file);
    words[length > 0 ? length : 0] = 0;
    char *state;
    for (char *word = strtok_r(words, " \n", &state); word; word = strtok_r(NULL, " \n", &state)) {
        size_t n = strlen(name);
        if (!strncmp(word, "testbed.", 8) && !strncmp(word + 8, name, n) && word[8 + n] == '=')
            return strdup(word + 9 + n);
    }
    return fallback ? strdup(fallback) : NULL;
}

long option_number(const char *name, long fallback) {
    char *value = option(name, NULL);
    long number = value ? strtol(value, NULL, 10) : fallback;
    free(value);
    return number;
}

int write_file(const char *path, const char *text) {
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0) return -1;
    ssize_t length = strlen(text);
    ssize_t written = write(file, text, length);
    int error = errno;
    close(file);
    errno = error;
    return written == length ? 0 : -1;
}

int run(const char *path, ...) {
    const char *words[64] = {path};
    va_list arguments;
    va_start(arguments, path);
    for (int i = 1; i < 63 && (words[i] = va_arg(arguments, const char *)); i++);
    va_end(arguments);
    pid_t child = fork();
    if (child < 0) return -1;
    if (child == 0) {
        execvp(path, (char **)words);
        _exit(127);
    }
    int status;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void make_directories(const char *path, mode_t mode) {
    char prefix[4096];
    snprintf(prefix, sizeof prefix, "%s", path);
    for (char *slash = strchr(prefix + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        mkdir(prefix, mode);
        *slash = '/';
    }
    mkdir(prefix, mode);
}
