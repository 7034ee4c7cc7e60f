// Compiles a loop for several instruction sets; the best one is chosen at run time.
#pragma once

// Sanitizers run before the loader makes this choice, so they need the plain version.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define LINDWURM_WIDEST_VECTORS __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define LINDWURM_WIDEST_VECTORS
#endif
