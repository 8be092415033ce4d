#include "xml_scan.h"

#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum {
    DEPTH = 240,
    ATTRIBUTES = 16,
    NAME = 255,
    RUN = 1 << 20,
    EVENTS = 512,
};

typedef struct {
    uint32_t start;
    uint32_t count;
} range;

typedef struct {
    range name;
    /* Where the local name begins. */
    uint32_t local;
    range value;
} attribute;

typedef struct {
    range prefix;
    size_t depth;
} declaration;

typedef struct {
    const uint8_t *text;
    size_t count;
    size_t at;
    const xml_rules *rules;
    xml_document *document;
    size_t pieces;
    size_t depth;
    range open[DEPTH];
    /* Namespaces in scope, for whoever asks for events. */
    declaration declared[32];
    size_t declared_count;
    attribute attributes[ATTRIBUTES];
    size_t attribute_count;
    xml_event events[EVENTS];
    size_t event_count;
} scan;

static inline bool is_space(uint8_t byte) { return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r'; }

static inline bool is_letter(uint8_t byte) { return (uint8_t)((byte | 0x20) - 'a') < 26 || byte == '_'; }

static inline bool is_name(uint8_t byte) {
    return is_letter(byte) || (uint8_t)(byte - '0') < 10 || byte == '-' || byte == '.' || byte == ':';
}

static inline bool starts(const scan *scan, size_t at, const char *word, size_t count) {
    return scan->count - at >= count && memcmp(scan->text + at, word, count) == 0;
}

/* True if two pieces of the text, which has so many bytes, are the same. */
static inline bool same(const scan *scan, size_t left, size_t right, size_t count) {
    const uint8_t *text = scan->text;
#if defined(__SSE2__)
    // Names are short, and a call takes longer than the comparison.
    while (count >= 16 || (scan->count - left >= 16 && scan->count - right >= 16)) {
        __m128i one = _mm_loadu_si128((const __m128i *)(text + left));
        __m128i other = _mm_loadu_si128((const __m128i *)(text + right));
        unsigned differ = ~(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(one, other)) & 0xffff;
        if (count <= 16) return (differ & ((1u << count) - 1)) == 0;
        if (differ != 0) return false;
        left += 16;
        right += 16;
        count -= 16;
    }
#endif
    return memcmp(text + left, text + right, count) == 0;
}

static inline bool equal(const scan *scan, range left, range right) {
    return left.count == right.count && same(scan, left.start, right.start, left.count);
}

/* True if the text of a range is, or begins with, a word; the word is a literal, so that its length is known. */
#define IS_WORD(text, range, word) ((range).count == sizeof word - 1 && BEGINS(text, range, word))
#define BEGINS(text, range, word) \
    ((range).count >= sizeof word - 1 && memcmp((text) + (range).start, word, sizeof word - 1) == 0)

/* Events. */

static void flush(scan *scan) {
    if (scan->event_count > 0) scan->rules->take(scan->rules->user, scan->events, scan->event_count);
    scan->event_count = 0;
}

static inline void tell(scan *scan, bool tells, xml_event_kind kind, range name, range value) {
    if (!tells) return;
    if (scan->event_count == EVENTS) flush(scan);
    scan->events[scan->event_count++] = (xml_event){kind, name.start, name.count, value.start, value.count};
}

/* Text. */

/* Bytes that text may not hold as they are, or that need a second look: controls but tab and line feed, `&`, `]`, and
   the first byte of U+FFFE and U+FFFF. */
static inline bool is_odd(uint8_t byte) {
    return (byte < 0x20 && byte != '\n' && byte != '\t') || byte == '&' || byte == ']' || byte == 0xef;
}

/* The next `stop` from `at`, or the end; `odd` is set if a byte before it is odd. */
static inline size_t run_end(const scan *scan, size_t at, uint8_t stop, bool *odd) {
    const uint8_t *text = scan->text;
    size_t count = scan->count;
#if defined(__SSE2__)
    const __m128i stops = _mm_set1_epi8((char)stop);
    while (count - at >= 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(text + at));
        __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
        __m128i blank = _mm_or_si128(
            _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\t')));
        __m128i sign = _mm_or_si128(
            _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('&')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8(']'))),
            _mm_cmpeq_epi8(bytes, _mm_set1_epi8((char)0xef)));
        unsigned odds = (unsigned)_mm_movemask_epi8(_mm_or_si128(_mm_andnot_si128(blank, control), sign));
        unsigned found = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, stops));
        if (found != 0) {
            if ((odds & (found - 1) & ~found) != 0) *odd = true;
            return at + (size_t)__builtin_ctz(found);
        }
        if (odds != 0) *odd = true;
        at += 16;
    }
