#define _GNU_SOURCE
#include "text_scan.h"

#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>

/* Goes through a text for places where the needle's first and last byte stand, and stops where these are so many that
   another way is faster. The place of the needle, or -1 and in `at` where to go on. */
static ptrdiff_t find_by_ends(
    const uint8_t *text, size_t count, const uint8_t *needle, size_t needle_count, size_t *at) {
    const __m128i first = _mm_set1_epi8((char)needle[0]);
    const __m128i last = _mm_set1_epi8((char)needle[needle_count - 1]);
    size_t compared = 0;
    for (; count - *at >= needle_count + 15 && compared <= 16 + *at / 64; *at += 16) {
        __m128i starts = _mm_loadu_si128((const __m128i *)(text + *at));
        __m128i ends = _mm_loadu_si128((const __m128i *)(text + *at + needle_count - 1));
        __m128i both = _mm_and_si128(_mm_cmpeq_epi8(starts, first), _mm_cmpeq_epi8(ends, last));
        for (unsigned found = (unsigned)_mm_movemask_epi8(both); found != 0; found &= found - 1) {
            size_t place = *at + (size_t)__builtin_ctz(found);
            if (memcmp(text + place, needle, needle_count) == 0) return (ptrdiff_t)place;
            compared++;
        }
    }
    return -1;
}
#endif

ptrdiff_t text_find(const uint8_t *text, size_t count, const uint8_t *needle, size_t needle_count) {
    size_t at = 0;
#if defined(__SSE2__)
    if (needle_count > 0 && needle_count <= count) {
        ptrdiff_t place = find_by_ends(text, count, needle, needle_count, &at);
        if (place >= 0) return place;
    }
#endif
    const uint8_t *found = memmem(text + at, count - at, needle, needle_count);
    return found == NULL ? -1 : found - text;
}

/* The first byte at or after `at` that is not ASCII, or the end. */
static inline size_t skip_ascii(const uint8_t *text, size_t at, size_t count) {
#if defined(__SSE2__)
    for (; count - at >= 16; at += 16) {
        unsigned found = (unsigned)_mm_movemask_epi8(_mm_loadu_si128((const __m128i *)(text + at)));
        if (found != 0) return at + (size_t)__builtin_ctz(found);
    }
#endif
    while (at < count && text[at] < 0x80) at++;
    return at;
}

/* The length of the sequence of two bytes or more at `at`; 0 if it is none. */
static inline size_t sequence(const uint8_t *text, size_t at, size_t count) {
    uint8_t lead = text[at];
    if (lead < 0xc2 || lead > 0xf4) return 0;
    size_t length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (count - at < length) return 0;
    uint8_t lowest = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    uint8_t highest = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (text[at + 1] < lowest || text[at + 1] > highest) return 0;
    for (size_t next = 2; next < length; next++)
        if ((text[at + next] & 0xc0) != 0x80) return 0;
    return length;
}

bool text_is_utf8(const uint8_t *text, size_t count) {
    for (size_t at = skip_ascii(text, 0, count); at < count;) {
        size_t length = sequence(text, at, count);
        if (length == 0) return false;
        at += length;
        if (at < count && text[at] < 0x80) at = skip_ascii(text, at, count);
    }
    return true;
}
