// Streams and events of the fake driver (fake_driver.cpp).
#include "fake_driver.h"

#include <time.h>

using namespace fake;

namespace {

const int NOT_READY = 600;

long long live_streams = 0;
long long waits = 0;

double now_ms() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec * 1e-6;
}

}  // namespace

// Streams created and not destroyed, that of the device among them.
EXPORT long long fake_cuda_streams() { return live_streams; }

// Times a stream was told to wait for an event that had been recorded.
EXPORT long long fake_cuda_waits() { return waits; }

// A stream is a number: what was launched on it since somebody waited for it. Launches are done when
// they return, but a stream that nobody has waited for says that it is busy, as a device's would.
EXPORT int cuStreamCreate(void** stream, unsigned) {
  if (number("cuStreamCreate", 0) != 0) {
    return static_cast<int>(number("cuStreamCreate", 0));
  }
  *stream = new int(0);
  live_streams++;
  return in_context();
}

EXPORT int cuStreamDestroy_v2(void* stream) {
  delete static_cast<int*>(stream);
  live_streams--;
  return in_context();
}

EXPORT int cuStreamSynchronize(void* stream) {
  int code = synchronize();
  if (stream != nullptr) {
    *static_cast<int*>(stream) = 0;
  }
  return code;
}

EXPORT int cuStreamQuery(void* stream) {
  std::lock_guard<Fair> hold(lock);
  int code = in_context();
  return code != 0 ? code : *static_cast<int*>(stream) > 0 ? NOT_READY : 0;
}

EXPORT int cuStreamWaitEvent(void*, void* event, unsigned) {
  waits += *static_cast<double*>(event) >= 0;
  return in_context();
}

EXPORT int cuEventCreate(void** event, unsigned) {
  if (number("cuEventCreate", 0) != 0) {
    return static_cast<int>(number("cuEventCreate", 0));
  }
  *event = new double(-1);
  return in_context();
}

EXPORT int cuEventDestroy_v2(void* event) {
  delete static_cast<double*>(event);
  return in_context();
}

EXPORT int cuEventRecord(void* event, void*) {
  *static_cast<double*>(event) = now_ms();
  return in_context();
}

EXPORT int cuEventSynchronize(void*) { return synchronize(); }

EXPORT int cuEventElapsedTime(float* ms, void* from, void* to) {
  *ms = static_cast<float>(*static_cast<double*>(to) - *static_cast<double*>(from));
  return in_context();
}
