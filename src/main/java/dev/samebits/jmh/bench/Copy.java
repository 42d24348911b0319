package dev.samebits.jmh.bench;

import org.openjdk.jmh.annotations.Param;

/** Copies an array: what the machine's memory can read and write. */
public class Copy extends KernelBenchmark {
  /** Cases to run. */
  @Param({
    "copy/f32/n67108864/jvm/canonical/normal@1",
  })
  public String key;

  @Override
  protected String key() {
    return key;
  }
}
