package dev.samebits.jmh.bench;

import org.openjdk.jmh.annotations.Param;

/** Additions into indexed targets. */
public class ScatterAdd extends KernelBenchmark {
  /** Cases to run. */
  @Param({
    "scatter_add/f32/n65536t256/jvm/canonical/normal@1",
    "scatter_add/f32/n65536t256/jvm/atomic_arrival/normal@1",
  })
  public String key;

  @Override
  protected String key() {
    return key;
  }
}
