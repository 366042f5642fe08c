// Takes more than it gets.
#include "check.h"

static int recurse(int n) { volatile char frame[4096]; frame[0] = n; return recurse(n + 1) + frame[0]; }

int main(int argc, char **argv) {
    switch (argv[1][0]) {
    case 'l': for (;;) ;
    case 'f': for (;;) if (fork() < 0) { int e = errno; kill(0, 0); exit(e); }
    case 'h': return mmap(0, 1L << 34, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? errno : 0;
    case 'm': for (;;) memset(malloc(1 << 20), 1, 1 << 20);
    case 'r': for (char *p = mmap(0, 1L << 40, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0); ; p += 4096) (void)*(volatile char *)p;
    case 'o': for (;;) printf("yes\n");
    case 'S': case 's':
        if (!strcmp(argv[1], "stack")) return recurse(0);
        for (int i = 0; i < 5; i++) fork();
        for (;;) pause();
    }
    return 0;
}
