// For LD_PRELOAD on one rank: one allocation fails. LINDWURM_TEST_MALLOC=k,least,most names the
// k-th of those of `least` to `most` bytes.
#include <errno.h>
#include <stdlib.h>

extern void* __libc_malloc(size_t size);
extern void* __libc_memalign(size_t alignment, size_t size);

static int fails(size_t size) {
  static long which = -1;
  static size_t least = 0;
  static size_t most = 0;
  static long seen = 0;
  if (which < 0) {
    const char* text = getenv("LINDWURM_TEST_MALLOC");
    char* end = NULL;
    which = text == NULL ? 0 : strtol(text, &end, 10);
    if (which > 0) {
      least = strtoul(end + 1, &end, 10);
      most = strtoul(end + 1, NULL, 10);
    }
  }
  return which > 0 && size >= least && size <= most && ++seen == which;
}

void* malloc(size_t size) {
  if (!fails(size)) return __libc_malloc(size);
  errno = ENOMEM;
  return NULL;
}

int posix_memalign(void** memory, size_t alignment, size_t size) {
  if (fails(size)) return ENOMEM;
  *memory = __libc_memalign(alignment, size);
  return *memory == NULL ? ENOMEM : 0;
}
