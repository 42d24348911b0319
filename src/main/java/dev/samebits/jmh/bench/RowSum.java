package dev.samebits.jmh.bench;

import org.openjdk.jmh.annotations.Param;

/** Sum along each row. */
public class RowSum extends KernelBenchmark {
  /** Cases to run. */
  @Param({
    "row_sum/f32/m1024n1000/jvm/canonical/normal@1",
  })
  public String key;

  @Override
  protected String key() {
    return key;
  }
}
