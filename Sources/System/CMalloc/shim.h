#ifndef PORTABILITY_CMALLOC_SHIM_H
#define PORTABILITY_CMALLOC_SHIM_H

#include <malloc.h>

// Swift's Glibc module leaves malloc.h out.
static inline int portability_limit_arenas(int count) { return mallopt(M_ARENA_MAX, count); }

#endif
