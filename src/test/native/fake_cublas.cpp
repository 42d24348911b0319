// cuBLAS for tests: the functions that Samebits calls, on the CPU, in host memory. Arguments are
// checked as the manual demands; products are added in ascending order of k.
//
// Compiled with -DMAJOR=11, 12 or 13. Faults: version=X.Y.Z, cudart=NUMBER, create=STATUS,
// creates=N (handles that there can be), call=STATUS (of every gemm, gemv and dot), math=MODE and
// atomics=MODE (what is read back), dense=1 (products overlook leading dimensions).
#include "fake_vendor.h"

#include <algorithm>
#include <cstring>

namespace {

const int INVALID_VALUE = 7;
const int NOT_INITIALIZED = 1;
const int ALLOC_FAILED = 3;
const unsigned MAGIC = 0xC0B1A5u;

struct Handle {
  unsigned magic;
  void* stream;
  void* workspace;
  size_t workspace_bytes;
  int pointer_mode;
  int math;
  int atomics;
};

int live = 0;

bool valid(const Handle* h) { return h != nullptr && h->magic == MAGIC; }

template <typename T>
T element(const T* a, int ld, int trans, int row, int col) {
  return trans == 0 ? a[row + static_cast<long long>(col) * ld]
                    : a[col + static_cast<long long>(row) * ld];
}

template <typename In, typename T>
void product(
    int ta, int tb, int m, int n, int k, T alpha, const In* a, int lda, const In* b, int ldb,
    T beta, T* c, int ldc) {
  if (number("dense", 0) != 0) {
    lda = ta == 0 ? m : k;
    ldb = tb == 0 ? k : n;
    ldc = m;
  }
  for (int j = 0; j < n; j++) {
    for (int i = 0; i < m; i++) {
      T sum = 0;
      for (int q = 0; q < k; q++) {
        sum += widened(element(a, lda, ta, i, q)) * widened(element(b, ldb, tb, q, j));
      }
      T* to = c + i + static_cast<long long>(j) * ldc;
      *to = beta == 0 ? alpha * sum : alpha * sum + beta * *to;
    }
  }
}

int check_gemm(const Handle* h, int ta, int tb, int m, int n, int k, int lda, int ldb, int ldc) {
  if (!valid(h)) {
    return NOT_INITIALIZED;
  }
  bool good = m >= 0 && n >= 0 && k >= 0 && (ta == 0 || ta == 1) && (tb == 0 || tb == 1) &&
              lda >= std::max(1, ta == 0 ? m : k) && ldb >= std::max(1, tb == 0 ? k : n) &&
              ldc >= std::max(1, m) && h->pointer_mode == 0;
  return good ? number("call", 0) : INVALID_VALUE;
}

void describe(const Handle* h, char type, const char* name) {
  log_call(
      "%c%s stream=%d workspace=%zu math=%d atomics=%d", type, name, stream_number(h->stream),
      h->workspace_bytes, h->math, h->atomics);
}

template <typename T>
int gemm(
    char type, Handle* h, int ta, int tb, int m, int n, int k, const T* alpha, const T* a, int lda,
    long long sa, const T* b, int ldb, long long sb, const T* beta, T* c, int ldc, long long sc,
    int count) {
  int status = check_gemm(h, ta, tb, m, n, k, lda, ldb, ldc);
  if (status == 0) {
    describe(h, type, "gemm");
    log_call(
        " %c%c m=%d n=%d k=%d lda=%d ldb=%d ldc=%d count=%d strides=%lld,%lld,%lld",
        ta == 0 ? 'N' : 'T', tb == 0 ? 'N' : 'T', m, n, k, lda, ldb, ldc, count, sa, sb, sc);
    for (int i = 0; i < count; i++) {
      product(ta, tb, m, n, k, *alpha, a + i * sa, lda, b + i * sb, ldb, *beta, c + i * sc, ldc);
    }
  }
  return status;
}

// cublasGemmEx and its batched form, as far as they are called: operands of 16 bits, C and scalars
// in f32, the default algorithm; the pedantic math mode with the pedantic compute type.
template <typename In>
int gemm_ex(
    Handle* h, int ta, int tb, int m, int n, int k, const void* alpha, const void* a, int lda,
    long long sa, const void* b, int ldb, long long sb, const void* beta, void* c, int ldc,
    long long sc, int count, int compute) {
  int status = check_gemm(h, ta, tb, m, n, k, lda, ldb, ldc);
  if (status == 0) {
    describe(h, In::LETTER, "gemmex");
    log_call(
        " %c%c m=%d n=%d k=%d lda=%d ldb=%d ldc=%d count=%d strides=%lld,%lld,%lld compute=%d",
        ta == 0 ? 'N' : 'T', tb == 0 ? 'N' : 'T', m, n, k, lda, ldb, ldc, count, sa, sb, sc,
        compute);
    for (int i = 0; i < count; i++) {
      product(
          ta, tb, m, n, k, *static_cast<const float*>(alpha), static_cast<const In*>(a) + i * sa,
          lda, static_cast<const In*>(b) + i * sb, ldb, *static_cast<const float*>(beta),
          static_cast<float*>(c) + i * sc, ldc);
    }
  }
  return status;
}

bool good_types(const Handle* h, int type_a, int type_b, int type_c, int compute, int algorithm) {
  return valid(h) && type_a == type_b && type_c == 0 && algorithm == -1 &&
         compute == (h->math == 2 ? 69 : 68);
}

template <typename T>
int gemv(
    char type, Handle* h, int trans, int m, int n, const T* alpha, const T* a, int lda, const T* x,
    int incx, const T* beta, T* y, int incy) {
  if (!valid(h)) {
    return NOT_INITIALIZED;
  }
  if (m < 0 || n < 0 || lda < std::max(1, m) || incx == 0 || incy == 0 || h->pointer_mode != 0) {
    return INVALID_VALUE;
  }
  describe(h, type, "gemv");
  log_call(" %c m=%d n=%d lda=%d", trans == 0 ? 'N' : 'T', m, n, lda);
  int rows = trans == 0 ? m : n;
  int terms = trans == 0 ? n : m;
  for (int i = 0; i < rows; i++) {
    T sum = 0;
    for (int q = 0; q < terms; q++) {
      sum += element(a, lda, trans, i, q) * x[q * incx];
    }
    y[i * incy] = *beta == 0 ? *alpha * sum : *alpha * sum + *beta * y[i * incy];
  }
  return number("call", 0);
}

template <typename T>
int dot(char type, Handle* h, int n, const T* x, int incx, const T* y, int incy, T* result) {
  if (!valid(h)) {
    return NOT_INITIALIZED;
  }
  if (h->pointer_mode != 1) { // the result would have to be on the host
    return INVALID_VALUE;
  }
  describe(h, type, "dot");
  T sum = 0;
  for (int i = 0; i < n; i++) {
    sum += x[i * incx] * y[i * incy];
  }
  *result = sum;
  return number("call", 0);
}

int property(int which) { return version_part(which, std::to_string(MAJOR) + ".6.4"); }

}  // namespace

