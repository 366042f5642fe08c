/* Arithmetic in registers: a linear congruential generator, greatest common divisors, counting bits. */
#include <stdio.h>
#include <stdlib.h>

static unsigned gcd(unsigned a, unsigned b) {
    while (b) {
        unsigned t = a % b;
        a = b;
        b = t;
    }
    return a;
}

int main(int argc, char **argv) {
    long n = argc > 1 ? atol(argv[1]) : 1000;
    unsigned long x = 12345, sum = 0;
    unsigned bits = 0, divisors = 0;
    for (long i = 0; i < n; i++) {
        x = x * 6364136223846793005UL + 1442695040888963407UL;
        sum += x >> 33 ^ (x << 7);
        for (unsigned long y = x >> 40; y; y &= y - 1)
            bits++;
        if (!(i & 15))
            divisors += gcd(x >> 32, i | 1);
    }
    printf("%lx %u %u\n", sum, bits, divisors);
    return 0;
}
