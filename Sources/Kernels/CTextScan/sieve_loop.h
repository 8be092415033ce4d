/*
 * The sieve's loop, included once for each kind of machine. The file that includes it says how the function is called
 * (SIEVE_RUN), and how two things are done for which machines have instructions of their own:
 *
 * prefix_xor: each bit of the result is the sum of all bits up to it.
 * compress: moves the kept bytes of a chunk together and returns their number. May write a whole chunk.
 */
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the bits of a vector are taken to be in the order of its bytes"
#endif

/* Kept in a general register: the compiler would do in vectors what is done with bits, and move them to and fro. */
static inline __attribute__((always_inline)) uint64_t in_register(uint64_t bits) {
    __asm__("" : "+r"(bits));
    return bits;
}

#define BITS(condition) in_register(__builtin_bit_cast(uint64_t, __builtin_convertvector((condition), chunk_bits)))
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

/* True if a part of a text is UTF-8 (Unicode 15, table 3-7) and no sequence in it is cut by its ends. */
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

/* The first quote or backslash at or after `at`, or `end`. */
static size_t find_stop(const uint8_t *text, size_t at, size_t end, size_t count) {
    for (; at < end; at += chunk_bytes) {
        chunk bytes;
        load_chunk(&bytes, text, at, count);
        uint64_t stops = BITS((bytes == '"') | (bytes == '\\'));
        if (stops != 0) {
            size_t found = at + first_bit(stops);
            return found < end ? found : end;
        }
    }
    return end;
}

static inline size_t skip_spaces(const uint8_t *text, size_t at, size_t end) {
    while (at < end && is_space(text[at])) at++;
    return at;
}

enum answer { answer_no, answer_yes, answer_unsure };

/*
 * Whether the string whose closing quote is at `close` is a name that is looked for, with a wanted value; unsure if the
 * value has escapes. The line is known to be a well-formed object.
 */
static enum answer is_wanted(const struct text_question *question, const uint8_t *text, size_t start, size_t close,
                             size_t end, size_t count) {
    for (size_t member = 0; member < question->member_count; member++) {
        const struct text_member *looked_for = &question->members[member];
        if (close - start < looked_for->count + 2) continue;
        const uint8_t *name = text + close - looked_for->count;
        if (name[-1] != '"' || name[-2] == '\\' || !same_bytes(name, looked_for->name, looked_for->count)) continue;
        size_t at = skip_spaces(text, close + 1, end);
        if (at == end || text[at] != ':') return answer_no;
        at = skip_spaces(text, at + 1, end);
        if (at == end) return answer_no;
        uint8_t first = text[at];
        if (first == '{' || first == '[') return looked_for->structures ? answer_yes : answer_no;
        if (first == 'n') return answer_no;
        size_t stop;
        if (first == '"') {
            at++;
            stop = find_stop(text, at, end, count);
            if (stop < end && text[stop] == '\\') return answer_unsure;
        } else {
            stop = at;
            while (stop < end && text[stop] != ',' && text[stop] != '}' && !is_space(text[stop])) stop++;
        }
        return stop > at && text_question_wants(question, member, text + at, stop - at) ? answer_yes : answer_no;
    }
    return answer_no;
}

/* True if one of the strings that have these places in them is the name of a member. The line is well-formed. */
static bool is_in_name(const size_t *places, size_t place_count, const uint8_t *text, size_t end, size_t count) {
    size_t close = 0;
    for (size_t index = 0; index < place_count; index++) {
        if (places[index] < close) continue;
        close = places[index];
        while ((close = find_stop(text, close, end, count)) < end && text[close] == '\\') close += 2;
        size_t at = close < end ? skip_spaces(text, close + 1, end) : end;
        if (at < end && text[at] == ':') return true;
    }
    return false;
}

/* True if an escape that begins at `at` is right (RFC 8259, 7). */
static bool is_escape(const uint8_t *text, size_t at, size_t count) {
    if (count - at < 2) return false;
    switch (text[at + 1]) {
        case '"': case '\\': case '/': case 'b': case 'f': case 'n': case 'r': case 't':
            return true;
        case 'u':
            if (count - at < 6) return false;
            for (size_t index = 2; index < 6; index++) {
                uint8_t digit = text[at + index];
                if ((uint8_t)(digit - '0') > 9 && (uint8_t)((digit | 0x20) - 'a') > 5) return false;
            }
            return true;
        default:
            return false;
    }
}

