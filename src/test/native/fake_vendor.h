// What the fake libraries of NVIDIA's share: planted faults and a log of the calls.
//
// fake_vendor(text) plants faults, words KEY=VALUE separated by commas; what each library knows is
// said at its head. fake_vendor_log() tells the calls since the last fake_vendor_clear(), one a line.
#pragma once
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#define EXPORT extern "C" __attribute__((visibility("default")))

namespace {

std::string planted;
std::string calls;
std::vector<void*> streams;

std::string fault(const char* key, const char* otherwise) {
  std::string all = "," + planted + ",";
  std::string start = std::string(",") + key + "=";
  size_t at = all.find(start);
  if (at == std::string::npos) {
    return otherwise;
  }
  at += start.size();
  return all.substr(at, all.find(',', at) - at);
}

int number(const char* key, int otherwise) {
  std::string text = fault(key, "");
  return text.empty() ? otherwise : atoi(text.c_str());
}

__attribute__((format(printf, 1, 2))) void log_call(const char* format, ...) {
  char line[512];
  va_list args;
  va_start(args, format);
  vsnprintf(line, sizeof line, format, args);
  va_end(args);
  calls += line;
  calls += '\n';
}

// Streams by the order in which they were first seen.
int stream_number(void* stream) {
  for (size_t i = 0; i < streams.size(); i++) {
    if (streams[i] == stream) {
      return static_cast<int>(i);
    }
  }
  streams.push_back(stream);
  return static_cast<int>(streams.size()) - 1;
}

// Elements of 16 bits, and the type that each element is computed in.
struct F16 {
  static const char LETTER = 'h';
  unsigned short bits;
};
struct Bf16 {
  static const char LETTER = 'b';
  unsigned short bits;
};
inline float widened(float x) { return x; }
inline double widened(double x) { return x; }
inline float widened(Bf16 x) {
  unsigned bits = static_cast<unsigned>(x.bits) << 16;
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}
inline float widened(F16 x) {
  int exponent = x.bits >> 10 & 31;
  int fraction = x.bits & 1023;
  float magnitude = exponent == 0    ? ldexpf(fraction, -24)
                    : exponent != 31 ? ldexpf(1024 + fraction, exponent - 25)
                    : fraction == 0  ? INFINITY
                                     : NAN;
  return (x.bits & 0x8000) == 0 ? magnitude : -magnitude;
}

// Major (0), minor (1) or patch level (2) of version=X.Y.Z, or of the library's own.
int version_part(int which, const std::string& own) {
  std::string version = fault("version", own.c_str());
  size_t at = 0;
  for (int i = 0; i < which; i++) {
    at = version.find('.', at) + 1;
  }
  return atoi(version.c_str() + at);
}

}  // namespace

EXPORT void fake_vendor(const char* text) { planted = text; }

EXPORT const char* fake_vendor_log() { return calls.c_str(); }

EXPORT void fake_vendor_clear() {
  calls.clear();
  streams.clear();
}
