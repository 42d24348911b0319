package dev.samebits.jmh.bench;

import org.openjdk.jmh.annotations.Param;

/** Gradient of a 2-D convolution by its weights. */
public class Conv2dBackwardFilter extends KernelBenchmark {
  /** Cases to run. */
  @Param({
    "conv2d_backward_filter/f32/n8c6h14w14k16r5s5/jvm/canonical/normal@1",
    "conv2d_backward_filter/f32/n8c6h14w14k16r5s5/jvm/atomic_arrival/normal@1",
  })
  public String key;

  @Override
  protected String key() {
    return key;
  }
}