#endif
    while (at < count && text[at] != stop) {
        if (is_odd(text[at])) *odd = true;
        at++;
    }
    return at;
}

/* The length of a reference that is certain: one of the five of XML, or a number of a character beyond ASCII. */
static size_t reference(const scan *scan, size_t at) {
    static const char *const names[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"};
    for (size_t index = 0; index < 5; index++) {
        size_t length = strlen(names[index]);
        if (starts(scan, at, names[index], length)) return length;
    }
    if (!starts(scan, at, "&#", 2)) return 0;
    size_t next = at + 2;
    bool is_hex = next < scan->count && scan->text[next] == 'x';
    if (is_hex) next++;
    uint32_t number = 0;
    size_t digits = 0;
    for (; next < scan->count && digits < 8; next++, digits++) {
        uint8_t byte = scan->text[next];
        uint8_t letter = byte | 0x20;
        if (byte >= '0' && byte <= '9') {
            number = number * (is_hex ? 16 : 10) + (byte - '0');
        } else if (is_hex && letter >= 'a' && letter <= 'f') {
            number = number * 16 + (letter - 'a' + 10);
        } else {
            break;
        }
    }
    if (digits == 0 || next >= scan->count || scan->text[next] != ';') return 0;
    bool is_certain = number >= 0x80 && number <= 0x10ffff && (number < 0xd800 || number > 0xdfff)
        && number != 0xfffe && number != 0xffff;
    return is_certain ? next + 1 - at : 0;
}

/* Looks closer at text that has odd bytes. */
static bool check_run(scan *scan, size_t from, size_t to, bool *is_plain) {
    for (size_t at = from; at < to;) {
        uint8_t byte = scan->text[at];
        if (byte == '&') {
            size_t length = reference(scan, at);
            if (length == 0) return false;
            scan->document->has_references = true;
            *is_plain = false;
            at += length;
            continue;
        }
        if (byte == '\r') {
            *is_plain = false;
        } else if (byte < 0x20 && byte != '\n' && byte != '\t') {
            return false;
        }
        if (byte == ']' && at + 1 < scan->count && scan->text[at + 1] == ']') return false;
        if (byte == 0xef && at + 1 < scan->count && scan->text[at + 1] == 0xbf) return false;
        at++;
    }
    return true;
}

/* What may stand in comments and instructions. */
static bool check_plain(const scan *scan, size_t from, size_t to) {
    for (size_t at = from; at < to; at++) {
        uint8_t byte = scan->text[at];
        if (byte < 0x20 && !is_space(byte)) return false;
        if (byte == 0xef && at + 1 < scan->count && scan->text[at + 1] == 0xbf) return false;
    }
    return true;
}

static inline size_t skip_space(const scan *scan, size_t at) {
    while (at < scan->count && is_space(scan->text[at])) at++;
    return at;
}

/* Markup. */

/* The name at `at`; of no bytes if there is none that is certain. At most one colon, between two names. */
static inline range name(const scan *scan, size_t at, uint32_t *local) {
    const uint8_t *text = scan->text;
    range none = {0, 0};
    size_t start = at;
    size_t colon = 0;
    if (at >= scan->count || !is_letter(text[at])) return none;
#if defined(__SSE2__)
    if (scan->count - at >= 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(text + at));
        __m128i letter = _mm_sub_epi8(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), _mm_set1_epi8('a'));
        __m128i digit = _mm_sub_epi8(bytes, _mm_set1_epi8('-'));
        __m128i names = _mm_or_si128(
            _mm_or_si128(
                _mm_cmpeq_epi8(_mm_min_epu8(letter, _mm_set1_epi8(25)), letter),
                _mm_cmpeq_epi8(bytes, _mm_set1_epi8('_'))),
            _mm_andnot_si128(
                _mm_cmpeq_epi8(bytes, _mm_set1_epi8('/')),
                _mm_cmpeq_epi8(_mm_min_epu8(digit, _mm_set1_epi8(':' - '-')), digit)));
        unsigned others = ~(unsigned)_mm_movemask_epi8(names) & 0xffff;
        unsigned colons = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(':')));
        unsigned length = others == 0 ? 16 : (unsigned)__builtin_ctz(others);
        colons &= (1u << length) - 1;
        if ((colons & (colons - 1)) != 0) return none;
        if (colons != 0) colon = at + (size_t)__builtin_ctz(colons);
        at += length;
        if (length < 16) goto done;
    }
