/*
 * Preloaded into a process: writes to files whose path holds CORPUSCLE_FAULT_PATH are cut short to an odd number of bytes, and
 * fail with "no space left" once CORPUSCLE_FAULT_BYTES of them are written (-1: never).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static long long written = 0;

static int is_ours(int fd) {
  char link[64], path[4096];
  const char* const wanted = getenv("CORPUSCLE_FAULT_PATH");
  if (wanted == NULL) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  return strstr(path, wanted) != NULL;
}

/* How many of so many bytes may be written now, or -1. */
static ssize_t allowed(size_t size) {
  const char* const text = getenv("CORPUSCLE_FAULT_BYTES");
  const long long limit = text == NULL ? -1 : atoll(text);
  if (limit >= 0 && written >= limit) {
    errno = ENOSPC;
    return -1;
  }
  size_t most = size > 1 ? size / 2 + 1 : size;
  if (limit >= 0 && (long long)most > limit - written) most = (size_t)(limit - written);
  written += (long long)most;
  return (ssize_t)most;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void* data, size_t size) {
  if (!is_ours(fd)) return REAL(write)(fd, data, size);
  const ssize_t most = allowed(size);
  return most < 0 ? -1 : REAL(write)(fd, data, (size_t)most);
}

ssize_t pwrite64(int fd, const void* data, size_t size, off64_t at) {
  if (!is_ours(fd)) return REAL(pwrite64)(fd, data, size, at);
  const ssize_t most = allowed(size);
  return most < 0 ? -1 : REAL(pwrite64)(fd, data, (size_t)most, at);
}

ssize_t writev(int fd, const struct iovec* parts, int count) {
  if (!is_ours(fd)) return REAL(writev)(fd, parts, count);
  for (int i = 0; i < count; ++i) {
    if (parts[i].iov_len > 0) return write(fd, parts[i].iov_base, parts[i].iov_len);
  }
  return 0;
}
