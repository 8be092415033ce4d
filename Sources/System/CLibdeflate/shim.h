#ifndef PORTABILITY_CLIBDEFLATE_SHIM_H
#define PORTABILITY_CLIBDEFLATE_SHIM_H

#include <libdeflate.h>

#endif
