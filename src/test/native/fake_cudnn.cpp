// cuDNN for tests: the convolutions that Samebits calls, on the CPU, in host memory, by definition.
// Each algorithm has the limits that real ones have, so that refusals show.
//
// Compiled with -DMAJOR=8 or 9. Faults: version=NUMBER, cudart=NUMBER, create=STATUS, call=STATUS (of
// every convolution), math=TYPE (what is read back), output=N (height of the output), find=N (how many
// algorithms the heuristic offers).
#include "fake_vendor.h"

#include <cstring>

namespace {

const int SUCCESS = 0;
const int BAD_PARAM = MAJOR == 8 ? 3 : 2000;
const int NOT_SUPPORTED = MAJOR == 8 ? 9 : 3002;

struct Tensor {
  int type, n, c, h, w;
};

struct Filter {
  int type, k, c, r, s;
};

struct Convolution {
  int pad, stride, dilation, mode, type, groups, math;
};

struct Handle {
  void* stream;
};

struct Perf {
  int algorithm;
  int status;
  float time;
  size_t memory;
  int determinism;
  int math;
  int reserved[3];
};

static_assert(sizeof(Perf) == 48, "cudnnConvolution*AlgoPerf_t");

enum Pass { FORWARD, BACKWARD_DATA, BACKWARD_FILTER };

const char* const NAMES[] = {"forward", "backward_data", "backward_filter"};

int live = 0;

template <typename T>
int make(T** to, T value) {
  *to = new T(value);
  live++;
  return SUCCESS;
}

template <typename T>
int destroy(T* it) {
  delete it;
  live--;
  return SUCCESS;
}

int extent(int size, int filter, const Convolution* v) {
  return (size + 2 * v->pad - v->dilation * (filter - 1) - 1) / v->stride + 1;
}

bool fits(const Tensor* x, const Filter* w, const Convolution* v, const Tensor* y) {
  return x->type == w->type && x->type == y->type && x->type == v->type && v->mode == 1 &&
         x->c == w->c * v->groups && w->k % v->groups == 0 && y->n == x->n && y->c == w->k &&
         y->h == extent(x->h, w->r, v) && y->w == extent(x->w, w->s, v);
}

bool winograd(Pass pass, int a) {
  return pass == FORWARD ? a == 6 || a == 7 : pass == BACKWARD_DATA ? a == 4 || a == 5 : a == 5;
}

bool fft(Pass pass, int a) {
  return pass == FORWARD ? a == 4 || a == 5 : pass == BACKWARD_DATA ? a == 2 || a == 3
                                                                    : a == 2 || a == 6;
}

int supported(Pass pass, int a, const Filter* w, const Convolution* v) {
  int last = pass == FORWARD ? 7 : pass == BACKWARD_DATA ? 5 : 6;
  bool missing = (pass == FORWARD && a == 3) || (pass == BACKWARD_FILTER && a == 4);
  if (a < 0 || a > last || missing) {
    return BAD_PARAM;
  }
  bool plain = v->stride == 1 && v->dilation == 1;
  if ((winograd(pass, a) && !(plain && w->r == 3 && w->s == 3)) || (fft(pass, a) && !plain)) {
    return NOT_SUPPORTED;
  }
  return SUCCESS;
}

size_t workspace_of(Pass pass, int a) {
  return a == 0 ? 0 : 512u * static_cast<unsigned>(a) + static_cast<unsigned>(pass);
}

int size_of(
    Pass pass, int a, const Tensor* x, const Filter* w, const Convolution* v, const Tensor* y,
    size_t* bytes) {
  if (!fits(x, w, v, y)) {
    return BAD_PARAM;
  }
  *bytes = workspace_of(pass, a);
  return supported(pass, a, w, v);
}

// The heuristic likes algorithms that add by atomics.
int find(Pass pass, const Convolution* v, int most, int* found, Perf* results) {
  int order[] = {pass == FORWARD ? 6 : 0, pass == BACKWARD_FILTER ? 3 : 1, 1};
  int count = number("find", 3);
  *found = 0;
  for (int i = 0; i < count && i < most; i++) {
    bool atomic = (pass == BACKWARD_DATA && order[i] == 0) ||
                  (pass == BACKWARD_FILTER && (order[i] == 0 || order[i] == 3));
    Perf p{};
    p.algorithm = order[i];
    p.status = pass == FORWARD && i == 0 ? NOT_SUPPORTED : SUCCESS;
    p.determinism = atomic ? 0 : 1;
    p.math = v->math;
    results[(*found)++] = p;
  }
  return SUCCESS;
}

// Calls body(x index, w index, y index) for every product of the convolution.
template <typename Body>
void each(const Tensor* x, const Filter* w, const Convolution* v, const Tensor* y, Body body) {
  int kg = w->k / v->groups;
  for (int n = 0; n < x->n; n++) {
    for (int k = 0; k < w->k; k++) {
      for (int p = 0; p < y->h; p++) {
        for (int q = 0; q < y->w; q++) {
          for (int c = 0; c < w->c; c++) {
            for (int r = 0; r < w->r; r++) {
              for (int s = 0; s < w->s; s++) {
                int i = p * v->stride - v->pad + r * v->dilation;
                int j = q * v->stride - v->pad + s * v->dilation;
                if (i >= 0 && i < x->h && j >= 0 && j < x->w) {
                  int channel = k / kg * w->c + c;
                  body(
                      ((n * x->c + channel) * x->h + i) * x->w + j,
                      ((k * w->c + c) * w->r + r) * w->s + s,
                      ((n * w->k + k) * y->h + p) * y->w + q);
                }
              }
            }
          }
        }
      }
    }
  }
}

template <typename T>
void compute(
    Pass pass, const Tensor* x, T* px, const Filter* w, T* pw, const Convolution* v,
    const Tensor* y, T* py) {
  switch (pass) {
    case FORWARD:
      memset(py, 0, sizeof(T) * static_cast<size_t>(y->n * y->c * y->h * y->w));
      each(x, w, v, y, [&](int a, int b, int c) { py[c] += px[a] * pw[b]; });
      break;
    case BACKWARD_DATA:
      memset(px, 0, sizeof(T) * static_cast<size_t>(x->n * x->c * x->h * x->w));
      each(x, w, v, y, [&](int a, int b, int c) { px[a] += py[c] * pw[b]; });
      break;
    case BACKWARD_FILTER:
      memset(pw, 0, sizeof(T) * static_cast<size_t>(w->k * w->c * w->r * w->s));
      each(x, w, v, y, [&](int a, int b, int c) { pw[b] += px[a] * py[c]; });
      break;
  }
}

template <typename T>
bool one_and_zero(const void* alpha, const void* beta) {
  return *static_cast<const T*>(alpha) == 1 && *static_cast<const T*>(beta) == 0;
}

int convolve(
    Pass pass, Handle* h, const void* alpha, const Tensor* x, void* px, const Filter* w, void* pw,
    const Convolution* v, int a, void* workspace, size_t bytes, const void* beta, const Tensor* y,
    void* py) {
  bool scaled = v->type == 0 ? one_and_zero<float>(alpha, beta) : one_and_zero<double>(alpha, beta);
  bool room = bytes == workspace_of(pass, a) && (bytes == 0) == (workspace == nullptr);
  if (!fits(x, w, v, y) || !scaled || !room) {
    return BAD_PARAM;
  }
  int status = supported(pass, a, w, v);
  status = status == SUCCESS ? number("call", 0) : status;
  if (status == SUCCESS) {
    if (bytes > 0) {
      memset(workspace, 0xEE, bytes);
    }
    log_call(
        "%s stream=%d algorithm=%d math=%d x=%d,%d,%d,%d w=%d,%d,%d,%d y=%d,%d,%d,%d pad=%d "
        "stride=%d dilation=%d groups=%d type=%d",
        NAMES[pass], stream_number(h->stream), a, v->math, x->n, x->c, x->h, x->w, w->k, w->c, w->r,
        w->s, y->n, y->c, y->h, y->w, v->pad, v->stride, v->dilation, v->groups, v->type);
    if (v->type == 0) {
      compute(
          pass, x, static_cast<float*>(px), w, static_cast<float*>(pw), v, y,
          static_cast<float*>(py));
    } else {
      compute(
          pass, x, static_cast<double*>(px), w, static_cast<double*>(pw), v, y,
          static_cast<double*>(py));
    }
  }
  return status;
}

void* writable(const void* p) { return const_cast<void*>(p); }

}  // namespace

