package dev.samebits.jmh.bench;

import org.openjdk.jmh.annotations.Param;

/** Bias added to each row. */
public class BiasAdd extends KernelBenchmark {
  /** Cases to run. */
  @Param({
    "bias_add/f32/m64n1024/jvm/canonical/normal@1",
  })
  public String key;

  @Override
  protected String key() {
    return key;
  }
}