#endif
    for (; at < scan->count && is_name(text[at]); at++) {
        if (text[at] != ':') continue;
        if (colon != 0) return none;
        colon = at;
    }
#if defined(__SSE2__)
done:
#endif
    if (at - start > NAME || at >= scan->count) return none;
    *local = (uint32_t)start;
    if (colon != 0) {
        if (colon + 1 >= at || !is_letter(text[colon + 1])) return none;
        *local = (uint32_t)colon + 1;
    }
    return (range){(uint32_t)start, (uint32_t)(at - start)};
}

/* A comment or an instruction at `at`; behind it, or 0 if it is not certain. */
static size_t aside(scan *scan, size_t at) {
    if (starts(scan, at, "<!--", 4)) {
        size_t end = at + 4;
        while (end + 1 < scan->count && !(scan->text[end] == '-' && scan->text[end + 1] == '-')) end++;
        if (!starts(scan, end, "-->", 3) || end - at > RUN || !check_plain(scan, at, end)) return 0;
        return end + 3;
    }
    if (!starts(scan, at, "<?", 2)) return 0;
    uint32_t local = 0;
    range target = name(scan, at + 2, &local);
    if (target.count == 0 || local != target.start) return 0;
    // Names that begin so are XML's own; of these it says something of all but two.
    if (target.count >= 3 && (scan->text[target.start] | 0x20) == 'x' && (scan->text[target.start + 1] | 0x20) == 'm'
        && (scan->text[target.start + 2] | 0x20) == 'l' && !IS_WORD(scan->text, target, "xml-stylesheet")
        && !IS_WORD(scan->text, target, "xml-model"))
        return 0;
    size_t from = target.start + target.count;
    size_t end = from;
    while (end < scan->count && !starts(scan, end, "?>", 2)) end++;
    if (end >= scan->count || end - at > RUN || !check_plain(scan, from, end)) return 0;
    if (end > from && !is_space(scan->text[from])) return 0;
    return end + 2;
}

/* True if libxml2 has nothing to say of it: absolute, of signs that every URI may have, and none of XML's own. */
static bool is_plain_uri(const uint8_t *text, range value) {
    size_t scheme = BEGINS(text, value, "urn:") ? 4 : BEGINS(text, value, "http://") ? 7
        : BEGINS(text, value, "https://")                                           ? 8
                                                                                     : 0;
    if (scheme == 0 || value.count == scheme || !is_letter(text[value.start + scheme])) return false;
    if (BEGINS(text, value, "http://www.w3.org/XML/") || BEGINS(text, value, "http://www.w3.org/2000/xmlns"))
        return false;
    size_t fragments = 0;
    for (size_t at = value.start + scheme; at < value.start + value.count; at++) {
        uint8_t byte = text[at];
        if (byte == '#') {
            fragments++;
        } else if (byte == ':' ? scheme != 4 : !is_name(byte) && byte != '/') {
            return false;
        }
    }
    return fragments <= 1;
}

static inline bool is_namespace(const scan *scan, const attribute *found) {
    if (found->name.count == 5 || found->local == found->name.start + 6)
        return memcmp(scan->text + found->name.start, "xmlns", 5) == 0;
    return false;
}

/* The prefix that an attribute declares; of no bytes for the default namespace. */
static inline range prefix_of(const attribute *found) {
    return found->name.count == 5 ? (range){0, 0}
                                  : (range){found->local, found->name.count - (found->local - found->name.start)};
}

static bool is_declared(const scan *scan, range name, uint32_t local) {
    if (local == name.start) return true;
    range prefix = {name.start, local - 1 - name.start};
    for (size_t index = scan->declared_count; index > 0; index--)
        if (equal(scan, scan->declared[index - 1].prefix, prefix)) return true;
    return false;
}

/* What may stand in the value of an attribute; white space but the space, and references, are spelled otherwise. */
static bool check_value(const scan *scan, size_t from, size_t to) {
    for (size_t at = from; at < to; at++) {
        uint8_t byte = scan->text[at];
        if (byte < 0x20 || byte == '<' || byte == '&') return false;
        if (byte == 0xef && at + 1 < scan->count && scan->text[at + 1] == 0xbf) return false;
    }
    return true;
}

