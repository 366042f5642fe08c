/* The C library's string functions, over many lengths and alignments. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
    long n = argc > 1 ? atol(argv[1]) : 100;
    static char a[8192], b[8192];
    unsigned long sum = 0;
    for (int i = 0; i < 8000; i++)
        a[i] = 'a' + i % 26;
    for (long i = 0; i < n; i++) {
        int at = i * 37 % 61, length = i * 131 % 3000 + (i & 7);
        char saved = a[at + length];
        a[at + length] = 0;
        sum += strlen(a + at);
        memcpy(b + (i & 31), a + at, length + 1);
        sum += strcmp(b + (i & 31), a + at) == 0;
        sum += strchr(b + (i & 31), 'q') - b;
        a[at + length] = saved;
        memset(b + i % 100, i, length / 2);
        sum += (unsigned char) b[i % 300];
        sum += memcmp(a, a + 26, length) == 0;
        memmove(b + 3, b, length);
        char *found = memchr(b, 'z', 4000);
        sum += found ? found - b : 1;
    }
    printf("%lu\n", sum);
    return 0;
}
