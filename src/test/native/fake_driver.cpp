// A CUDA driver for tests: the part of libcuda.so.1 and libnvidia-ml.so.1 that Samebits calls, on
// the CPU. Kernels run under the host shim (cuda_shim.h), a module is the text of the PTX that was
// loaded, and a function is found only if that text declares it and the shim has compiled it.
//
// Device memory is the heap: poisoned when allocated, so that a read of what was never written
// shows, and with guard bytes behind it that are looked at when it is freed.
//
// In parts: device and memory (this file), streams and events (fake_streams.cpp), modules and launches
// (fake_modules.cpp), words for errors (fake_errors.cpp), and fake_nvml.cpp.
//
// fake_cuda(text), or a file `faults` beside the library, plants faults; words separated by commas:
//   init=CODE        cuInit returns CODE
//   init=hang        cuInit never returns
//   init=crash       cuInit ends the process by a signal
//   driver=VERSION   cuDriverGetVersion says VERSION, e.g. 9020
//   devices=N        N devices (default 1)
//   cc=MAJOR.MINOR   compute capability (default 9.0)
//   memory=BYTES     device memory (default 1 GiB)
//   launch=CODE      launches fail with CODE when they are waited for, and so does all that follows,
//                    as after a fault of a real kernel
//   symbol=BEGIN     only launches of functions whose names begin so
//   idle=BEGIN       launches of functions whose names begin so leave nothing to be done on their stream
//   flip=N           the N-th copy on the device from now on has one bit of its last byte flipped
//   sm=N             multiprocessors (default 4)
//   wrong=BEGIN      after launches of functions whose names begin so, what is copied to the host has
//                    another first bit
//   throttle=BITS    NVML's reasons why clocks are lower than asked for
//   dense=a|b|c      products are launched with the leading dimension of a dense A, B or C
//   NAME=CODE        this function returns CODE: cuStreamCreate, cuEventCreate, cuModuleLoadData
//   short=BEGIN      launches of functions whose names begin so find too little memory
#include "fake_driver.h"

#include <dlfcn.h>

#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <unistd.h>

namespace fake {

Fair lock;
int pending = 0;
bool wrong = false;
std::map<char*, size_t> blocks;

namespace {

const int NOT_INITIALIZED = 3;
const int INVALID_DEVICE = 101;
const int GUARD = 64;
const unsigned char POISON = 0xA5;

std::string faults;
bool faults_read = false;
bool initialized = false;
int sticky = 0;  // the error that every call gives from then on
size_t used = 0;
long long violations = 0;
long long copies = 0;   // on the device, since faults were planted
long long uploads = 0;  // from the host
long long downloads = 0;
thread_local void* current = nullptr;

}  // namespace

std::string fault(const char* key, const char* otherwise) {
  if (!faults_read) {
    faults_read = true;
    Dl_info self;
    dladdr(&faults, &self);
    std::string file(self.dli_fname);
    std::ifstream in(file.substr(0, file.rfind('/')) + "/faults");
    std::getline(in, faults);
  }
  std::string all = "," + faults + ",";
  std::string start = std::string(",") + key + "=";
  size_t at = all.find(start);
  if (at == std::string::npos) {
    return otherwise;
  }
  at += start.size();
  return all.substr(at, all.find(',', at) - at);
}

long long number(const char* key, long long otherwise) {
  std::string text = fault(key, "");
  return text.empty() ? otherwise : atoll(text.c_str());
}

namespace {

size_t total() { return static_cast<size_t>(number("memory", 1LL << 30)); }

int ready() { return sticky != 0 ? sticky : initialized ? 0 : NOT_INITIALIZED; }

}  // namespace

int in_context() {
  int code = ready();
  return code != 0 ? code : current == nullptr ? 201 : 0;
}

namespace {

int wait() {
  if (pending != 0) {
    sticky = pending;
    pending = 0;
  }
  return sticky;
}

// Whether [at, at + bytes) lies inside one allocation.
bool inside(const void* at, size_t bytes) {
  char* p = static_cast<char*>(const_cast<void*>(at));
  auto it = blocks.upper_bound(p);
  if (it == blocks.begin()) {
    return false;
  }
  --it;
  return p + bytes <= it->first + it->second;
}

int copy(void* to, const void* from, size_t bytes, const void* device) {
  std::lock_guard<Fair> hold(lock);
  int code = in_context();
  if (code == 0) {
    code = wait();
  }
  if (code == 0 && bytes > 0) {
    if (!inside(device, bytes)) {
      return INVALID_VALUE;
    }
    memmove(to, from, bytes);
  }
  return code;
}

}  // namespace

int synchronize() {
  std::lock_guard<Fair> hold(lock);
  int code = in_context();
  return code != 0 ? code : wait();
}

}  // namespace fake

