// The windows of max-pooling, and which element of a window wins.
#pragma once

#include "common/launch.cuh"
#include "common/real.cuh"

struct Pool {
  int n, c, h, w, r, s, pad, stride;

  __device__ long long planes() const { return static_cast<long long>(n) * c; }
  __device__ int p() const { return (h + 2 * pad - r) / stride + 1; }
  __device__ int q() const { return (w + 2 * pad - s) / stride + 1; }

  // Where in its plane the winner of window (p, q) lies: the first of the largest elements, of
  // which +0 and -0 are equals, or the first NaN. A place outside the plane never wins.
  template <typename T>
  __device__ int winner(const T* plane, int p, int q) const {
    int top = max(0, p * stride - pad);
    int bottom = min(h, p * stride - pad + r);
    int left = max(0, q * stride - pad);
    int right = min(w, q * stride - pad + s);
    int place = top * w + left;
    T best = plane[place];
    for (int row = top; row < bottom; row++) {
      for (int column = left; column < right; column++) {
        T x = plane[row * w + column];
        if (x > best || (x != x && best == best)) {
          best = x;
          place = row * w + column;
        }
      }
    }
    return place;
  }
};
