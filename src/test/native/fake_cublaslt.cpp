// cuBLASLt for tests, on the CPU, in host memory. With K in parts, each part is added in ascending
// order of k, then the parts.
//
// Compiled with -DMAJOR=11, 12 or 13. Faults: version=X.Y.Z, algorithms=N (how many the heuristic
// offers, 3 without), split=STATUS (of setting the number of parts), parts=N (what is read back),
// call=STATUS (of cublasLtMatmul), dense=1 (layouts overlook leading dimensions).
#include "fake_vendor.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace {

const int INVALID_VALUE = 7;
const int NOT_SUPPORTED = 15;

struct Descriptor {
  int compute;
  int scale;
  int trans_a;
  int trans_b;
};

struct Layout {
  int type;
  int64_t rows;
  int64_t cols;
  int64_t ld;
  int32_t count;
  int64_t stride;
};

struct Preference {
  uint64_t workspace;
  uint32_t schemes;
  uint32_t alignment[4];
};

struct Algorithm {
  int32_t id;
  uint32_t tile;
  uint32_t parts;
  uint32_t scheme;
  uint64_t rest[6];
};

struct Result {
  Algorithm algorithm;
  size_t workspace;
  int state;
  float waves;
  int reserved[4];
};

static_assert(sizeof(Algorithm) == 64, "cublasLtMatmulAlgo_t");
static_assert(sizeof(Result) == 96, "cublasLtMatmulHeuristicResult_t");

int live = 0;

// Copies an attribute if it has the size that the manual gives it.
int put(void* to, const void* from, size_t given, size_t expected) {
  if (given != expected || from == nullptr) {
    return INVALID_VALUE;
  }
  memcpy(to, from, given);
  return 0;
}

bool fits(const Descriptor* d, const Layout* a, const Layout* b, const Layout* c) {
  int64_t m = d->trans_a == 0 ? a->rows : a->cols;
  int64_t k = d->trans_a == 0 ? a->cols : a->rows;
  int64_t k2 = d->trans_b == 0 ? b->rows : b->cols;
  int64_t n = d->trans_b == 0 ? b->cols : b->rows;
  bool types = d->compute == 68 ? d->scale == 0 : d->compute == 70 && d->scale == 1;
  bool halves = d->scale == 0 && (a->type == 2 || a->type == 14);
  types = types && a->type == b->type && c->type == d->scale && (halves || a->type == d->scale);
  for (const Layout* l : {a, b, c}) {
    types = types && l->ld >= l->rows && l->rows > 0 && l->cols > 0 &&
            l->count == a->count;
  }
  return types && k == k2 && c->rows == m && c->cols == n;
}

template <typename T>
T element(const T* a, int64_t ld, int trans, int64_t row, int64_t col) {
  return trans == 0 ? a[row + col * ld] : a[col + row * ld];
}

template <typename In, typename T>
void product(
    const Descriptor* d, T alpha, const In* a, const Layout* la, const In* b, const Layout* lb,
    T beta, T* c, const Layout* lc, int64_t parts) {
  int64_t k = d->trans_a == 0 ? la->cols : la->rows;
  int64_t each = (k + parts - 1) / parts;
  for (int64_t j = 0; j < lc->cols; j++) {
    for (int64_t i = 0; i < lc->rows; i++) {
      T sum = 0;
      for (int64_t from = 0; from < k; from += each) {
        T part = 0;
        for (int64_t q = from; q < std::min(k, from + each); q++) {
          part += widened(element(a, la->ld, d->trans_a, i, q)) *
                  widened(element(b, lb->ld, d->trans_b, q, j));
        }
        sum = from == 0 ? part : sum + part;
      }
      T* to = c + i + j * lc->ld;
      *to = beta == 0 ? alpha * sum : alpha * sum + beta * *to;
    }
  }
}