/* The next quote from `at`, or the end; `odd` is set if a byte before it needs a second look. */
static inline size_t value_end(const scan *scan, size_t at, uint8_t quote, bool *odd) {
    const uint8_t *text = scan->text;
#if defined(__SSE2__)
    while (scan->count - at >= 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(text + at));
        __m128i odds = _mm_or_si128(
            _mm_or_si128(
                _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes),
                _mm_cmpeq_epi8(bytes, _mm_set1_epi8('<'))),
            _mm_or_si128(
                _mm_cmpeq_epi8(bytes, _mm_set1_epi8('&')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8((char)0xef))));
        unsigned signs = (unsigned)_mm_movemask_epi8(odds);
        unsigned found = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8((char)quote)));
        if (found != 0) {
            if ((signs & (found - 1) & ~found) != 0) *odd = true;
            return at + (size_t)__builtin_ctz(found);
        }
        if (signs != 0) *odd = true;
        at += 16;
    }
#endif
    for (; at < scan->count && text[at] != quote; at++) {
        if (text[at] < 0x20 || text[at] == '<' || text[at] == '&' || text[at] == 0xef) *odd = true;
    }
    return at;
}

/* Attributes from `at` to the `>` or `/` of the tag; 0 if one is not certain. */
static size_t attributes(scan *scan, size_t at) {
    scan->attribute_count = 0;
    while (true) {
        size_t next = skip_space(scan, at);
        if (next >= scan->count) return 0;
        if (scan->text[next] == '>' || scan->text[next] == '/') return next;
        if (next == at || scan->attribute_count == ATTRIBUTES) return 0;
        attribute *found = &scan->attributes[scan->attribute_count];
        found->name = name(scan, next, &found->local);
        if (found->name.count == 0) return 0;
        at = found->name.start + found->name.count;
        if (scan->count - at < 2 || scan->text[at] != '=') return 0;
        uint8_t quote = scan->text[at + 1];
        if (quote != '"' && quote != '\'') return 0;
        bool odd = false;
        size_t end = value_end(scan, at + 2, quote, &odd);
        if (end >= scan->count || end - at > RUN) return 0;
        if (odd && !check_value(scan, at + 2, end)) return 0;
        found->value = (range){(uint32_t)(at + 2), (uint32_t)(end - at - 2)};
        at = end + 1;
        // One name only once, under whatever prefix; what XML itself names is left to who knows it.
        range local = {found->local, found->name.count - (found->local - found->name.start)};
        for (size_t index = 0; index < scan->attribute_count; index++) {
            attribute *other = &scan->attributes[index];
            range known = {other->local, other->name.count - (other->local - other->name.start)};
            if (equal(scan, known, local)) return 0;
        }
        if (BEGINS(scan->text, found->name, "xml") && !is_namespace(scan, found)) return 0;
        if (local.start != found->name.start && BEGINS(scan->text, local, "xml")) return 0;
        scan->attribute_count++;
    }
}

static inline void look_for_signs(scan *scan, range name, uint32_t local) {
    if (scan->document->has_sign) return;
    range last = {local, name.count - (local - name.start)};
    for (size_t index = 0; index < scan->rules->sign_count; index++) {
        const xml_sign *sign = &scan->rules->signs[index];
        if (sign->name_count != last.count || memcmp(sign->name, scan->text + local, last.count) != 0) continue;
        if (sign->uri_count == 0) {
            scan->document->has_sign = true;
            return;
        }
        range prefix = {name.start, local == name.start ? 0 : local - 1 - name.start};
        for (size_t other = 0; other < scan->attribute_count; other++) {
            const attribute *found = &scan->attributes[other];
            if (!is_namespace(scan, found) || !equal(scan, prefix_of(found), prefix)) continue;
            range value = found->value;
            if (value.count < sign->uri_count || memcmp(scan->text + value.start, sign->uri, sign->uri_count) != 0)
                continue;
            bool is_ascii = true;
            for (size_t at = 0; at < value.count; at++)
                if (scan->text[value.start + at] >= 0x80) is_ascii = false;
            if (is_ascii) scan->document->has_sign = true;
        }
    }
}