// Handles and descriptors that have been created and not destroyed.
EXPORT int fake_vendor_handles() { return live; }

EXPORT size_t cudnnGetVersion() {
  return static_cast<size_t>(number("version", MAJOR == 8 ? 8907 : 90501));
}

EXPORT size_t cudnnGetCudartVersion() { return static_cast<size_t>(number("cudart", 12060)); }

EXPORT const char* cudnnGetErrorString(int status) {
  return status == SUCCESS         ? "CUDNN_STATUS_SUCCESS"
         : status == NOT_SUPPORTED ? "CUDNN_STATUS_NOT_SUPPORTED"
         : status == BAD_PARAM     ? "CUDNN_STATUS_BAD_PARAM"
                                   : "CUDNN_STATUS_OF_A_TEST";
}

EXPORT int cudnnCreate(Handle** h) {
  int status = number("create", SUCCESS);
  return status != SUCCESS ? status : make(h, Handle{nullptr});
}

EXPORT int cudnnDestroy(Handle* h) { return destroy(h); }

EXPORT int cudnnSetStream(Handle* h, void* stream) {
  h->stream = stream;
  return SUCCESS;
}

EXPORT int cudnnCreateTensorDescriptor(Tensor** t) { return make(t, Tensor{}); }

EXPORT int cudnnSetTensor4dDescriptor(Tensor* t, int format, int type, int n, int c, int h, int w) {
  *t = Tensor{type, n, c, h, w};
  return format == 0 && n > 0 && c > 0 && h > 0 && w > 0 ? SUCCESS : BAD_PARAM;
}

