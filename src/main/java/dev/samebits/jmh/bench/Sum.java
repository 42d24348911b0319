package dev.samebits.jmh.bench;

import org.openjdk.jmh.annotations.Param;

/** Sum of a vector. */
public class Sum extends KernelBenchmark {
  /** Cases to run. */
  @Param({
    "sum/f32/n1000000/jvm/canonical/normal@1",
    "sum/f32/n1000000/jvm/atomic_arrival/normal@1",
    "sum/f32/n1000000/jvm/serial/normal@1",
  })
  public String key;

  @Override
  protected String key() {
    return key;
  }
}
