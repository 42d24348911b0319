package dev.samebits.jmh.bench;

import org.openjdk.jmh.annotations.Param;

/** Mean of a vector. */
public class Mean extends KernelBenchmark {
  /** Cases to run. */
  @Param({
    "mean/f32/n1000000/jvm/canonical/normal@1",
  })
  public String key;

  @Override
  protected String key() {
    return key;
  }
}
