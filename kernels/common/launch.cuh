// How threads find their work. Any grid of at least one block covers any size, so geometry is
// the case's to choose. Grids are one-dimensional.
#pragma once

// A stressor: with a step that has no factor in common with the size of the grid, blocks take
// each other's work. 1 leaves them in place. The host sets it in the loaded module.
extern "C" {
__constant__ unsigned block_order_step = 1;
}

__device__ __forceinline__ unsigned block_index() {
  unsigned step = block_order_step;
  return step == 1 ? blockIdx.x
                   : static_cast<unsigned>(static_cast<unsigned long long>(blockIdx.x) * step %
                                           gridDim.x);
}

// The first element of the running thread, and the distance to its next one.
__device__ __forceinline__ long long first_element() {
  return static_cast<long long>(block_index()) * blockDim.x + threadIdx.x;
}
__device__ __forceinline__ long long element_stride() {
  return static_cast<long long>(gridDim.x) * blockDim.x;
}

// The same for work that whole warps share; blocks are multiples of 32.
__device__ __forceinline__ long long first_warp() {
  return static_cast<long long>(block_index()) * (blockDim.x / 32) + threadIdx.x / 32;
}
__device__ __forceinline__ long long warp_stride() {
  return static_cast<long long>(gridDim.x) * (blockDim.x / 32);
}

// Where part `i` of `parts` begins when `count` things are divided as evenly as they can be.
__device__ __forceinline__ long long part(long long count, int i, int parts) {
  return count * i / parts;
}
