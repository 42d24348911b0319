package dev.samebits.jmh.bench;

import org.openjdk.jmh.annotations.Param;

/** Matrix times vector. */
public class Gemv extends KernelBenchmark {
  /** Cases to run. */
  @Param({
    "gemv/f32/m1024n1024/jvm/canonical/normal@1",
    "gemv/f32/m1024n1024/openblas/default/normal@1",
  })
  public String key;

  @Override
  protected String key() {
    return key;
  }
}