template <typename In, typename T>
void products(
    const Descriptor* d, const void* alpha, const void* a, const Layout* la, const void* b,
    const Layout* lb, const void* beta, void* c, const Layout* lc, int64_t parts) {
  for (int64_t i = 0; i < lc->count; i++) {
    product(
        d, *static_cast<const T*>(alpha), static_cast<const In*>(a) + i * la->stride, la,
        static_cast<const In*>(b) + i * lb->stride, lb, *static_cast<const T*>(beta),
        static_cast<T*>(c) + i * lc->stride, lc, parts);
  }
}

size_t workspace_of(const Algorithm& a) { return a.parts > 1 ? 1024u * a.parts : 256; }

}  // namespace

// Handles, descriptors, layouts and preferences that have been created and not destroyed.
EXPORT int cublasLtGetProperty(int which, int* value) {
  *value = version_part(which, std::to_string(MAJOR) + ".6.4");
  return 0;
}

EXPORT int fake_vendor_handles() { return live; }

EXPORT int cublasLtCreate(void** handle) {
  *handle = new int(0);
  live++;
  return 0;
}

EXPORT int cublasLtDestroy(void* handle) {
  delete static_cast<int*>(handle);
  live--;
  return 0;
}

EXPORT int cublasLtMatmulDescCreate(Descriptor** d, int compute, int scale) {
  *d = new Descriptor{compute, scale, 0, 0};
  live++;
  return 0;
}

EXPORT int cublasLtMatmulDescDestroy(Descriptor* d) {
  delete d;
  live--;
  return 0;
}

EXPORT int cublasLtMatmulDescSetAttribute(Descriptor* d, int which, const void* from, size_t n) {
  switch (which) {
    case 3: return put(&d->trans_a, from, n, 4);
    case 4: return put(&d->trans_b, from, n, 4);
    default: return INVALID_VALUE;
  }
}

EXPORT int cublasLtMatrixLayoutCreate(
    Layout** l, int type, uint64_t rows, uint64_t cols, int64_t ld) {
  int64_t all = static_cast<int64_t>(rows);
  *l = new Layout{type, all, static_cast<int64_t>(cols), number("dense", 0) != 0 ? all : ld, 1, 0};
  live++;
  return 0;
}

EXPORT int cublasLtMatrixLayoutDestroy(Layout* l) {
  delete l;
  live--;
  return 0;
}

EXPORT int cublasLtMatrixLayoutSetAttribute(Layout* l, int which, const void* from, size_t n) {
  switch (which) {
    case 5: return put(&l->count, from, n, 4);
    case 6: return put(&l->stride, from, n, 8);
    default: return INVALID_VALUE;
  }
}

EXPORT int cublasLtMatmulPreferenceCreate(Preference** p) {
  *p = new Preference{0, 7, {256, 256, 256, 256}};
  live++;
  return 0;
}

EXPORT int cublasLtMatmulPreferenceDestroy(Preference* p) {
  delete p;
  live--;
  return 0;
}

EXPORT int cublasLtMatmulPreferenceSetAttribute(
    Preference* p, int which, const void* from, size_t n) {
  switch (which) {
    case 1: return put(&p->workspace, from, n, 8);
    case 3: return put(&p->schemes, from, n, 4);
    case 5:
    case 6:
    case 7:
    case 8: return put(&p->alignment[which - 5], from, n, 4);
    default: return INVALID_VALUE;
  }
}

EXPORT int cublasLtMatmulAlgoGetHeuristic(
    void*, const Descriptor* d, const Layout* a, const Layout* b, const Layout* c, const Layout* d2,
    const Preference* p, int most, Result* results, int* found) {
  if (!fits(d, a, b, c) || d2 != c || p->workspace < 1024) {
    return INVALID_VALUE;
  }
  int count = std::min(most, number("algorithms", 3));
  for (int i = 0; i < count; i++) {
    // The second says that it cannot run.
    results[i] = Result{};
    results[i].algorithm.id = 20 + i;
    results[i].algorithm.tile = 15;
    results[i].algorithm.parts = p->schemes == 0 ? 1 : 2;
    results[i].algorithm.scheme = p->schemes == 0 ? 0 : 2;
    results[i].workspace = workspace_of(results[i].algorithm);
    results[i].state = i == 1 ? NOT_SUPPORTED : 0;
  }
  *found = count;
  log_call(
      "heuristic schemes=%u alignment=%u,%u,%u,%u", p->schemes, p->alignment[0], p->alignment[1],
      p->alignment[2], p->alignment[3]);
  return count == 0 ? NOT_SUPPORTED : 0;
}

