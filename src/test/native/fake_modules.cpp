// Modules and launches of the fake driver (fake_driver.cpp).
#include "fake_driver.h"

#include <elf.h>

#include <cstdio>
#include <cstring>
#include <vector>

extern "C" int shim_launch(
    const char* symbol,
    const unsigned grid[3],
    const unsigned block[3],
    void** params,
    unsigned long long seed);
extern "C" int shim_params(const char* symbol, int* sizes);
extern "C" const char* shim_error();
extern "C" unsigned block_order_step;

using namespace fake;

namespace {

const int INVALID_IMAGE = 200;

struct Module {
  std::string text;
  unsigned step;  // block_order_step
};

struct Function {
  std::string symbol;
  Module* module;
};

unsigned long long launches = 0;

// Gives a product the leading dimension that operand `which` would have without padding. Its last
// parameters are m, n, k, ta, tb, batch, lda, ldb, ldc, alpha, beta.
void make_dense(std::vector<void*>& params, const std::string& which, int* columns) {
  if (which.empty()) {
    return;
  }
  size_t m = params.size() - 11;
  auto value = [&](size_t i) { return *static_cast<int*>(params[m + i]); };
  int operand = which[0] - 'a';
  const int of[] = {value(3) != 0 ? value(0) : value(2), value(4) != 0 ? value(2) : value(1), value(1)};
  *columns = of[operand];
  params[m + 6 + static_cast<size_t>(operand)] = columns;
}

}  // namespace

// Kernels launched.
EXPORT long long fake_cuda_launches() { return static_cast<long long>(launches); }

// The step by which the blocks of the last launch took each other's work.
EXPORT long long fake_cuda_step() { return block_order_step; }

EXPORT int cuModuleLoadData(void** module, const void* image) {
  const char* text = static_cast<const char*>(image);
  int code = in_context();
  code = code != 0 ? code : static_cast<int>(number("cuModuleLoadData", 0));
  if (code != 0) {
    return code;
  }
  if (memcmp(text, "\177ELF", 4) == 0) { // machine code: the section headers come last
    Elf64_Ehdr header;
    memcpy(&header, image, sizeof header);
    *module = new Module{std::string(text, header.e_shoff + header.e_shnum * header.e_shentsize), 1};
    return 0;
  }
  if (strstr(text, ".version") == nullptr || strstr(text, ".entry") == nullptr) {
    return INVALID_IMAGE;
  }
  *module = new Module{text, 1};
  return 0;
}

EXPORT int cuModuleGetFunction(void** function, void* module, const char* name) {
  const std::string& text = static_cast<Module*>(module)->text;
  bool machine = text[0] == '\177';
  std::string entry = (machine ? ".text." : ".entry ") + std::string(name);
  size_t at = text.find(entry);
  bool declared = at != std::string::npos && strchr("( \n\r\t", text[at + entry.size()]) != nullptr;
  if (!declared || shim_params(name, nullptr) < 0) {
    return NOT_FOUND;
  }
  *function = new Function{name, static_cast<Module*>(module)};
  return in_context();
}

// A constant that the module declares; each module has its own.
EXPORT int cuModuleGetGlobal_v2(void** pointer, size_t* bytes, void* module, const char* name) {
  Module* of = static_cast<Module*>(module);
  if (strcmp(name, "block_order_step") != 0 || of->text.find(name) == std::string::npos) {
    return NOT_FOUND;
  }
  *pointer = &of->step;
  *bytes = sizeof of->step;
  blocks[reinterpret_cast<char*>(&of->step)] = sizeof of->step;
  return in_context();
}

EXPORT int cuFuncGetAttribute(int* value, int attribute, void*) {
  *value = attribute == 0 ? 1024 : 0; // threads in a block
  return in_context();
}

EXPORT int cuLaunchKernel(
    void* function,
    unsigned gx,
    unsigned gy,
    unsigned gz,
    unsigned bx,
    unsigned by,
    unsigned bz,
    unsigned,
    void* stream,
    void** params,
    void**) {
  std::lock_guard<Fair> hold(lock);
  int code = in_context();
  if (code != 0) {
    return code;
  }
  bool empty = gx == 0 || gy == 0 || gz == 0 || bx == 0 || by == 0 || bz == 0;
  bool large = gy > 65535 || gz > 65535 || bx * by * bz > 1024;
  if (empty || large) {
    return INVALID_VALUE;
  }
  launches++;
  const std::string& symbol = static_cast<Function*>(function)->symbol;
  block_order_step = static_cast<Function*>(function)->module->step;
  std::string starved = fault("short", "");
  if (!starved.empty() && symbol.rfind(starved, 0) == 0) {
    return OUT_OF_MEMORY;
  }
  std::string idle = fault("idle", "");
  if (stream != nullptr && (idle.empty() || symbol.rfind(idle, 0) != 0)) {
    ++*static_cast<int*>(stream);
  }
  std::string bad = fault("wrong", "");
  wrong = !bad.empty() && symbol.rfind(bad, 0) == 0;
  if (symbol.rfind(fault("symbol", ""), 0) == 0) {
    pending = static_cast<int>(number("launch", 0));
  }
  if (pending != 0) {
    return 0;
  }
  unsigned grid[3] = {gx, gy, gz};
  unsigned block[3] = {bx, by, bz};
  std::vector<void*> all(params, params + shim_params(symbol.c_str(), nullptr));
  int columns = 0;
  if (symbol.rfind("matmul_", 0) == 0) {
    make_dense(all, fault("dense", ""), &columns);
  }
  if (shim_launch(symbol.c_str(), grid, block, all.data(), launches) != 0) {
    fprintf(stderr, "fake driver: %s: %s\n", symbol.c_str(), shim_error());
    return 719;
  }
  return 0;
}
