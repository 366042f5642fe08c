// What all test programs share. Their output must be the same natively and in the layer: nothing in it may depend on time, addresses or IDs.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// The result of a call, or the name of its error.
#define R(call) do { errno = 0; long r_ = (long)(call); \
    if (r_ == -1) printf("%s: %s\n", #call, strerrorname_np(errno)); else printf("%s: %ld\n", #call, r_); } while (0)

// Likewise, but only whether it failed.
#define OK(call) do { errno = 0; long r_ = (long)(call); \
    printf("%s: %s\n", #call, r_ == -1 ? strerrorname_np(errno) : "ok"); } while (0)

// Whatever was printed before a fork or a crash is printed once.
__attribute__((constructor)) static void unbuffered(void) { setvbuf(stdout, NULL, _IONBF, 0); }
