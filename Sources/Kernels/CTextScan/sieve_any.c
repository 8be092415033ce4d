/* The sieve's loop for any machine. */
#include "sieve.h"

static inline uint64_t prefix_xor(uint64_t bits) {
    for (unsigned distance = 1; distance < 64; distance *= 2) bits ^= bits << distance;
    return bits;
}

static inline __attribute__((always_inline)) size_t compress(uint8_t *out, const chunk *bytes, uint64_t kept,
                                                             uint64_t digits, uint64_t spaces) {
    return compress_singly(out, bytes, kept, digits, spaces);
}

#define SIEVE_RUN sieve_run_any
#include "sieve_loop.h"