EXPORT int cudnnDestroyTensorDescriptor(Tensor* t) { return destroy(t); }

EXPORT int cudnnCreateFilterDescriptor(Filter** f) { return make(f, Filter{}); }

EXPORT int cudnnSetFilter4dDescriptor(Filter* f, int type, int format, int k, int c, int r, int s) {
  *f = Filter{type, k, c, r, s};
  return format == 0 && k > 0 && c > 0 && r > 0 && s > 0 ? SUCCESS : BAD_PARAM;
}

EXPORT int cudnnDestroyFilterDescriptor(Filter* f) { return destroy(f); }

EXPORT int cudnnCreateConvolutionDescriptor(Convolution** v) { return make(v, Convolution{}); }

EXPORT int cudnnSetConvolution2dDescriptor(
    Convolution* v, int pad_h, int pad_w, int stride_h, int stride_w, int dilation_h,
    int dilation_w, int mode, int type) {
  *v = Convolution{pad_h, stride_h, dilation_h, mode, type, 1, 0};
  bool square = pad_h == pad_w && stride_h == stride_w && dilation_h == dilation_w;
  return square && pad_h >= 0 && stride_h > 0 && dilation_h > 0 ? SUCCESS : BAD_PARAM;
}

EXPORT int cudnnDestroyConvolutionDescriptor(Convolution* v) { return destroy(v); }

EXPORT int cudnnSetConvolutionGroupCount(Convolution* v, int groups) {
  v->groups = groups;
  return SUCCESS;
}

