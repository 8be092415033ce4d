#include "sieve.h"

#include <stdlib.h>

static uint64_t value_hash(const struct text_question *question, size_t member, const uint8_t *value, size_t count) {
    return hash_bytes(question->seed + member, value, count);
}

void text_question_add(struct text_question *question, size_t member, uint32_t start, uint32_t count) {
    uint64_t hash = value_hash(question, member, question->bytes + start, count);
    uint64_t slot = hash & question->slot_mask;
    while (question->slots[slot].count != 0) slot = (slot + 1) & question->slot_mask;
    question->slots[slot] = (struct text_value){hash, start, count};
}

bool text_question_wants(const struct text_question *question, size_t member, const uint8_t *value, size_t count) {
    uint64_t hash = value_hash(question, member, value, count);
    for (uint64_t slot = hash & question->slot_mask; question->slots[slot].count != 0;
         slot = (slot + 1) & question->slot_mask) {
        const struct text_value *wanted = &question->slots[slot];
        if (wanted->hash == hash && wanted->count == count &&
            same_bytes(question->bytes + wanted->start, value, count)) {
            return true;
        }
    }
    return false;
}

enum text_machine text_machine_best(void) {
#if defined(__x86_64__)
    if (!__builtin_cpu_supports("bmi") || !__builtin_cpu_supports("bmi2") || !__builtin_cpu_supports("popcnt") ||
        !__builtin_cpu_supports("pclmul") || !__builtin_cpu_supports("avx2")) {
        return text_machine_any;
    }
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vbmi2")) {
        return text_machine_avx512;
    }
    return text_machine_avx2;
#else
    return text_machine_any;
#endif
}

struct text_sieve *text_sieve_make(const struct text_question *question, enum text_machine machine) {
    struct text_sieve *sieve = calloc(1, sizeof *sieve);
    if (sieve == NULL) return NULL;
    sieve->question = question;
    for (unsigned bits = 0; bits < 256; bits++) {
        unsigned count = 0;
        for (unsigned place = 0; place < 8; place++) {
            if ((bits >> place & 1) != 0) sieve->places[bits] |= (uint64_t)place << 8 * count++;
        }
    }
    sieve->run = sieve_run_any;
#if defined(__x86_64__)
    if (machine == text_machine_avx512) sieve->run = sieve_run_avx512;
    if (machine == text_machine_avx2) sieve->run = sieve_run_avx2;
#else
    (void)machine;
#endif
    return sieve;
}

void text_sieve_free(struct text_sieve *sieve) { free(sieve); }

enum text_stop text_sieve_run(struct text_sieve *sieve, const uint8_t *text, size_t count, struct text_line *next,
                              struct text_line *marks, size_t *marked, size_t capacity) {
    return sieve->run(sieve, text, count, next, marks, marked, capacity);
}

/* Only a bounded number of slots is looked at: shapes made to fall into few of them cost what unknown shapes cost. */
bool sieve_recall(struct text_sieve *sieve, size_t count) {
    uint64_t hash = hash_bytes(0, sieve->shape, count);
    for (uint64_t probe = 0; probe < known_probes; probe++) {
        const struct known_shape *slot = &sieve->known[(hash + probe) & (known_slots - 1)];
        if (slot->count == 0) return false;
        const uint8_t *shape = sieve->known_text + slot->start;
        if (slot->hash == hash && slot->count == count && same_bytes(shape, sieve->shape, count)) {
            sieve->last = shape;
            sieve->last_count = count;
            return true;
        }
    }
    return false;
}

void text_sieve_learn(struct text_sieve *sieve) {
    size_t count = sieve->shape_count;
    sieve->shape_count = 0;
    if (count == 0) return;
    size_t filled_up = (count + chunk_bytes - 1) / chunk_bytes * chunk_bytes;
    if (sieve->known_count == known_limit || sieve->known_used + filled_up > known_bytes) {
        /* Lines change over the years. What is still in use is soon learned again. */
        memset(sieve->known, 0, sizeof sieve->known);
        sieve->known_count = 0;
        sieve->known_used = 0;
        sieve->last_count = 0;
    }
    uint64_t hash = hash_bytes(0, sieve->shape, count);
    struct known_shape *slot = &sieve->known[hash & (known_slots - 1)];
    for (uint64_t probe = 0; probe < known_probes; probe++) {
        struct known_shape *other = &sieve->known[(hash + probe) & (known_slots - 1)];
        if (other->count == 0) {
            slot = other;
            break;
        }
    }
    *slot = (struct known_shape){hash, (uint32_t)sieve->known_used, (uint32_t)count};
    memcpy(sieve->known_text + sieve->known_used, sieve->shape, filled_up);
    sieve->known_used += filled_up;
    sieve->known_count++;
}
