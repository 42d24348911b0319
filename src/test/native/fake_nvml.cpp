// The part of libnvidia-ml.so.1 that Samebits calls, of the fake driver (fake_driver.cpp).
#include "fake_driver.h"

#include <cstdio>
#include <cstring>

using namespace fake;

EXPORT int nvmlInit_v2() { return 0; }

EXPORT int nvmlDeviceGetHandleByPciBusId_v2(const char* id, void** device) {
  static int handle;
  *device = &handle;
  return strncmp(id, "0000:", 5) == 0 ? 0 : 6;
}

EXPORT int nvmlSystemGetDriverVersion(char* version, unsigned length) {
  snprintf(version, length, "%s", "560.35.03");
  return 0;
}

EXPORT int nvmlDeviceGetClockInfo(void*, int type, unsigned* mhz) {
  *mhz = type == 2 ? 2619u : 1980u;
  return 0;
}

EXPORT int nvmlDeviceGetPowerUsage(void*, unsigned* milliwatts) {
  *milliwatts = 123456u;
  return 0;
}

EXPORT int nvmlDeviceGetTemperature(void*, int, unsigned* celsius) {
  *celsius = 41u;
  return 0;
}

EXPORT int nvmlDeviceGetCurrentClocksThrottleReasons(void*, unsigned long long* reasons) {
  *reasons = static_cast<unsigned long long>(number("throttle", 0));
  return 0;
}