/* True if one of these zeros, each the first of its digits, has another behind and begins no fraction or exponent. */
static bool has_leading_zero(const uint8_t *text, size_t start, size_t count, size_t at, uint64_t zeros) {
    for (; zeros != 0; zeros &= zeros - 1) {
        size_t zero = at + first_bit(zeros);
        if (zero + 1 == count || (uint8_t)(text[zero + 1] - '0') > 9) continue;
        size_t before = zero - start;
        uint8_t sign = before > 0 ? text[zero - 1] : 0;
        if (sign == '-' && before > 1 && (text[zero - 2] | 0x20) == 'e') continue;
        if (sign != '.' && sign != '+' && (sign | 0x20) != 'e') return true;
    }
    return false;
}

/* Both are filled up with zeros to whole chunks. */
static inline bool same_shape(const uint8_t *left, const uint8_t *right, size_t count) {
    uint64_t different = 0;
    for (size_t at = 0; at < count; at += chunk_bytes) {
        chunk one, other;
        memcpy(&one, left + at, chunk_bytes);
        memcpy(&other, right + at, chunk_bytes);
        different |= BITS(one != other);
    }
    return different == 0;
}

/* What is known of a line up to a chunk. */
struct line_scan {
    size_t start;
    size_t shape_count;
    size_t candidate_count; /* strings that may be names */
    size_t escape_count;    /* escapes that may stand for any character, also for one of a name */
    size_t other_start;     /* from the first chunk to the end of the last that is not ASCII */
    size_t other_end;
    /* Of the chunk before: all bits if it ends within a string, the lowest if with an escape, a digit or a space. */
    uint64_t in_string, escape_before, digit_before, space_before;
    uint64_t openings;
};

/* Looks at the bytes of a chunk that are `live`, that is in the line. False if they raise doubt that it is JSON. */
static inline __attribute__((always_inline)) bool scan_chunk(struct text_sieve *sieve, struct line_scan *line,
                                                             size_t *candidates, size_t *escapes, const uint8_t *text,
                                                             size_t count, size_t at, const chunk *whole,
                                                             uint64_t live) {
    const struct text_question *question = sieve->question;
    chunk bytes = *whole;
    uint64_t quotes = EQUAL(bytes, '"') & live;
    /* Escapes, control characters, and all but ASCII. */
    uint64_t odd = BITS((bytes - 0x20 >= 0x60) | (bytes == '\\')) & live;
    if (UNLIKELY(odd | line->escape_before)) {
        uint64_t left = EQUAL(bytes, '\\') & live & ~line->escape_before;
        uint64_t escaped = line->escape_before;
        line->escape_before = 0;
        while (left != 0) {
            unsigned index = first_bit(left);
            line->escape_before |= index == chunk_bytes - 1;
            if (!is_escape(text, at + index, count)) return false;
            if (text[at + index + 1] == 'u') escapes[line->escape_count++] = at + index;
            escaped |= (uint64_t)2 << index;
            left &= ~((uint64_t)3 << index);
        }
        if (line->escape_count > place_limit || (escaped != 0 && question->names_need_escapes)) return false;
        quotes &= ~escaped;
    }
    uint64_t strings = prefix_xor(quotes) ^ line->in_string;
    line->in_string = (uint64_t)((int64_t)strings >> 63);
    uint64_t opening = quotes & strings;
    uint64_t closing = quotes & ~strings;
    uint64_t outside = live & ~(strings ^ quotes);
    if (UNLIKELY(odd)) {
        uint64_t other = ~BELOW(bytes, 0x80) & live;
        if (other != 0) {
            if (line->other_end == 0) line->other_start = at;
            line->other_end = at + chunk_bytes;
        }
        uint64_t allowed = (EQUAL(bytes, '\t') | EQUAL(bytes, '\r')) & outside;
        if ((other & outside) != 0 || (BELOW(bytes, ' ') & live & ~allowed) != 0) return false;
        chunk control = (chunk)(bytes < ' ');
        bytes = (bytes & ~control) | (control & ' ');
    }

    chunk digit = (chunk)(bytes - '0' < 10);
    uint64_t digits = BITS(digit != 0) & outside;
    uint64_t later_digits = digits & (2 * digits + line->digit_before);
    line->digit_before = digits >> 63;
    /* The digit behind the last byte is in another chunk. */
    uint64_t zeros = EQUAL(bytes, '0') & digits & ~later_digits & (digits >> 1 | (uint64_t)1 << 63);
    if (UNLIKELY(zeros) && has_leading_zero(text, line->start, count, at, zeros)) return false;
    uint64_t spaces = EQUAL(bytes, ' ') & outside;
    uint64_t kept = outside & ~later_digits & ~(spaces & (2 * spaces + line->space_before));
    line->space_before = spaces >> 63;
    chunk alike = (bytes & ~digit) | (digit & '0');
    line->shape_count += compress(sieve, sieve->shape + line->shape_count, &alike, kept);

    /* Where a string ends that is as long as a name and has its last byte, or may have. */
    uint64_t found = 0;
    for (size_t index = 0; index < question->member_count; index++) {
        const struct text_member *member = &question->members[index];
        uint64_t opened = in_register(opening << member->distance) | line->openings >> (64 - member->distance);
        found |= (opened | member->any_distance) & (2 * EQUAL(bytes, member->last) + 1);
    }
    line->openings = opening;
    found &= closing;
    for (; UNLIKELY(found); found &= found - 1) candidates[line->candidate_count++] = at + first_bit(found);
    return line->shape_count <= shape_limit && line->candidate_count <= place_limit;
}

