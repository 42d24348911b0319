package dev.samebits.jmh.bench;

import org.openjdk.jmh.annotations.Param;

/** Sum down each column. */
public class ColSum extends KernelBenchmark {
  /** Cases to run. */
  @Param({
    "col_sum/f32/m64n1024/jvm/canonical/normal@1",
  })
  public String key;

  @Override
  protected String key() {
    return key;
  }
}
