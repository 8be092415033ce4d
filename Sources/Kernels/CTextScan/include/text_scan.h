/* Loops over bytes for which Swift has no instructions: finding bytes and patterns in wide registers. */
#ifndef PORTABILITY_TEXT_SCAN_H
#define PORTABILITY_TEXT_SCAN_H

#include <stddef.h>
#include <stdint.h>

/* The first place of `needle` in `text`, -1 if there is none. */
ptrdiff_t text_find(const uint8_t *text, size_t count, const uint8_t *needle, size_t needle_count);

#endif
