// What the parts of the fake driver share; what it is and does is said in fake_driver.cpp.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>

#define EXPORT extern "C" __attribute__((visibility("default")))

namespace fake {

const int INVALID_VALUE = 1;
const int OUT_OF_MEMORY = 2;
const int NOT_FOUND = 500;

// Calls are served in the order in which they come: a thread that launches without end must not keep
// the others waiting.
class Fair {
 public:
  void lock() {
    std::unique_lock<std::mutex> hold(guard);
    unsigned long long mine = next++;
    turn.wait(hold, [&] { return serving == mine; });
  }

  void unlock() {
    std::lock_guard<std::mutex> hold(guard);
    serving++;
    turn.notify_all();
  }

 private:
  std::mutex guard;
  std::condition_variable turn;
  unsigned long long next = 0;
  unsigned long long serving = 0;
};

extern Fair lock;
extern int pending;  // the error of a launch that nobody has waited for yet
extern bool wrong;   // whether what is read back is to differ
extern std::map<char*, size_t> blocks;  // what is allocated, with its size

// What is planted under a key, or something else.
std::string fault(const char* key, const char* otherwise);
long long number(const char* key, long long otherwise);

// Nothing may be done in a thread without a context.
int in_context();

// Waits for all that was launched, which is what waiting for a stream or an event does.
int synchronize();

}  // namespace fake
