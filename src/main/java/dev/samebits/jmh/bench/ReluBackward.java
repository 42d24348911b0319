package dev.samebits.jmh.bench;

import org.openjdk.jmh.annotations.Param;

/** Gradient of the rectifier. */
public class ReluBackward extends KernelBenchmark {
  /** Cases to run. */
  @Param({
    "relu_backward/f32/n65536/jvm/canonical/normal@1",
  })
  public String key;

  @Override
  protected String key() {
    return key;
  }
}
