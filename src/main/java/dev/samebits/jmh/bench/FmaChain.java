package dev.samebits.jmh.bench;

import org.openjdk.jmh.annotations.Param;

/** Chains of fused multiply-adds: the peak of the machine's arithmetic. */
public class FmaChain extends KernelBenchmark {
  /** Cases to run. */
  @Param({
    "fma_chain/f32/n12288r1024/jvm/canonical/normal@1",
    "fma_chain/f64/n12288r1024/jvm/canonical/normal@1",
  })
  public String key;

  @Override
  protected String key() {
    return key;
  }
}
