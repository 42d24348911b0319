package dev.samebits.backend.blas;

/**
 * The CBLAS functions that are called, with 32-bit sizes (LP64) and arrays by address. Arguments as
 * in the reference CBLAS, netlib.org/blas/#_cblas.
 */
interface Cblas {
  /** CblasRowMajor. */
  int ROW_MAJOR = 101;

  /** CblasNoTrans. */
  int NO_TRANS = 111;

  /** CblasTrans. */
  int TRANS = 112;

  void sgemm(
      int ta,
      int tb,
      int m,
      int n,
      int k,
      float alpha,
      long a,
      int lda,
      long b,
      int ldb,
      float beta,
      long c,
      int ldc);

  void dgemm(
      int ta,
      int tb,
      int m,
      int n,
      int k,
      double alpha,
      long a,
      int lda,
      long b,
      int ldb,
      double beta,
      long c,
      int ldc);

  void sgemv(int m, int n, float alpha, long a, int lda, long x, float beta, long y);

  void dgemv(int m, int n, double alpha, long a, int lda, long x, double beta, long y);

  float sdot(int n, long x, long y);

  double ddot(int n, long x, long y);
}
