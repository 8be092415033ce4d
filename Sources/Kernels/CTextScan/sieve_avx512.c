/* The sieve's loop for AVX-512 with instructions that compress bytes (VBMI2): Ice Lake, Zen 4 and later. */
#include "sieve.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(                                                                                          \
    __attribute__((target("avx512f,avx512bw,avx512vbmi2,bmi,bmi2,popcnt,pclmul"))), apply_to = function)

static inline uint64_t prefix_xor(uint64_t bits) {
    __m128i product = _mm_clmulepi64_si128(_mm_cvtsi64_si128((long long)bits), _mm_set1_epi8(-1), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}

static inline __attribute__((always_inline)) size_t compress(const struct text_sieve *sieve, uint8_t *out,
                                                             const chunk *bytes, uint64_t kept) {
    (void)sieve;
    /* Into memory only as a whole: the form that stores the kept bytes alone is slow on some machines. */
    _mm512_storeu_si512(out, _mm512_maskz_compress_epi8(kept, (__m512i)*bytes));
    return (size_t)__builtin_popcountll(kept);
}

#define SIEVE_RUN sieve_run_avx512
#include "sieve_loop.h"

#pragma clang attribute pop
#endif