// Handles that have been created and not destroyed.
EXPORT int fake_vendor_handles() { return live; }

EXPORT int cublasCreate_v2(Handle** handle) {
  int status = live < number("creates", 1 << 20) ? number("create", 0) : ALLOC_FAILED;
  if (status == 0) {
    *handle = new Handle{MAGIC, nullptr, nullptr, 0, 0, 0, 0};
    live++;
  }
  return status;
}

EXPORT int cublasDestroy_v2(Handle* h) {
  if (!valid(h)) {
    return NOT_INITIALIZED;
  }
  h->magic = 0;
  delete h;
  live--;
  return 0;
}

EXPORT int cublasGetProperty(int which, int* value) {
  *value = property(which);
  return 0;
}

EXPORT int cublasGetVersion_v2(Handle* h, int* version) {
  *version = property(0) * 10000 + property(1) * 100 + property(2);
  return valid(h) ? 0 : NOT_INITIALIZED;
}

EXPORT size_t cublasGetCudartVersion() {
  // cuBLAS 12.6 was built with the runtime of CUDA 12.3, and says so.
  return static_cast<size_t>(number("cudart", MAJOR * 1000 + (MAJOR == 12 ? 30 : 0)));
}

EXPORT int cublasSetStream_v2(Handle* h, void* stream) {
  h->stream = stream;
  h->workspace = nullptr;
  h->workspace_bytes = 0;
  return 0;
}

EXPORT int cublasSetWorkspace_v2(Handle* h, void* workspace, size_t bytes) {
  h->workspace = workspace;
  h->workspace_bytes = bytes;
  memset(workspace, 0xEE, 1); // it must be there from end to end
  memset(static_cast<char*>(workspace) + bytes - 1, 0xEE, 1);
  return 0;
}

EXPORT int cublasSetPointerMode_v2(Handle* h, int mode) {
  h->pointer_mode = mode;
  return mode == 0 || mode == 1 ? 0 : INVALID_VALUE;
}

EXPORT int cublasSetMathMode(Handle* h, int mode) {
  h->math = mode;
  return mode == 0 || mode == 2 || mode == 3 ? 0 : INVALID_VALUE;
}

