/* The sieve's loop for AVX2, BMI2 and carry-less multiplication: x86-64 of about 2013 on. */
#include "sieve.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt,pclmul"))), apply_to = function)

static inline uint64_t prefix_xor(uint64_t bits) {
    __m128i product = _mm_clmulepi64_si128(_mm_cvtsi64_si128((long long)bits), _mm_set1_epi8(-1), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}

static inline __attribute__((always_inline)) size_t compress(uint8_t *out, const chunk *bytes, uint64_t kept,
                                                             uint64_t digits, uint64_t spaces) {
    return compress_singly(out, bytes, kept, digits, spaces);
}

#define SIEVE_RUN sieve_run_avx2
#include "sieve_loop.h"

#pragma clang attribute pop
#endif