EXPORT int cublasLtMatmulAlgoConfigSetAttribute(
    Algorithm* a, int which, const void* from, size_t n) {
  switch (which) {
    case 2: return number("split", 0) != 0 ? number("split", 0) : put(&a->parts, from, n, 4);
    case 3: return put(&a->scheme, from, n, 4);
    default: return INVALID_VALUE;
  }
}

EXPORT int cublasLtMatmulAlgoConfigGetAttribute(
    const Algorithm* a, int which, void* to, size_t n, size_t* written) {
  uint32_t parts = static_cast<uint32_t>(number("parts", static_cast<int>(a->parts)));
  *written = 4;
  switch (which) {
    case 0: return put(to, &a->id, n, 4);
    case 1: return put(to, &a->tile, n, 4);
    case 2: return put(to, &parts, n, 4);
    case 3: return put(to, &a->scheme, n, 4);
    default: return INVALID_VALUE;
  }
}

EXPORT int cublasLtMatmulAlgoCheck(
    void*, const Descriptor* d, const Layout* a, const Layout* b, const Layout* c, const Layout*,
    const Algorithm* algorithm, Result* result) {
  if (!fits(d, a, b, c)) {
    return INVALID_VALUE;
  }
  int64_t k = d->trans_a == 0 ? a->cols : a->rows;
  result->workspace = workspace_of(*algorithm);
  result->state = 0;
  return k < algorithm->parts ? NOT_SUPPORTED : 0;
}

EXPORT int cublasLtMatmul(
    void*, const Descriptor* d, const void* alpha, const void* a, const Layout* la, const void* b,
    const Layout* lb, const void* beta, const void* c, const Layout* lc, void* out,
    const Layout* lout, const Algorithm* algorithm, void* workspace, size_t bytes, void* stream) {
  bool good = fits(d, la, lb, lc) && c == out && lc == lout &&
              bytes == workspace_of(*algorithm) && workspace != nullptr;
  if (!good) {
    return INVALID_VALUE;
  }
  int status = number("call", 0);
  if (status == 0) {
    memset(workspace, 0xEE, bytes);
    log_call(
        "matmul stream=%d algorithm=%d parts=%u scheme=%u %c%c a=%lldx%lld/%lld b=%lldx%lld/%lld "
        "c=%lldx%lld/%lld count=%d types=%d,%d",
        stream_number(stream), algorithm->id, algorithm->parts, algorithm->scheme,
        d->trans_a == 0 ? 'N' : 'T', d->trans_b == 0 ? 'N' : 'T',
        static_cast<long long>(la->rows), static_cast<long long>(la->cols),
        static_cast<long long>(la->ld), static_cast<long long>(lb->rows),
        static_cast<long long>(lb->cols), static_cast<long long>(lb->ld),
        static_cast<long long>(lc->rows), static_cast<long long>(lc->cols),
        static_cast<long long>(lc->ld), lc->count, la->type, lc->type);
    int64_t parts = algorithm->parts;
    switch (la->type) {
      case 0: products<float, float>(d, alpha, a, la, b, lb, beta, out, lc, parts); break;
      case 1: products<double, double>(d, alpha, a, la, b, lb, beta, out, lc, parts); break;
      case 2: products<F16, float>(d, alpha, a, la, b, lb, beta, out, lc, parts); break;
      default: products<Bf16, float>(d, alpha, a, la, b, lb, beta, out, lc, parts); break;
    }
  }
  return status;
}
