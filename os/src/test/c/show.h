// Prints a call with its result, and the name of its error. To be included after _GNU_SOURCE is defined.
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define SHOW(call) show(#call, call)

static long show(const char *text, long result) {
    int error = errno;
    printf("%s = %ld%s%s\n", text, result, result == -1 ? " " : "", result == -1 ? strerrorname_np(error) : "");
    return result;
}
