/* The sieve's loop for AVX2, BMI2 and carry-less multiplication: x86-64 of about 2013 on. */
#include "sieve.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2,bmi,bmi2,popcnt,pclmul"))), apply_to = function)

static inline uint64_t prefix_xor(uint64_t bits) {
    __m128i product = _mm_clmulepi64_si128(_mm_cvtsi64_si128((long long)bits), _mm_set1_epi8(-1), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}

static inline __attribute__((always_inline)) size_t compress(const struct text_sieve *sieve, uint8_t *out,
                                                             const chunk *bytes, uint64_t kept) {
    size_t count = 0;
    for (int part = 0; part < 8; part++) {
        uint8_t bits = (uint8_t)(kept >> 8 * part);
        __m128i places = _mm_loadl_epi64((const __m128i *)&sieve->places[bits]);
        __m128i eight = _mm_loadl_epi64((const __m128i *)((const uint8_t *)bytes + 8 * part));
        _mm_storel_epi64((__m128i *)(out + count), _mm_shuffle_epi8(eight, places));
        count += (size_t)__builtin_popcount(bits);
    }
    return count;
}

#define SIEVE_RUN sieve_run_avx2
#include "sieve_loop.h"

#pragma clang attribute pop
#endif
