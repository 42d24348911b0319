package dev.samebits.jmh.bench;

import org.openjdk.jmh.annotations.Param;

/** Softmax of each row. */
public class Softmax extends KernelBenchmark {
  /** Cases to run. */
  @Param({
    "softmax/f32/m64n1000/jvm/canonical/normal@1",
  })
  public String key;

  @Override
  protected String key() {
    return key;
  }
}
