#ifndef PORTABILITY_LIBPQ_SHIM_H
#define PORTABILITY_LIBPQ_SHIM_H

#include <libpq-fe.h>

#endif
