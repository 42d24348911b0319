// What the fake driver (fake_driver.cpp) says of its errors.
#include "fake_driver.h"

using namespace fake;

namespace {

struct Name {
  int code;
  const char* name;
  const char* text;
};

const Name NAMES[] = {
    {0, "CUDA_SUCCESS", "no error"},
    {1, "CUDA_ERROR_INVALID_VALUE", "invalid argument"},
    {2, "CUDA_ERROR_OUT_OF_MEMORY", "out of memory"},
    {3, "CUDA_ERROR_NOT_INITIALIZED", "initialization error"},
    {34, "CUDA_ERROR_STUB_LIBRARY", "CUDA driver is a stub library"},
    {100, "CUDA_ERROR_NO_DEVICE", "no CUDA-capable device is detected"},
    {101, "CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal"},
    {200, "CUDA_ERROR_INVALID_IMAGE", "device kernel image is invalid"},
    {222, "CUDA_ERROR_UNSUPPORTED_PTX_VERSION",
     "the provided PTX was compiled with an unsupported toolchain."},
    {304, "CUDA_ERROR_OPERATING_SYSTEM", "OS call failed or operation not supported on this OS"},
    {500, "CUDA_ERROR_NOT_FOUND", "named symbol not found"},
    {600, "CUDA_ERROR_NOT_READY", "device not ready"},
    {700, "CUDA_ERROR_ILLEGAL_ADDRESS", "an illegal memory access was encountered"},
    {719, "CUDA_ERROR_LAUNCH_FAILED", "unspecified launch failure"},
    {803, "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH",
     "system has unsupported display driver / cuda driver combination"},
    {999, "CUDA_ERROR_UNKNOWN", "unknown error"}};

}  // namespace

EXPORT int cuGetErrorName(int code, const char** name) {
  for (const Name& n : NAMES) {
    if (n.code == code) {
      *name = n.name;
      return 0;
    }
  }
  *name = nullptr;
  return INVALID_VALUE;
}

EXPORT int cuGetErrorString(int code, const char** text) {
  for (const Name& n : NAMES) {
    if (n.code == code) {
      *text = n.text;
      return 0;
    }
  }
  *text = nullptr;
  return INVALID_VALUE;
}
