/* Recursion, and a byte code interpreter's switch: calls, returns, indirect jumps. */
#include <stdio.h>
#include <stdlib.h>

static int __attribute__((noinline)) fib(int n) {
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

static long run(const unsigned char *code, long n) {
    long a = 0, b = 1, pc = 0;
    while (1)
        switch (code[pc++]) {
            case 0: a += b; break;
            case 1: b ^= a; break;
            case 2: a = a << 1 | (unsigned long) a >> 63; break;
            case 3: b -= 3; break;
            case 4: a ^= n; break;
            case 5: b += a >> 3; break;
            case 6: if (--n == 0) return a ^ b; pc = 0; break;
            case 7: a = -a; break;
            case 8: b = ~b; break;
        }
}

int main(int argc, char **argv) {
    long n = argc > 1 ? atol(argv[1]) : 10;
    static const unsigned char code[] = {0, 1, 2, 3, 4, 5, 0, 2, 7, 1, 8, 3, 5, 4, 6};
    int f = 0;
    for (long i = 0; i < n; i++)
        f += fib(15 + i % 3);
    printf("%d %lx\n", f, run(code, n * 300));
    return 0;
}
