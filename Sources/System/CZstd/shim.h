#ifndef PORTABILITY_CZSTD_SHIM_H
#define PORTABILITY_CZSTD_SHIM_H

#include <zstd.h>
#include <zstd_errors.h>

#endif
