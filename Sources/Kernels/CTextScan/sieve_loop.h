/*
 * The sieve's loop, included once for each kind of machine. The file that includes it says how the function is called
 * (SIEVE_RUN), and how two things are done for which machines have instructions of their own:
 *
 * prefix_xor: each bit of the result is the sum of all bits up to it.
 * compress: moves the kept bytes of a chunk together, all digits as one and all white space as one. May write a chunk.
 */
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the bits of a vector are taken to be in the order of its bytes"
#endif

#define BITS(condition) __builtin_bit_cast(uint64_t, __builtin_convertvector((condition), chunk_bits))
#define EQUAL(bytes, byte) BITS((bytes) == (uint8_t)(byte))
#define BELOW(bytes, byte) BITS((bytes) < (uint8_t)(byte))

#define UNLIKELY(condition) __builtin_expect((condition) != 0, 0)

/* The chunk at `at`; behind the end of the text come line ends. */
static inline __attribute__((always_inline)) void load_chunk(chunk *bytes, const uint8_t *text, size_t at,
                                                              size_t count) {
    if (UNLIKELY(count - at < chunk_bytes)) {
        memset(bytes, '\n', chunk_bytes);
        memcpy(bytes, text + at, count - at);
    } else {
        memcpy(bytes, text + at, chunk_bytes);
    }
}

/* The lowest bit's index, 64 if there is none. */
static inline unsigned first_bit(uint64_t bits) { return bits == 0 ? 64 : (unsigned)__builtin_ctzll(bits); }

/* True if a line is UTF-8 (Unicode 15, table 3-7). `count` is the end of the text in which it stands. */
static bool is_utf8(const uint8_t *text, size_t start, size_t end, size_t count) {
    /* Of the chunk before: bytes of which the next must follow as they say. */
    uint64_t two = 0, three = 0, four = 0, e0 = 0, ed = 0, f0 = 0, f4 = 0;
    for (size_t at = start;; at += chunk_bytes) {
        chunk bytes;
        load_chunk(&bytes, text, at, count);
        uint64_t live = end - at < chunk_bytes ? ((uint64_t)1 << (end - at)) - 1 : ~(uint64_t)0;
        uint64_t ascii = BELOW(bytes, 0x80);
        uint64_t tail = BELOW(bytes, 0xc0) & ~ascii & live;
        uint64_t is_two = ~BELOW(bytes, 0xc0) & live, is_three = ~BELOW(bytes, 0xe0) & live;
        uint64_t is_four = ~BELOW(bytes, 0xf0) & live;
        uint64_t due = (is_two << 1 | two >> 63) | (is_three << 2 | three >> 62) | (is_four << 3 | four >> 61);
        if (due != tail) return false;
        if ((BELOW(bytes, 0xc2) & is_two) != 0 || (~BELOW(bytes, 0xf5) & live) != 0) return false;
        uint64_t is_e0 = EQUAL(bytes, 0xe0) & live, is_ed = EQUAL(bytes, 0xed) & live;
        uint64_t is_f0 = EQUAL(bytes, 0xf0) & live, is_f4 = EQUAL(bytes, 0xf4) & live;
        uint64_t below_90 = BELOW(bytes, 0x90), below_a0 = BELOW(bytes, 0xa0);
        uint64_t wrong = ((is_e0 << 1 | e0 >> 63) & below_a0) | ((is_ed << 1 | ed >> 63) & ~below_a0) |
                         ((is_f0 << 1 | f0 >> 63) & below_90) | ((is_f4 << 1 | f4 >> 63) & ~below_90);
        if (wrong != 0) return false;
        if (end - at < chunk_bytes) return true;
        two = is_two, three = is_three, four = is_four, e0 = is_e0, ed = is_ed, f0 = is_f0, f4 = is_f4;
    }
}

/* The first quote at or after `at`, or `end`. */
static size_t find_quote(const uint8_t *text, size_t at, size_t end, size_t count) {
    for (; at < end; at += chunk_bytes) {
        chunk bytes;
        load_chunk(&bytes, text, at, count);
        uint64_t quotes = EQUAL(bytes, '"');
        if (quotes != 0) {
            size_t found = at + first_bit(quotes);
            return found < end ? found : end;
        }
    }
    return end;
}

/*
 * True if the string whose closing quote is at `close` is a name that is looked for, with a wanted value. The line is
 * known to be a well-formed object without escapes.
 */
static bool is_wanted(const struct text_question *question, const uint8_t *text, size_t start, size_t close, size_t end,
                      size_t count) {
    for (size_t member = 0; member < question->member_count; member++) {
        const struct text_member *looked_for = &question->members[member];
        if (close - start < looked_for->count + 1) continue;
        const uint8_t *name = text + close - looked_for->count;
        if (name[-1] != '"' || !same_bytes(name, looked_for->name, looked_for->count)) continue;
        size_t at = close + 1;
        while (at < end && is_space(text[at])) at++;
        if (at == end || text[at] != ':') return false;
        at++;
        while (at < end && is_space(text[at])) at++;
        if (at == end) return false;
        uint8_t first = text[at];
        if (first == '{' || first == '[') return looked_for->structures;
        size_t stop;
        if (first == '"') {
            at++;
            stop = find_quote(text, at, end, count);
        } else if (first == 'n') {
            return false;
        } else {
            stop = at;
            while (stop < end && text[stop] != ',' && text[stop] != '}' && !is_space(text[stop])) stop++;
        }
        return stop > at && text_question_wants(question, member, text + at, stop - at);
    }
    return false;
}

