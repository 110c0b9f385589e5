// libstdc++ asks glibc whether the process has one thread, to spare atomic operations. glibc answers since 2.32 only, and the addon is
// to load on older ones; so it answers itself, in its own library alone: no.
#if defined(__linux__)
#include <features.h>
#if defined(__GLIBC__)
extern "C" {
extern char __libc_single_threaded __attribute__((visibility("hidden")));
char __libc_single_threaded = 0;
}
#endif
#endif