EXPORT int cublasGetMathMode(Handle* h, int* mode) {
  *mode = number("math", h->math);
  return 0;
}

EXPORT int cublasSetAtomicsMode(Handle* h, int mode) {
  h->atomics = mode;
  return mode == 0 || mode == 1 ? 0 : INVALID_VALUE;
}

EXPORT int cublasGetAtomicsMode(Handle* h, int* mode) {
  *mode = number("atomics", h->atomics);
  return 0;
}

EXPORT int cublasSgemm_v2(
    Handle* h, int ta, int tb, int m, int n, int k, const float* alpha, const float* a, int lda,
    const float* b, int ldb, const float* beta, float* c, int ldc) {
  return gemm('s', h, ta, tb, m, n, k, alpha, a, lda, 0, b, ldb, 0, beta, c, ldc, 0, 1);
}

EXPORT int cublasDgemm_v2(
    Handle* h, int ta, int tb, int m, int n, int k, const double* alpha, const double* a, int lda,
    const double* b, int ldb, const double* beta, double* c, int ldc) {
  return gemm('d', h, ta, tb, m, n, k, alpha, a, lda, 0, b, ldb, 0, beta, c, ldc, 0, 1);
}

EXPORT int cublasSgemmStridedBatched(
    Handle* h, int ta, int tb, int m, int n, int k, const float* alpha, const float* a, int lda,
    long long sa, const float* b, int ldb, long long sb, const float* beta, float* c, int ldc,
    long long sc, int count) {
  return gemm('s', h, ta, tb, m, n, k, alpha, a, lda, sa, b, ldb, sb, beta, c, ldc, sc, count);
}

EXPORT int cublasDgemmStridedBatched(
    Handle* h, int ta, int tb, int m, int n, int k, const double* alpha, const double* a, int lda,
    long long sa, const double* b, int ldb, long long sb, const double* beta, double* c, int ldc,
    long long sc, int count) {
  return gemm('d', h, ta, tb, m, n, k, alpha, a, lda, sa, b, ldb, sb, beta, c, ldc, sc, count);
}

EXPORT int cublasSgemv_v2(
    Handle* h, int trans, int m, int n, const float* alpha, const float* a, int lda,
    const float* x, int incx, const float* beta, float* y, int incy) {
  return gemv('s', h, trans, m, n, alpha, a, lda, x, incx, beta, y, incy);
}

EXPORT int cublasDgemv_v2(
    Handle* h, int trans, int m, int n, const double* alpha, const double* a, int lda,
    const double* x, int incx, const double* beta, double* y, int incy) {
  return gemv('d', h, trans, m, n, alpha, a, lda, x, incx, beta, y, incy);
}

EXPORT int cublasSdot_v2(
    Handle* h, int n, const float* x, int incx, const float* y, int incy, float* result) {
  return dot('s', h, n, x, incx, y, incy, result);
}

EXPORT int cublasGemmStridedBatchedEx(
    Handle* h, int ta, int tb, int m, int n, int k, const void* alpha, const void* a, int type_a,
    int lda, long long sa, const void* b, int type_b, int ldb, long long sb, const void* beta,
    void* c, int type_c, int ldc, long long sc, int count, int compute, int algorithm) {
  if (!good_types(h, type_a, type_b, type_c, compute, algorithm)) {
    return INVALID_VALUE;
  }
  switch (type_a) {
    case 2:
      return gemm_ex<F16>(
          h, ta, tb, m, n, k, alpha, a, lda, sa, b, ldb, sb, beta, c, ldc, sc, count, compute);
    case 14:
      return gemm_ex<Bf16>(
          h, ta, tb, m, n, k, alpha, a, lda, sa, b, ldb, sb, beta, c, ldc, sc, count, compute);
    default: return INVALID_VALUE;
  }
}

EXPORT int cublasGemmEx(
    Handle* h, int ta, int tb, int m, int n, int k, const void* alpha, const void* a, int type_a,
    int lda, const void* b, int type_b, int ldb, const void* beta, void* c, int type_c, int ldc,
    int compute, int algorithm) {
  return cublasGemmStridedBatchedEx(
      h, ta, tb, m, n, k, alpha, a, type_a, lda, 0, b, type_b, ldb, 0, beta, c, type_c, ldc, 0, 1,
      compute, algorithm);
}

#ifndef WITHOUT_DDOT
EXPORT int cublasDdot_v2(
    Handle* h, int n, const double* x, int incx, const double* y, int incy, double* result) {
  return dot('d', h, n, x, incx, y, incy, result);
}
#endif