/* True if a zero that is followed by one of these digits begins neither a fraction nor an exponent. */
static bool has_leading_zero(const uint8_t *text, size_t start, size_t at, uint64_t seconds) {
    for (; seconds != 0; seconds &= seconds - 1) {
        size_t zero = at + first_bit(seconds) - 1;
        size_t before = zero - start;
        uint8_t sign = before > 0 ? text[zero - 1] : 0;
        if (sign == '-' && before > 1 && (text[zero - 2] | 0x20) == 'e') continue;
        if (sign != '.' && sign != '+' && (sign | 0x20) != 'e') return true;
    }
    return false;
}

enum text_stop SIEVE_RUN(struct text_sieve *sieve, const uint8_t *text, size_t count, struct text_line *next,
                         struct text_line *marks, size_t *marked, size_t capacity) {
    const struct text_question *question = sieve->question;
    size_t start = next->start;
    size_t number = next->number;
    size_t filled = *marked;
    enum text_stop reason = text_stop_end;
    while (start < count) {
        if (filled == capacity) {
            reason = text_stop_full;
            break;
        }
        size_t at = start;
        size_t shape_count = 0;
        size_t candidates[candidate_limit + chunk_bytes];
        size_t candidate_count = 0;
        uint64_t line_end, doubt = 0, high = 0;
        /* Of the chunk before: all bits, if it ends within a string; else of its last byte, or of all. */
        uint64_t in_string = 0, digits = 0, spaces = 0, zeros = 0, openings = 0;
        for (;; at += chunk_bytes) {
            chunk bytes;
            load_chunk(&bytes, text, at, count);
            line_end = EQUAL(bytes, '\n');
            /* The bytes before the first line end. */
            uint64_t live = (line_end - 1) & ~line_end;
            uint64_t quotes = EQUAL(bytes, '"') & live;
            uint64_t strings = prefix_xor(quotes) ^ in_string;
            in_string = (uint64_t)((int64_t)strings >> 63);
            uint64_t opening = quotes & strings;
            uint64_t closing = quotes & ~strings;
            uint64_t inside = strings ^ quotes;
            uint64_t outside = live & ~inside;

            uint64_t other = ~BELOW(bytes, 0x80) & live;
            uint64_t control = BELOW(bytes, 0x20) & live;
            high |= other;
            doubt |= (EQUAL(bytes, '\\') & live) | (other & outside);
            if (UNLIKELY(control)) {
                doubt |= control & ~((EQUAL(bytes, '\t') | EQUAL(bytes, '\r')) & outside);
            }

            uint64_t space = (EQUAL(bytes, ' ') | control) & outside;
            uint64_t digit = BELOW(bytes - '0', 10) & outside;
            uint64_t digit_on = digit & (digit << 1 | digits >> 63);
            uint64_t space_on = space & (space << 1 | spaces >> 63);
            uint64_t zero = EQUAL(bytes, '0') & digit & ~digit_on;
            uint64_t after_zero = digit & (zero << 1 | zeros >> 63);
            if (UNLIKELY(after_zero)) doubt |= has_leading_zero(text, start, at, after_zero);

            for (size_t member = 0; member < question->member_count; member++) {
                const struct text_member *name = &question->members[member];
                unsigned distance = (unsigned)name->count + 1;
                uint64_t opened = distance > 63 ? ~(uint64_t)0 : opening << distance | openings >> (64 - distance);
                uint64_t last = EQUAL(bytes, name->name[name->count - 1]) << 1 | 1;
                uint64_t found = closing & opened & last;
                /* There is one or none but rarely, and no way to foresee which. */
                candidates[candidate_count] = at + first_bit(found);
                candidate_count += found != 0;
                for (found &= found - 1; UNLIKELY(found); found &= found - 1) {
                    candidates[candidate_count++] = at + first_bit(found);
                }
                doubt |= candidate_count > candidate_limit;
                candidate_count = candidate_count > candidate_limit ? candidate_limit : candidate_count;
            }
            shape_count += compress(sieve->shape + shape_count, &bytes, outside & ~digit_on & ~space_on, digit,
                                    control);
            doubt |= shape_count > shape_limit;
            if (line_end != 0 || doubt != 0) break;
            digits = digit, spaces = space, zeros = zero, openings = opening;
        }
        size_t end;
        if (line_end != 0) {
            end = at + first_bit(line_end);
        } else {
            const uint8_t *found = count - at > chunk_bytes ? memchr(text + at + chunk_bytes, '\n', count - at - chunk_bytes)
                                                            : NULL;
            end = found == NULL ? count : (size_t)(found - text);
        }
        struct text_line line = {start, end - start, number};
        if (line.count > 0 && text[end - 1] == '\r') line.count--;
        start = end + 1;
        number++;

        bool matters = line.count > question->line_limit;
        if (!matters) {
            if (doubt != 0 || in_string != 0) {
                sieve->shape_count = 0;
                *next = line;
                *marked = filled;
                return text_stop_doubtful;
            }
            if (shape_count == 0 || (shape_count == 1 && sieve->shape[0] == ' ')) continue;
            matters = high != 0 && !is_utf8(text, line.start, line.start + line.count, count);
        }
        if (!matters) {
            if (shape_count != sieve->last_count || memcmp(sieve->shape, sieve->last, shape_count) != 0) {
                const struct known_shape *known = sieve_find_shape(sieve, sieve->shape, shape_count);
                if (known == NULL) {
                    sieve->shape_count = shape_count;
                    *next = line;
                    *marked = filled;
                    return text_stop_doubtful;
                }
                sieve->last = sieve->known_text + known->start;
                sieve->last_count = shape_count;
            }
            for (size_t index = 0; index < candidate_count; index++) {
                matters |= is_wanted(question, text, line.start, candidates[index], line.start + line.count, count);
            }
        }
        if (matters) marks[filled++] = line;
    }
    *next = (struct text_line){start < count ? start : count, 0, number};
    *marked = filled;
    return reason;
}
