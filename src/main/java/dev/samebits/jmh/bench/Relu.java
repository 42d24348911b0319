package dev.samebits.jmh.bench;

import org.openjdk.jmh.annotations.Param;

/** Rectifier. */
public class Relu extends KernelBenchmark {
  /** Cases to run. */
  @Param({
    "relu/f32/n65536/jvm/canonical/normal@1",
  })
  public String key;

  @Override
  protected String key() {
    return key;
  }
}
