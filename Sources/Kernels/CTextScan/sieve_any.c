/* The sieve's loop for any machine. */
#include "sieve.h"

static inline uint64_t prefix_xor(uint64_t bits) {
    for (unsigned distance = 1; distance < 64; distance *= 2) bits ^= bits << distance;
    return bits;
}

/* Eight at a time, as how many there are cannot be foreseen; what is written too much is written over. */
static inline __attribute__((always_inline)) size_t compress(const struct text_sieve *sieve, uint8_t *out,
                                                             const chunk *bytes, uint64_t kept) {
    (void)sieve;
    size_t count = (size_t)__builtin_popcountll(kept);
    for (size_t done = 0; done < count; done += 8) {
        for (size_t index = 0; index < 8; index++) {
            out[done + index] = ((const uint8_t *)bytes)[kept == 0 ? 0 : __builtin_ctzll(kept)];
            kept &= kept - 1;
        }
    }
    return count;
}

#define SIEVE_RUN sieve_run_any
#include "sieve_loop.h"
