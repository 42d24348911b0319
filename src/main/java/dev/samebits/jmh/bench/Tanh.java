package dev.samebits.jmh.bench;

import org.openjdk.jmh.annotations.Param;

/** Hyperbolic tangent. */
public class Tanh extends KernelBenchmark {
  /** Cases to run. */
  @Param({
    "tanh/f32/n65536/jvm/canonical/normal@1",
    "tanh/f32/n65536/jvm/math/normal@1",
  })
  public String key;

  @Override
  protected String key() {
    return key;
  }
}
