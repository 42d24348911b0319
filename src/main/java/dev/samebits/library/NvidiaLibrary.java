package dev.samebits.library;

import java.util.regex.Pattern;

/**
 * The libraries of NVIDIA that Samebits can bind, with the releases whose calling conventions it
 * knows.
 */
public enum NvidiaLibrary {
  /** The CUDA runtime. Its version is the toolkit's. */
  CUDART("libcudart", "cuda_runtime", 11, 13),
  /** Dense linear algebra. */
  CUBLAS("libcublas", "cublas", 11, 13),
  /** Matrix products with the algorithm chosen by the caller; comes with cuBLAS. */
  CUBLAS_LT("libcublasLt", "cublas", 11, 13),
  /** Convolutions. No part of a toolkit; numbered on its own. */
  CUDNN("libcudnn", "cudnn", 8, 9),
  /** The compiler of CUDA C++ as a library. Its version is the toolkit's. */
  NVRTC("libnvrtc", "cuda_nvrtc", 11, 13);

  private final String stem;
  private final String pythonPackage;
  private final int oldest;
  private final int newest;
  private final Pattern file;

  NvidiaLibrary(String stem, String pythonPackage, int oldest, int newest) {
    this.stem = stem;
    this.pythonPackage = pythonPackage;
    this.oldest = oldest;
    this.newest = newest;
    this.file = Pattern.compile(Pattern.quote(stem) + "\\.so\\.(\\d+(?:\\.\\d+)*)");
  }

  /** File name up to {@code .so}. */
  public String stem() {
    return stem;
  }

  /** Smallest major version that can be bound. */
  public int oldest() {
    return oldest;
  }

  /** Largest major version that can be bound. */
  public int newest() {
    return newest;
  }

  /** Whether it belongs to a CUDA toolkit, so that a toolkit's version and home choose it. */
  public boolean ofToolkit() {
    return this != CUDNN;
  }

  /** Matches its file names; group 1 is the version. */
  Pattern file() {
    return file;
  }

  /** Middle of the name of the Python package that brings it: {@code nvidia-NAME-cu12}. */
  String pythonPackage() {
    return pythonPackage;
  }

  /** Whether its own number begins like the toolkit's; cuBLAS 11 counts on its own. */
  boolean numberedLikeToolkit(String version) {
    return this == CUDART || this == NVRTC || this != CUDNN && Versions.part(version, 0) >= 12;
  }
}
