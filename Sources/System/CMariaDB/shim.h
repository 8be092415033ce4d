#ifndef PORTABILITY_MARIADB_SHIM_H
#define PORTABILITY_MARIADB_SHIM_H

#include <mysql.h>

#endif
