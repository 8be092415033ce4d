#ifndef PORTABILITY_CSPAWN_SHIM_H
#define PORTABILITY_CSPAWN_SHIM_H

#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

// Swift's Glibc module has no GNU extensions. These are in glibc since 2.34 at the latest; what they mean is in
// posix_spawn(3) and pipe(2).
extern int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
extern int pipe2(int ends[2], int flags);

enum { portability_spawn_setsid = 0x80 };

#endif
