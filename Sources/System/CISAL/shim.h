#ifndef PORTABILITY_CISAL_SHIM_H
#define PORTABILITY_CISAL_SHIM_H

#include <isa-l.h>
#include <isa-l/igzip_lib.h>
#include <isa-l/crc.h>

#endif
