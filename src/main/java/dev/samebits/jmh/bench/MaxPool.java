package dev.samebits.jmh.bench;

import org.openjdk.jmh.annotations.Param;

/** The largest elements of windows. */
public class MaxPool extends KernelBenchmark {
  /** Cases to run. */
  @Param({
    "max_pool/f32/n32c64h56w56r2s2stride2/jvm/canonical/normal@1",
    "max_pool/f32/n32c64h56w56r3s3pad1stride2/jvm/canonical/normal@1",
  })
  public String key;

  @Override
  protected String key() {
    return key;
  }
}
