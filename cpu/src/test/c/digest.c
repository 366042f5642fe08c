/* SHA-256 (FIPS 180-4) of a buffer, again and again. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t k[64];

static uint32_t root_bits(unsigned prime, double third) {
    double r = 1;
    for (int i = 0; i < 200; i++)
        r = third ? (2 * r + prime / (r * r)) / 3 : (r + prime / r) / 2;
    return (uint32_t) ((r - (uint32_t) r) * 4294967296.0);
}

#define ROT(x, n) ((x) >> (n) | (x) << (32 - (n)))

static void block(uint32_t h[8], const uint8_t *p) {
    uint32_t w[64], s[8];
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t) p[4 * i] << 24 | p[4 * i + 1] << 16 | p[4 * i + 2] << 8 | p[4 * i + 3];
    for (int i = 16; i < 64; i++) {
        uint32_t a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + w[i - 7] + (ROT(a, 7) ^ ROT(a, 18) ^ a >> 3) + (ROT(b, 17) ^ ROT(b, 19) ^ b >> 10);
    }
    memcpy(s, h, sizeof s);
    for (int i = 0; i < 64; i++) {
        uint32_t t1 = s[7] + (ROT(s[4], 6) ^ ROT(s[4], 11) ^ ROT(s[4], 25)) + ((s[4] & s[5]) ^ (~s[4] & s[6])) + k[i] + w[i];
        uint32_t t2 = (ROT(s[0], 2) ^ ROT(s[0], 13) ^ ROT(s[0], 22)) + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
        memmove(s + 1, s, 28);
        s[4] += t1;
        s[0] = t1 + t2;
    }
    for (int i = 0; i < 8; i++)
        h[i] += s[i];
}

int main(int argc, char **argv) {
    long n = argc > 1 ? atol(argv[1]) : 10;
    uint32_t h[8];
    unsigned count = 0;
    for (unsigned p = 2; count < 64; p++) {
        int prime = 1;
        for (unsigned d = 2; d * d <= p; d++)
            prime &= p % d != 0;
        if (prime) {
            if (count < 8)
                h[count] = root_bits(p, 0);
            k[count++] = root_bits(p, 1);
        }
    }
    uint8_t data[4096];
    for (int i = 0; i < 4096; i++)
        data[i] = i * 7;
    for (long i = 0; i < n; i++)
        for (int j = 0; j < 4096; j += 64)
            block(h, data + j);
    for (int i = 0; i < 8; i++)
        printf("%08x", h[i]);
    printf("\n");
    return 0;
}
