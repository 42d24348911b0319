package dev.samebits.jmh.bench;

import org.openjdk.jmh.annotations.Param;

/** Matrix multiply. */
public class Matmul extends KernelBenchmark {
  /** Cases to run. */
  @Param({
    "matmul/f32/m256n256k256/jvm/canonical/normal@1",
    "matmul/f32/m256n256k256/jvm/split_k_atomic/normal@1",
    "matmul/f32/m256n256k256/openblas/default/normal@1",
    "matmul/f32/m256n256k256/nd4j/default/normal@1",
  })
  public String key;

  @Override
  protected String key() {
    return key;
  }
}
