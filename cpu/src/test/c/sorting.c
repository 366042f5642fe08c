/* qsort of numbers and of strings: indirect calls to small functions. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_number(const void *a, const void *b) {
    int x = *(const int *) a, y = *(const int *) b;
    return x < y ? -1 : x > y;
}

static int by_text(const void *a, const void *b) {
    return strcmp(*(char *const *) a, *(char *const *) b);
}

int main(int argc, char **argv) {
    long n = argc > 1 ? atol(argv[1]) : 1000;
    int *numbers = malloc(n * sizeof *numbers);
    char **texts = malloc(n * sizeof *texts);
    unsigned x = 1;
    for (long i = 0; i < n; i++) {
        x = x * 1103515245 + 12345;
        numbers[i] = x >> 3;
        texts[i] = malloc(16);
        snprintf(texts[i], 16, "%x", x);
    }
    qsort(numbers, n, sizeof *numbers, by_number);
    qsort(texts, n, sizeof *texts, by_text);
    unsigned long sum = 0;
    for (long i = 0; i < n; i++)
        sum = sum * 31 + numbers[i] + texts[i][0] + texts[i][3];
    printf("%lu %s %s\n", sum, texts[0], texts[n - 1]);
    return 0;
}
