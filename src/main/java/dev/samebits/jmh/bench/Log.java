package dev.samebits.jmh.bench;

import org.openjdk.jmh.annotations.Param;

/** Natural logarithm. */
public class Log extends KernelBenchmark {
  /** Cases to run. */
  @Param({
    "log/f32/n65536/jvm/canonical/normal@1",
    "log/f32/n65536/jvm/math/normal@1",
  })
  public String key;

  @Override
  protected String key() {
    return key;
  }
}
