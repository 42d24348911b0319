package dev.samebits.jmh.bench;

import org.openjdk.jmh.annotations.Param;

/** Exponential function. */
public class Exp extends KernelBenchmark {
  /** Cases to run. */
  @Param({
    "exp/f32/n65536/jvm/canonical/normal@1",
    "exp/f32/n65536/jvm/math/normal@1",
  })
  public String key;

  @Override
  protected String key() {
    return key;
  }
}