using namespace fake;

// For tests ---------------------------------------------------------------------------------------

// Replaces the planted faults and forgets an error; memory and modules stay.
EXPORT void fake_cuda(const char* text) {
  std::lock_guard<Fair> hold(lock);
  faults = text;
  faults_read = true;
  sticky = 0;
  pending = 0;
  copies = 0;
}

// Bytes allocated and not freed.
EXPORT long long fake_cuda_used() { return static_cast<long long>(used); }

// Allocations behind whose end something was written.
EXPORT long long fake_cuda_violations() { return violations; }

// Copies from the host to the device.
EXPORT long long fake_cuda_uploads() { return uploads; }

// Copies from the device to the host.
EXPORT long long fake_cuda_downloads() { return downloads; }

// Device --------------------------------------------------------------------------------------------

EXPORT int cuInit(unsigned) {
  std::string how = fault("init", "0");
  if (how == "hang") {
    for (;;) {
      pause();
    }
  } else if (how == "crash") {
    raise(SIGABRT); // as a crash looks from outside, without the report of a JVM
  }
  int code = atoi(how.c_str());
  initialized = code == 0;
  return code;
}

// NVRTC 13 asks a driver that is loaded for tables that are documented nowhere.
EXPORT int cuGetExportTable(const void** table, const void*) {
  *table = nullptr;
  return NOT_FOUND;
}

EXPORT int cuDriverGetVersion(int* version) {
  *version = static_cast<int>(number("driver", 12060));
  return 0;
}

EXPORT int cuDeviceGetCount(int* count) {
  *count = static_cast<int>(number("devices", 1));
  return ready();
}

EXPORT int cuDeviceGet(int* device, int ordinal) {
  if (ready() == 0 && (ordinal < 0 || ordinal >= number("devices", 1))) {
    return INVALID_DEVICE;
  }
  *device = ordinal;
  return ready();
}

EXPORT int cuDeviceGetName(char* name, int length, int device) {
  snprintf(name, static_cast<size_t>(length), "Fake GPU %d", device);
  return ready();
}

EXPORT int cuDeviceGetPCIBusId(char* id, int length, int device) {
  snprintf(id, static_cast<size_t>(length), "0000:%02x:00.0", device + 1);
  return ready();
}

EXPORT int cuDeviceGetAttribute(int* value, int attribute, int) {
  std::string cc = fault("cc", "9.0");
  int dot = static_cast<int>(cc.find('.'));
  switch (attribute) {
    case 1: *value = 1024; break;              // threads in a block
    case 8: *value = 48 << 10; break;          // shared memory of a block
    case 10: *value = 32; break;               // warp
    case 13: *value = 1980000; break;          // clock, kHz
    case 16: *value = static_cast<int>(number("sm", 4)); break;                // multiprocessors
    case 36: *value = 2619000; break;          // memory clock, kHz
    case 37: *value = 384; break;              // memory bus, bits
    case 38: *value = 1 << 20; break;          // L2
    case 75: *value = atoi(cc.substr(0, dot).c_str()); break;
    case 76: *value = atoi(cc.substr(dot + 1).c_str()); break;
    case 97: *value = 227 << 10; break;        // shared memory of a block, opted in
    default: *value = 0;
  }
  return ready();
}

