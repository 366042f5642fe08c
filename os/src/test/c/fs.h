/* What the tests of files have in common: every result is printed, so that Linux and the layer can be compared. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

static long long print_result(const char *what, long long result) {
    int error = errno;
    if (result == -1) {
        printf("%s = -1 %s\n", what, strerrorname_np(error));
    } else {
        printf("%s = %lld\n", what, result);
    }
    fflush(stdout);
    errno = error;
    return result;
}

/* Prints the expression and its result. */
#define T(call) print_result(#call, (long long) (call))
/* Prints whether it succeeded. */
#define OK(call) print_result(#call, (long long) (call) < 0 ? -1 : 0)
