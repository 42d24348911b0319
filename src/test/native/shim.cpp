// Runs kernels on the CPU: see cuda_shim.h. The functions a test calls are at the end.
#include "cuda_shim.h"

#include <sys/mman.h>

#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <utility>
#include <vector>

#ifndef __x86_64__
#error "the switch between fibers is written for x86-64"
#endif

uint3 threadIdx, blockIdx;
dim3 blockDim, gridDim;

// Saves the callee-saved registers and the stack pointer, and goes on at another stack.
extern "C" void shim_switch(void** save, void* load);
asm(R"(
.text
.globl shim_switch
.hidden shim_switch
.type shim_switch, @function
shim_switch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size shim_switch, .-shim_switch
)");

namespace shim {
namespace {

constexpr size_t kStack = 64 * 1024;
constexpr uint64_t kCanary = 0x5a6d656269747321;

enum class State { kNew, kReady, kAtBarrier, kInExchange, kDone };

struct Fiber {
  State state;
  uint3 index;
  int warp;
  int lane;
  char* stack;
  void* sp;
};

/// The values of an exchange under way; the last one stays readable while the next begins.
struct Warp {
  unsigned arrived;
  int turn;
  uint64_t values[2][32];
};

/// splitmix64 (Steele, Lea, Flood 2014, doi:10.1145/2660193.2660195).
struct Random {
  uint64_t state;
  uint64_t next() {
    uint64_t z = state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
  }
  unsigned below(unsigned n) { return static_cast<unsigned>((next() >> 32) * n >> 32); }
};

std::mutex launching;
Kernel* kernels = nullptr;
char error[256];
const Kernel* kernel;
void** params;
std::vector<Fiber> fibers;
std::vector<Warp> warps;
std::vector<char*> stacks;
std::vector<unsigned> order;
Fiber* running;
void* scheduler;

void to_scheduler() { shim_switch(&running->sp, scheduler); }

void body() {
  kernel->call(kernel->function, params);
  running->state = State::kDone;
  to_scheduler();
  abort();
}

char* take_stack() {
  if (stacks.empty()) {
    void* all = mmap(nullptr, kStack, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (all == MAP_FAILED) {
      abort();
    }
    memcpy(all, &kCanary, sizeof kCanary);
    return static_cast<char*>(all);
  }
  char* stack = stacks.back();
  stacks.pop_back();
  return stack;
}

void start(Fiber& f) {
  f.stack = take_stack();
  // Six registers and the address to return to; a function begins with its stack 8 off 16.
  void** top = reinterpret_cast<void**>(f.stack + kStack) - 8;
  memset(top, 0, 8 * sizeof *top);
  top[6] = reinterpret_cast<void*>(&body);
  f.sp = top;
}

void resume(Fiber& f) {
  if (f.state == State::kNew) {
    start(f);
  }
  f.state = State::kReady;
  running = &f;
  threadIdx = f.index;
  shim_switch(&scheduler, f.sp);
  if (f.state == State::kDone) {
    if (memcmp(f.stack, &kCanary, sizeof kCanary) != 0) {
      fprintf(stderr, "shim: %s overflows a fiber's stack of %zu bytes\n", kernel->symbol, kStack);
      abort();
    }
    stacks.push_back(f.stack);
  }
}

bool runnable(const Fiber& f) { return f.state == State::kNew || f.state == State::kReady; }

/// Opens the barrier if all that have not ended wait at it; false if nothing can go on.
bool open_barrier() {
  bool any = false;
  for (Fiber& f : fibers) {
    if (f.state == State::kInExchange) {
      return false;
    }
    any |= f.state == State::kAtBarrier;
  }
  for (Fiber& f : fibers) {
    f.state = f.state == State::kAtBarrier ? State::kReady : f.state;
  }
  return any;
}

bool all_done() {
  for (const Fiber& f : fibers) {
    if (f.state != State::kDone) {
      return false;
    }
  }
  return true;
}

/// Runs each thread up to its next barrier, in the order of the block turned and perhaps reversed.
bool pass(Random* random) {
  unsigned n = static_cast<unsigned>(order.size());
  unsigned first = random ? random->below(n) : 0;
  bool backwards = random && random->below(2) == 1;
  bool ran = false;
  for (unsigned i = 0; i < n; i++) {
    unsigned at = backwards ? first + n - i : first + i;
    Fiber& f = fibers[order[at % n]];
    if (runnable(f)) {
      resume(f);
      ran = true;
    }
  }
  return ran;
}

bool run_block(Random* random) {
  unsigned n = static_cast<unsigned>(fibers.size());
  for (unsigned i = 0; i < n; i++) {
    unsigned rest = i / blockDim.x;
    fibers[i] = Fiber{State::kNew,
                      {i % blockDim.x, rest % blockDim.y, rest / blockDim.y},
                      static_cast<int>(i / 32),
                      static_cast<int>(i % 32),
                      nullptr,
                      nullptr};
    order[i] = i;
  }
  for (unsigned i = n; random && i > 1; i--) {
    std::swap(order[i - 1], order[random->below(i)]);
  }
  for (Warp& w : warps) {
    w.arrived = 0;
  }
  while (!all_done()) {
    if (!pass(random) && !open_barrier()) {
      return false;
    }
  }
  return true;
}

const Kernel* find(const char* symbol) {
  for (const Kernel* k = kernels; k; k = k->next) {
    if (strcmp(k->symbol, symbol) == 0) {
      return k;
    }
  }
  snprintf(error, sizeof error, "no kernel '%s' in this library", symbol);
  return nullptr;
}

bool fits(const unsigned grid[3], const unsigned block[3]) {
  uint64_t threads = uint64_t(block[0]) * block[1] * block[2];
  uint64_t blocks = uint64_t(grid[0]) * grid[1] * grid[2];
  if (threads < 1 || threads > 1024 || blocks < 1 || grid[0] > 0x7fffffffu || grid[1] > 65535 ||
      grid[2] > 65535) {
    snprintf(
        error, sizeof error,
        "%s: grid %u x %u x %u, block %u x %u x %u cannot be launched",
        kernel->symbol, grid[0], grid[1], grid[2], block[0], block[1], block[2]);
    return false;
  }
  return true;
}

bool run_grid(uint64_t seed) {
  Random random{seed};
  unsigned blocks = gridDim.x * gridDim.y * gridDim.z;
  std::vector<unsigned> turns(blocks);
  for (unsigned i = 0; i < blocks; i++) {
    turns[i] = i;
  }
  for (unsigned i = blocks; seed != 0 && i > 1; i--) {
    std::swap(turns[i - 1], turns[random.below(i)]);
  }
  for (unsigned turn : turns) {
    unsigned rest = turn / gridDim.x;
    blockIdx = {turn % gridDim.x, rest % gridDim.y, rest / gridDim.y};
    if (!run_block(seed != 0 ? &random : nullptr)) {
      snprintf(error, sizeof error, "%s: block %u: some threads wait where others never arrive",
               kernel->symbol, turn);
      return false;
    }
  }
  return true;
}

}  // namespace

void add(Kernel* k) {
  k->next = kernels;
  kernels = k;
}

void block_barrier() {
  running->state = State::kAtBarrier;
  to_scheduler();
}

int lane() { return running->lane; }

const uint64_t* exchange(unsigned mask, uint64_t value) {
  Fiber* self = running;
  Warp& w = warps[self->warp];
  int first = self->warp * 32;
  int turn = w.turn;
  w.values[turn][self->lane] = value;
  w.arrived |= 1u << self->lane;
  unsigned there = fibers.size() - first >= 32 ? ~0u : (1u << (fibers.size() - first)) - 1;
  if ((w.arrived & mask) != (mask & there)) {
    self->state = State::kInExchange;
    to_scheduler();
    return w.values[turn];
  }
  w.arrived = 0;
  w.turn = 1 - turn;
  for (int i = 0; i < 32 && first + i < static_cast<int>(fibers.size()); i++) {
    Fiber& f = fibers[first + i];
    f.state = f.state == State::kInExchange ? State::kReady : f.state;
  }
  return w.values[turn];
}

}  // namespace shim

// ---- what a test, or a driver built on the shim, calls ----

/// Runs a kernel to its end. `params` points to the values of its parameters, as for
/// cuLaunchKernel. Returns 0, or -1 and shim_error() says why: no such kernel, a launch that no GPU
/// accepts, or a barrier that not all threads reach.
extern "C" int shim_launch(const char* symbol, const unsigned grid[3], const unsigned block[3],
                           void** params, unsigned long long seed) {
  std::lock_guard<std::mutex> lock(shim::launching);
  shim::kernel = shim::find(symbol);
  if (!shim::kernel || !shim::fits(grid, block)) {
    return -1;
  }
  gridDim = {{grid[0], grid[1], grid[2]}};
  blockDim = {{block[0], block[1], block[2]}};
  shim::params = params;
  unsigned threads = block[0] * block[1] * block[2];
  shim::fibers.resize(threads);
  shim::order.resize(threads);
  shim::warps.resize((threads + 31) / 32);
  return shim::run_grid(seed) ? 0 : -1;
}

/// Why the last call that failed did.
extern "C" const char* shim_error() { return shim::error; }

/// The number of kernels in this library.
extern "C" int shim_count() {
  int n = 0;
  for (const shim::Kernel* k = shim::kernels; k; k = k->next) {
    n++;
  }
  return n;
}

/// The symbol of kernel i, 0 <= i < shim_count().
extern "C" const char* shim_symbol(int i) {
  const shim::Kernel* k = shim::kernels;
  for (; i > 0; i--) {
    k = k->next;
  }
  return k->symbol;
}

/// The number of a kernel's parameters, and their sizes in bytes if `sizes` is not null; -1 if
/// there is no such kernel.
extern "C" int shim_params(const char* symbol, int* sizes) {
  const shim::Kernel* k = shim::find(symbol);
  for (int i = 0; k && sizes && i < k->count; i++) {
    sizes[i] = k->sizes[i];
  }
  return k ? k->count : -1;
}