/* Tells of an element: declares its namespaces, checks prefixes. */
static inline bool tell_element(scan *scan, range name, uint32_t local) {
    for (size_t index = 0; index < scan->attribute_count; index++) {
        const attribute *found = &scan->attributes[index];
        if (!is_namespace(scan, found)) continue;
        if (scan->declared_count == sizeof scan->declared / sizeof scan->declared[0]) return false;
        if (!is_plain_uri(scan->text, found->value)) return false;
        scan->declared[scan->declared_count++] = (declaration){prefix_of(found), scan->depth};
        tell(scan, true, XML_SCAN_NAMESPACE, prefix_of(found), found->value);
    }
    if (!is_declared(scan, name, local)) return false;
    range prefix = {name.start, local == name.start ? 0 : local - 1 - name.start};
    tell(scan, true, XML_SCAN_START, (range){local, name.count - (local - name.start)}, prefix);
    for (size_t index = 0; index < scan->attribute_count; index++) {
        const attribute *found = &scan->attributes[index];
        if (is_namespace(scan, found)) continue;
        if (!is_declared(scan, found->name, found->local)) return false;
        range last = {found->local, found->name.count - (found->local - found->name.start)};
        tell(scan, true, XML_SCAN_ATTRIBUTE, last, found->value);
    }
    return true;
}

static inline void close_element(scan *scan, bool tells) {
    if (!tells) return;
    tell(scan, tells, XML_SCAN_END, (range){0, 0}, (range){0, 0});
    while (scan->declared_count > 0 && scan->declared[scan->declared_count - 1].depth >= scan->depth)
        scan->declared_count--;
}

/* A start tag at `at`; behind it, or 0 if it is not certain. */
static inline size_t start_tag(scan *scan, size_t at, bool tells) {
    uint32_t local = 0;
    range found = name(scan, at + 1, &local);
    if (found.count == 0) return 0;
    size_t end = found.start + found.count;
    scan->attribute_count = 0;
    if (scan->text[end] != '>') {
        end = attributes(scan, end);
        if (end == 0) return 0;
    }
    scan->pieces += 1 + scan->attribute_count;
    if (scan->pieces > scan->rules->pieces || scan->depth == scan->rules->depth || scan->depth == DEPTH) return 0;
    if (scan->depth == 0) {
        scan->document->root = local;
        scan->document->root_count = found.count - (local - found.start);
    }
    if (scan->rules->sign_count > 0) look_for_signs(scan, found, local);
    if (tells && !tell_element(scan, found, local)) return 0;
    if (scan->text[end] == '/') {
        if (end + 1 >= scan->count || scan->text[end + 1] != '>') return 0;
        close_element(scan, tells);
        return end + 2;
    }
    scan->open[scan->depth++] = found;
    return end + 1;
}

#if defined(__SSE2__)
/* The length of the tag at `at` up to its first `>`; 0 if that is not near. */
static inline size_t tag_length(const scan *scan, size_t at) {
    if (scan->count - at < XML_TAG_BYTES) return 0;
    for (size_t step = 0; step < XML_TAG_BYTES; step += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(scan->text + at + step));
        unsigned found = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('>')));
        if (found != 0) return step + (size_t)__builtin_ctz(found) + 1;
    }
    return 0;
}

/* Where a tag of that length, 8 at least, is remembered. */
static inline xml_tag *tag_place(const scan *scan, size_t at, size_t length) {
    uint64_t first, middle, last;
    memcpy(&first, scan->text + at, 8);
    memcpy(&middle, scan->text + at + length / 2 - 4, 8);
    memcpy(&last, scan->text + at + length - 8, 8);
    uint64_t hash = (first ^ (middle << 7 | middle >> 57) ^ length) * 0x9e3779b97f4a7c15ull;
    hash = (hash ^ last ^ hash >> 32) * 0xd6e8feb86659fd93ull;
    return &scan->rules->tags[hash >> 54 & (XML_TAGS - 1)];
}

static inline bool is_tag(const scan *scan, size_t at, size_t length, const xml_tag *tag) {
    if (tag->count != length) return false;
    for (size_t step = 0; step < length; step += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(scan->text + at + step));
        __m128i known = _mm_loadu_si128((const __m128i *)(tag->bytes + step));
        unsigned differ = ~(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, known)) & 0xffff;
        unsigned counted = length - step >= 16 ? 0xffff : (1u << (length - step)) - 1;
        if ((differ & counted) != 0) return false;
    }
    return true;
}
#endif

