// For LD_PRELOAD on one rank: LAPACK gives up on every Schur form and every symmetric eigenvalue
// problem.
static void give_up(double* work, int* info) {
  work[0] = 1;
  *info = 1;
}

void dgees_(const char* vectors, const char* sort, void* select, const int* n, double* a,
            const int* lda, int* sorted, double* re, double* im, double* u, const int* ldu,
            double* work, const int* length, int* chosen, int* info) {
  (void)vectors, (void)sort, (void)select, (void)n, (void)a, (void)lda, (void)sorted, (void)re,
      (void)im, (void)u, (void)ldu, (void)length, (void)chosen;
  give_up(work, info);
}

void dsyev_(const char* job, const char* part, const int* n, double* a, const int* lda, double* w,
            double* work, const int* length, int* info) {
  (void)job, (void)part, (void)n, (void)a, (void)lda, (void)w, (void)length;
  give_up(work, info);
}
