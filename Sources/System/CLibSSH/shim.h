#ifndef PORTABILITY_LIBSSH_SHIM_H
#define PORTABILITY_LIBSSH_SHIM_H

#include <libssh/libssh.h>

#endif
