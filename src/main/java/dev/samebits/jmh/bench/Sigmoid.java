package dev.samebits.jmh.bench;

import org.openjdk.jmh.annotations.Param;

/** Logistic function. */
public class Sigmoid extends KernelBenchmark {
  /** Cases to run. */
  @Param({
    "sigmoid/f32/n65536/jvm/canonical/normal@1",
    "sigmoid/f32/n65536/jvm/math/normal@1",
  })
  public String key;

  @Override
  protected String key() {
    return key;
  }
}