// Contexts ------------------------------------------------------------------------------------------

EXPORT int cuDevicePrimaryCtxSetFlags_v2(int, unsigned) { return ready(); }

EXPORT int cuDevicePrimaryCtxRetain(void** context, int) {
  static int primary;
  *context = &primary;
  return ready();
}

EXPORT int cuCtxSetCurrent(void* context) {
  current = context;
  return ready();
}

// Memory --------------------------------------------------------------------------------------------

EXPORT int cuMemGetInfo_v2(size_t* free_bytes, size_t* total_bytes) {
  std::lock_guard<Fair> hold(lock);
  *total_bytes = total();
  *free_bytes = used > total() ? 0 : total() - used;
  return in_context();
}

EXPORT int cuMemAlloc_v2(void** pointer, size_t bytes) {
  std::lock_guard<Fair> hold(lock);
  int code = in_context();
  if (code != 0) {
    return code;
  }
  if (bytes == 0) {
    return INVALID_VALUE;
  }
  if (used + bytes > total()) {
    return OUT_OF_MEMORY;
  }
  size_t whole = (bytes + GUARD + 255) / 256 * 256;
  char* p = static_cast<char*>(aligned_alloc(256, whole));
  if (p == nullptr) {
    return OUT_OF_MEMORY;
  }
  memset(p, POISON, whole);
  blocks[p] = bytes;
  used += bytes;
  *pointer = p;
  return 0;
}

EXPORT int cuMemFree_v2(void* pointer) {
  std::lock_guard<Fair> hold(lock);
  int code = in_context();
  if (code != 0) {
    return code;
  }
  char* p = static_cast<char*>(pointer);
  auto it = blocks.find(p);
  if (it == blocks.end()) {
    return INVALID_VALUE;
  }
  for (int i = 0; i < GUARD; i++) {
    if (static_cast<unsigned char>(p[it->second + static_cast<size_t>(i)]) != POISON) {
      violations++;
      break;
    }
  }
  used -= it->second;
  blocks.erase(it);
  free(p);
  return 0;
}

EXPORT int cuMemcpyHtoD_v2(void* to, const void* from, size_t bytes) {
  uploads++;
  return copy(to, from, bytes, to);
}

EXPORT int cuMemcpyDtoH_v2(void* to, const void* from, size_t bytes) {
  downloads++;
  int code = copy(to, from, bytes, from);
  if (code == 0 && bytes > 0 && wrong) {
    *static_cast<unsigned char*>(to) ^= 1;
  }
  return code;
}

EXPORT int cuMemcpyDtoDAsync_v2(void* to, const void* from, size_t bytes, void*) {
  if (!inside(to, bytes)) {
    return INVALID_VALUE;
  }
  int code = copy(to, from, bytes, from);
  if (++copies == number("flip", 0) && bytes > 0) {
    static_cast<char*>(to)[bytes - 1] ^= 1;
  }
  return code;
}

EXPORT int cuMemsetD8Async(void* to, unsigned char value, size_t bytes, void*) {
  std::lock_guard<Fair> hold(lock);
  int code = in_context();
  if (code == 0 && bytes > 0) {
    if (!inside(to, bytes)) {
      return INVALID_VALUE;
    }
    memset(to, value, bytes);
  }
  return code;
}

EXPORT int cuMemsetD2D8Async(
    void* to, size_t pitch, unsigned char value, size_t width, size_t height, void* stream) {
  for (size_t row = 0; row < height; row++) {
    int code = cuMemsetD8Async(static_cast<char*>(to) + row * pitch, value, width, stream);
    if (code != 0) {
      return code;
    }
  }
  return in_context();
}