/* The same as start_tag, by memory where the tag is known. */
static inline size_t known_tag(scan *scan, size_t at) {
#if defined(__SSE2__)
    size_t length = tag_length(scan, at);
    // Before a sign was met, every name may be one.
    if (scan->rules->tags == NULL || !scan->document->has_sign || length < 8) return start_tag(scan, at, false);
    xml_tag *tag = tag_place(scan, at, length);
    if (!is_tag(scan, at, length, tag)) {
        size_t depth = scan->depth;
        size_t behind = start_tag(scan, at, false);
        if (behind != at + length) return behind;
        memcpy(tag->bytes, scan->text + at, length);
        tag->count = (uint8_t)length;
        tag->is_empty = scan->depth == depth;
        tag->name_count = tag->is_empty ? 0 : (uint8_t)scan->open[depth].count;
        tag->attributes = (uint8_t)scan->attribute_count;
        return behind;
    }
    scan->pieces += 1 + tag->attributes;
    if (scan->pieces > scan->rules->pieces || scan->depth == scan->rules->depth || scan->depth == DEPTH) return 0;
    if (!tag->is_empty) scan->open[scan->depth++] = (range){(uint32_t)at + 1, tag->name_count};
    return at + length;
#else
    return start_tag(scan, at, false);
#endif
}

/* An end tag at `at`; behind it, or 0 if it is not certain. */
static inline size_t end_tag(scan *scan, size_t at, bool tells) {
    range open = scan->open[scan->depth - 1];
    size_t end = at + 2 + open.count;
    if (end >= scan->count || !same(scan, at + 2, open.start, open.count)) return 0;
    if (scan->text[end] != '>') {
        end = skip_space(scan, end);
        if (end >= scan->count || scan->text[end] != '>') return 0;
    }
    if (++scan->pieces > scan->rules->pieces) return 0;
    scan->depth--;
    close_element(scan, tells);
    return end + 1;
}

/* Everything inside the root, from behind its start tag to behind its end tag. */
static inline bool content(scan *scan, bool tells) {
    while (scan->depth > 0) {
        size_t from = scan->at;
        bool odd = false;
        size_t to = run_end(scan, from, '<', &odd);
        if (scan->count - to < 2 || to - from > RUN) return false;
        bool is_plain = true;
        if (odd && !check_run(scan, from, to, &is_plain)) return false;
        uint8_t next = scan->text[to + 1];
        // White space beside a tag is at an end of the text, and no part of it.
        if (tells && (next == '!' || next == '?' || skip_space(scan, from) < to))
            tell(
                scan, tells, is_plain ? XML_SCAN_TEXT : XML_SCAN_REFERENCES,
                (range){(uint32_t)from, (uint32_t)(to - from)}, (range){0, 0});
        size_t behind;
        if (next == '/') {
            behind = end_tag(scan, to, tells);
        } else if (next == '!' || next == '?') {
            if (skip_space(scan, from) < to) scan->document->is_split = true;
            behind = aside(scan, to);
        } else {
            behind = tells ? start_tag(scan, to, true) : known_tag(scan, to);
        }
        if (behind == 0) return false;
        scan->at = behind;
    }
    return true;
}

/* White space, comments and instructions outside the root. */
static bool misc(scan *scan) {
    while (true) {
        scan->at = skip_space(scan, scan->at);
        if (scan->count - scan->at < 2 || scan->text[scan->at] != '<') return scan->at == scan->count;
        uint8_t next = scan->text[scan->at + 1];
        if (next != '!' && next != '?') return true;
        if (starts(scan, scan->at, "<?xml", 5) && scan->count - scan->at > 5 && is_space(scan->text[scan->at + 5]))
            return true;
        size_t behind = aside(scan, scan->at);
        if (behind == 0) return false;
        scan->at = behind;
    }
}

static inline bool run(scan *scan, bool tells) {
    if (!misc(scan) || scan->at == scan->count) return false;
    size_t behind = start_tag(scan, scan->at, tells);
    if (behind == 0) return false;
    scan->at = behind;
    if (!content(scan, tells) || !misc(scan)) return false;
    scan->document->end = scan->at;
    scan->document->pieces = scan->pieces;
    if (tells) flush(scan);
    return true;
}

bool xml_scan(const uint8_t *text, size_t count, size_t start, const xml_rules *rules, xml_document *document) {
    scan scan;
    memset(document, 0, sizeof *document);
    if (count > UINT32_MAX / 2 || start >= count) return false;
    scan.text = text;
    scan.count = count;
    scan.at = start;
    scan.rules = rules;
    scan.document = document;
    scan.pieces = 0;
    scan.depth = 0;
    scan.declared_count = 0;
    scan.attribute_count = 0;
    scan.event_count = 0;
    return rules->take != NULL ? run(&scan, true) : run(&scan, false);
}
