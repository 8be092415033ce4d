/* What the loops of all machines share. */
#ifndef PORTABILITY_SIEVE_H
#define PORTABILITY_SIEVE_H

#include "text_scan.h"

#include <string.h>

enum {
    chunk_bytes = 64,
    shape_limit = 4096,       /* a line of a longer shape is doubtful */
    place_limit = 64,         /* and so is one with more places that have to be looked at again */
    known_limit = 4096,       /* shapes */
    known_slots = 4 * known_limit,
    known_bytes = 1 << 20,
    known_probes = 8
};

struct known_shape {
    uint64_t hash;
    uint32_t start;
    uint32_t count; /* 0 if it is free */
};

typedef enum text_stop sieve_run(struct text_sieve *, const uint8_t *, size_t, struct text_line *, struct text_line *,
                                 size_t *, size_t);

struct text_sieve {
    const struct text_question *question;
    sieve_run *run;
    /* By the bits of eight bytes: the places of those that are set, one in each byte. */
    uint64_t places[256];
    /* Of the line looked at last, with room for the whole chunks that are stored to it. */
    uint8_t shape[shape_limit + 2 * chunk_bytes];
    size_t shape_count;
    /* The shape that was recognised last: most lines have that of the line before. */
    const uint8_t *last;
    size_t last_count;
    size_t known_count;
    size_t known_used;
    struct known_shape known[known_slots];
    uint8_t known_text[known_bytes];
};

/* Bits stand for the bytes of a chunk, the lowest for the first. */
typedef uint8_t chunk __attribute__((vector_size(chunk_bytes)));
typedef bool chunk_bits __attribute__((ext_vector_type(chunk_bytes)));

static inline uint64_t load_word(const uint8_t *bytes) {
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

static inline uint32_t load_half(const uint8_t *bytes) {
    uint32_t half;
    memcpy(&half, bytes, sizeof half);
    return half;
}

static inline uint64_t mix(uint64_t hash, uint64_t word) {
    unsigned __int128 product = (unsigned __int128)(hash ^ word) * 0x9e3779b97f4a7c15u;
    return (uint64_t)(product >> 64) ^ (uint64_t)product;
}

/* The last words overlap, so that short texts need no loop. */
static inline uint64_t hash_bytes(uint64_t hash, const uint8_t *bytes, size_t count) {
    hash = mix(hash, count);
    if (count >= 8) {
        for (size_t index = 0; index + 8 < count; index += 8) hash = mix(hash, load_word(bytes + index));
        return mix(hash, load_word(bytes + count - 8));
    }
    if (count >= 4) return mix(hash, (uint64_t)load_half(bytes) << 32 | load_half(bytes + count - 4));
    if (count == 0) return hash;
    return mix(hash, (uint64_t)bytes[0] << 16 | (uint64_t)bytes[count / 2] << 8 | bytes[count - 1]);
}

static inline bool same_bytes(const uint8_t *left, const uint8_t *right, size_t count) {
    if (count >= 8) {
        for (size_t index = 0; index + 8 < count; index += 8) {
            if (load_word(left + index) != load_word(right + index)) return false;
        }
        return load_word(left + count - 8) == load_word(right + count - 8);
    }
    if (count >= 4) {
        return load_half(left) == load_half(right) && load_half(left + count - 4) == load_half(right + count - 4);
    }
    return count == 0 ||
           (left[0] == right[0] && left[count / 2] == right[count / 2] && left[count - 1] == right[count - 1]);
}

static inline bool is_space(uint8_t byte) { return byte == ' ' || byte == '\t' || byte == '\r'; }

/* True if the shape of the line looked at last is known; it is then the one that was recognised last. */
bool sieve_recall(struct text_sieve *sieve, size_t count);

sieve_run sieve_run_any;
#if defined(__x86_64__)
sieve_run sieve_run_avx2, sieve_run_avx512;
#endif

#endif
