/* Extended precision, rounding modes, exception flags and the vector instructions up to SSE4.2, as programs use them. */
#include <fenv.h>
#include <math.h>
#include <nmmintrin.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int modes[] = {FE_TONEAREST, FE_DOWNWARD, FE_UPWARD, FE_TOWARDZERO};

static uint64_t seed = 88172645463325252ULL;

static uint64_t next(void) {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    return seed ^= seed << 17;
}

static int raised(void) {
    int flags = fetestexcept(FE_ALL_EXCEPT);
    feclearexcept(FE_ALL_EXCEPT);
    return flags;
}

static long double any(void) {
    return ldexpl((long double) (int64_t) next(), (int) (next() % 200) - 160);
}

static void arithmetic(int rounds) {
    for (int i = 0; i < rounds; i++) {
        fesetround(modes[i & 3]);
        volatile long double a = any(), b = any();
        volatile double c = a, d = b;
        volatile float e = c, f = d;
        raised();
        printf("%La %La %La %La", a + b, a - b, a * b, a / b);
        printf(" %x", raised());
        printf(" %a %a %a %a %a", c + d, c - d, c * d, c / d, sqrt(fabs(c)));
        printf(" %x", raised());
        printf(" %a %a %a %a", e + f, e - f, e * f, e / f);
        printf(" %x\n", raised());
        printf("%La %La %ld %ld %lld", sqrtl(fabsl(a)), rintl(a / 1e10L), lrint(c / 1e9), lrintf(e), llrintl(a));
        printf(" %x\n", raised());
    }
    fesetround(FE_TONEAREST);
}

static void environment(void) {
    static volatile double tiny = 0x1p-1022, huge = 0x1.fp1023, zero = 0;
    fenv_t saved;
    raised();
    double under = tiny / 3, over = huge * huge, division = 1 / zero, invalid = zero / zero;
    feholdexcept(&saved);
    double quiet = huge * 2;
    printf("%a %a %a %d %a %x\n", under, over, division, invalid != invalid, quiet, raised());
    feupdateenv(&saved);
    printf("%x\n", raised());
}

static void decimal(int rounds) {
    for (int i = 0; i < rounds; i++) {
        char text[64];
        long double a = any();
        snprintf(text, sizeof text, "%.25Lg", a);
        printf("%s %d %.10Lf\n", text, strtold(text, 0) == a, a);
    }
}

/* Fewer digits than there are: processors differ in the last place. */
static void transcendental(int rounds) {
    for (int i = 0; i < rounds; i++) {
        long double x = (long double) (next() >> 1) / (1ULL << 60), y = (long double) (int64_t) next() / (1ULL << 60);
        printf("%.13Lg %.13Lg %.13Lg %.13Lg", expl(y), logl(x), powl(x, y), atan2l(y, x));
        printf(" %.13Lg %.13Lg %.13Lg %.13Lg", expm1l(y / 64), log1pl(x / 64), exp2l(y), log10l(x));
        printf(" %La %La\n", fmodl(x * 1e9L, fabsl(y)), remainderl(x * 1e9L, y));
        long double sine, cosine;
        __asm__("fsincos" : "=t"(cosine), "=u"(sine) : "0"(y));
        printf("%.13Lg %.13Lg\n", sine, cosine);
    }
}

static void show(const char *what, __m128i v) {
    uint64_t parts[2];
    memcpy(parts, &v, 16);
    printf("%s %016lx%016lx\n", what, parts[1], parts[0]);
}

__attribute__((target("sse4.2"))) static void vectors(int rounds) {
    uint32_t crc = 0;
    for (int i = 0; i < rounds; i++) {
        __m128i a = _mm_set_epi64x(next(), next()), b = _mm_set_epi64x(next(), next());
        show("shuffle", _mm_shuffle_epi8(a, b));
        show("align", _mm_alignr_epi8(a, b, 5));
        show("sad", _mm_mpsadbw_epu8(a, b, 5));
        show("madd", _mm_maddubs_epi16(a, b));
        show("mul", _mm_mullo_epi32(a, b));
        show("pack", _mm_packus_epi32(a, b));
        show("minmax", _mm_max_epi8(_mm_min_epu16(a, b), b));
        show("blend", _mm_blendv_epi8(a, b, _mm_cmpgt_epi64(a, b)));
        show("widen", _mm_cvtepi8_epi32(_mm_minpos_epu16(a)));
        show("sign", _mm_sign_epi16(_mm_hadds_epi16(a, b), _mm_abs_epi32(b)));
        crc = _mm_crc32_u32(crc, _mm_extract_epi32(a, 2));
        __m128 p = _mm_cvtepi32_ps(a), q = _mm_cvtepi32_ps(b);
        show("dot", _mm_castps_si128(_mm_dp_ps(p, q, 0xF5)));
        show("round", _mm_castps_si128(_mm_round_ps(_mm_div_ps(p, _mm_set1_ps(1e5f)), _MM_FROUND_TO_NEG_INF)));
        show("horizontal", _mm_castps_si128(_mm_addsub_ps(_mm_hadd_ps(p, q), q)));
        show("convert", _mm_cvttpd_epi32(_mm_div_pd(_mm_cvtepi32_pd(a), _mm_set1_pd(3))));
    }
    printf("crc %x\n", crc);
    const char text[17] = "find the needle!", set[17] = "nle\0xxxxxxxxxxxx";
    __m128i haystack = _mm_loadu_si128((const void *) text), needle = _mm_loadu_si128((const void *) set);
    printf("%d %d\n", _mm_cmpistri(needle, haystack, _SIDD_CMP_EQUAL_ANY), _mm_cmpestri(needle, 2, haystack, 16, _SIDD_CMP_EQUAL_ORDERED));
    show("mask", _mm_cmpistrm(needle, haystack, _SIDD_CMP_EQUAL_ANY | _SIDD_UNIT_MASK));
}

int main(int argc, char **argv) {
    int rounds = argc > 1 ? atoi(argv[1]) : 100;
    arithmetic(rounds);
    environment();
    decimal(rounds);
    transcendental(rounds);
    vectors(rounds);
    return 0;
}
