package dev.samebits.jmh.bench;

import org.openjdk.jmh.annotations.Param;

/** Gradient of the cross entropy by the logits. */
public class CrossEntropyGradient extends KernelBenchmark {
  /** Cases to run. */
  @Param({
    "cross_entropy_gradient/f32/m64n1000/jvm/canonical/normal@1",
  })
  public String key;

  @Override
  protected String key() {
    return key;
  }
}
