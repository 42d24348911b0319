// NVRTC 12.6 for tests: one that knows no device, as an NVRTC does that is older than the device.
#include <cstddef>
#include <cstring>

#define EXPORT extern "C" __attribute__((visibility("default")))

namespace {

const int INVALID_OPTION = 5;
const char LOG[] = "nvrtc: error: invalid value for --gpu-architecture (-arch)\n";

}  // namespace

EXPORT int nvrtcVersion(int* major, int* minor) {
  *major = 12;
  *minor = 6;
  return 0;
}

EXPORT const char* nvrtcGetErrorString(int code) {
  return code == INVALID_OPTION ? "NVRTC_ERROR_INVALID_OPTION" : "NVRTC_ERROR_OF_A_TEST";
}

EXPORT int nvrtcCreateProgram(
    void** program, const char*, const char*, int, const char* const*, const char* const*) {
  *program = new int(0);
  return 0;
}

EXPORT int nvrtcDestroyProgram(void** program) {
  delete static_cast<int*>(*program);
  return 0;
}

EXPORT int nvrtcCompileProgram(void*, int, const char* const*) { return INVALID_OPTION; }

EXPORT int nvrtcGetProgramLogSize(void*, size_t* bytes) {
  *bytes = sizeof LOG;
  return 0;
}

EXPORT int nvrtcGetProgramLog(void*, char* log) {
  memcpy(log, LOG, sizeof LOG);
  return 0;
}
