package dev.samebits.jmh.bench;

import org.openjdk.jmh.annotations.Param;

/** Euclidean norm of a vector. */
public class Nrm2 extends KernelBenchmark {
  /** Cases to run. */
  @Param({
    "nrm2/f32/n1000000/jvm/canonical/normal@1",
  })
  public String key;

  @Override
  protected String key() {
    return key;
  }
}