EXPORT int cudnnSetConvolutionMathType(Convolution* v, int math) {
  v->math = math;
  return math >= 0 && math <= 3 ? SUCCESS : BAD_PARAM;
}

EXPORT int cudnnGetConvolutionMathType(Convolution* v, int* math) {
  *math = number("math", v->math);
  return SUCCESS;
}

EXPORT int cudnnGetConvolution2dForwardOutputDim(
    Convolution* v, Tensor* x, Filter* w, int* n, int* c, int* h, int* q) {
  *n = x->n;
  *c = w->k;
  *h = number("output", extent(x->h, w->r, v));
  *q = extent(x->w, w->s, v);
  return SUCCESS;
}

EXPORT int cudnnGetConvolutionForwardAlgorithm_v7(
    Handle*, Tensor* x, Filter* w, Convolution* v, Tensor* y, int most, int* found, Perf* results) {
  return fits(x, w, v, y) ? find(FORWARD, v, most, found, results) : BAD_PARAM;
}

EXPORT int cudnnGetConvolutionBackwardDataAlgorithm_v7(
    Handle*, Filter* w, Tensor* dy, Convolution* v, Tensor* dx, int most, int* found,
    Perf* results) {
  return fits(dx, w, v, dy) ? find(BACKWARD_DATA, v, most, found, results) : BAD_PARAM;
}

EXPORT int cudnnGetConvolutionBackwardFilterAlgorithm_v7(
    Handle*, Tensor* x, Tensor* dy, Convolution* v, Filter* dw, int most, int* found,
    Perf* results) {
  return fits(x, dw, v, dy) ? find(BACKWARD_FILTER, v, most, found, results) : BAD_PARAM;
}

EXPORT int cudnnGetConvolutionForwardWorkspaceSize(
    Handle*, Tensor* x, Filter* w, Convolution* v, Tensor* y, int a, size_t* bytes) {
  return size_of(FORWARD, a, x, w, v, y, bytes);
}

EXPORT int cudnnGetConvolutionBackwardDataWorkspaceSize(
    Handle*, Filter* w, Tensor* dy, Convolution* v, Tensor* dx, int a, size_t* bytes) {
  return size_of(BACKWARD_DATA, a, dx, w, v, dy, bytes);
}

EXPORT int cudnnGetConvolutionBackwardFilterWorkspaceSize(
    Handle*, Tensor* x, Tensor* dy, Convolution* v, Filter* dw, int a, size_t* bytes) {
  return size_of(BACKWARD_FILTER, a, x, dw, v, dy, bytes);
}

EXPORT int cudnnConvolutionForward(
    Handle* h, const void* alpha, Tensor* dx, const void* x, Filter* dw, const void* w,
    Convolution* v, int a, void* workspace, size_t bytes, const void* beta, Tensor* dy, void* y) {
  return convolve(
      FORWARD, h, alpha, dx, writable(x), dw, writable(w), v, a, workspace, bytes, beta, dy, y);
}

EXPORT int cudnnConvolutionBackwardData(
    Handle* h, const void* alpha, Filter* dw, const void* w, Tensor* dy, const void* y,
    Convolution* v, int a, void* workspace, size_t bytes, const void* beta, Tensor* dx, void* x) {
  return convolve(
      BACKWARD_DATA, h, alpha, dx, x, dw, writable(w), v, a, workspace, bytes, beta, dy,
      writable(y));
}

EXPORT int cudnnConvolutionBackwardFilter(
    Handle* h, const void* alpha, Tensor* dx, const void* x, Tensor* dy, const void* y,
    Convolution* v, int a, void* workspace, size_t bytes, const void* beta, Filter* dw, void* w) {
  return convolve(
      BACKWARD_FILTER, h, alpha, dx, writable(x), dw, w, v, a, workspace, bytes, beta, dy,
      writable(y));
}