enum text_stop SIEVE_RUN(struct text_sieve *sieve, const uint8_t *text, size_t count, struct text_line *next,
                         struct text_line *marks, size_t *marked, size_t capacity) {
    const struct text_question *question = sieve->question;
    size_t candidates[place_limit + chunk_bytes];
    size_t escapes[place_limit + chunk_bytes];
    size_t start = next->start;
    size_t number = next->number;
    size_t filled = *marked;
    while (start < count && filled < capacity) {
        struct line_scan scan = {.start = start};
        size_t at = start;
        uint64_t line_end;
        bool is_doubtful = false;
        chunk bytes;
        for (;; at += chunk_bytes) {
            load_chunk(&bytes, text, at, count);
            line_end = EQUAL(bytes, '\n');
            if (line_end != 0) break;
            if (UNLIKELY(!scan_chunk(sieve, &scan, candidates, escapes, text, count, at, &bytes, ~(uint64_t)0))) {
                is_doubtful = true;
                break;
            }
        }
        size_t end;
        if (line_end != 0) {
            /* The bytes before the first line end. */
            uint64_t live = (line_end - 1) & ~line_end;
            is_doubtful = !scan_chunk(sieve, &scan, candidates, escapes, text, count, at, &bytes, live);
            end = at + first_bit(line_end);
        } else {
            end = at + chunk_bytes;
            const uint8_t *found = end < count ? memchr(text + end, '\n', count - end) : NULL;
            end = found == NULL ? count : (size_t)(found - text);
        }
        struct text_line line = {start, end - start, number};
        if (line.count > 0 && text[end - 1] == '\r') line.count--;
        if (line.count > question->line_limit) {
            marks[filled++] = line;
            start = end + 1;
            number++;
            continue;
        }
        bool matters = false;
        bool is_new = false;
        is_doubtful |= scan.in_string != 0;
        bool is_blank = scan.shape_count == 0 || (scan.shape_count == 1 && sieve->shape[0] == ' ');
        if (!is_doubtful && !is_blank) {
            memset(sieve->shape + scan.shape_count, 0, chunk_bytes);
            if (scan.shape_count != sieve->last_count || !same_shape(sieve->shape, sieve->last, scan.shape_count)) {
                is_new = !sieve_recall(sieve, scan.shape_count);
            }
            size_t stop = start + line.count;
            if (!is_new) {
                size_t other_end = scan.other_end < stop ? scan.other_end : stop;
                matters = scan.other_end != 0 && !is_utf8(text, scan.other_start, other_end, count);
                is_doubtful = UNLIKELY(scan.escape_count) && is_in_name(escapes, scan.escape_count, text, stop, count);
                for (size_t index = 0; index < scan.candidate_count; index++) {
                    enum answer answer = is_wanted(question, text, start, candidates[index], stop, count);
                    matters |= answer == answer_yes;
                    is_doubtful |= answer == answer_unsure;
                }
            }
        }
        if (UNLIKELY(is_new || (is_doubtful && !matters))) {
            sieve->shape_count = is_new ? scan.shape_count : 0;
            *next = line;
            *marked = filled;
            return text_stop_doubtful;
        }
        if (matters) marks[filled++] = line;
        start = end + 1;
        number++;
    }
    *next = (struct text_line){start < count ? start : count, 0, number};
    *marked = filled;
    return start < count ? text_stop_full : text_stop_end;
}
