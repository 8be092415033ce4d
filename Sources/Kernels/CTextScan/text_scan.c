#define _GNU_SOURCE
#include "text_scan.h"

#include <string.h>

ptrdiff_t text_find(const uint8_t *text, size_t count, const uint8_t *needle, size_t needle_count) {
    const uint8_t *found = memmem(text, count, needle, needle_count);
    return found == NULL ? -1 : found - text;
}
