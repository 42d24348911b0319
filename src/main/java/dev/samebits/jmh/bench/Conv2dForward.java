package dev.samebits.jmh.bench;

import org.openjdk.jmh.annotations.Param;

/** 2-D convolution. */
public class Conv2dForward extends KernelBenchmark {
  /** Cases to run. */
  @Param({
    "conv2d_forward/f32/n8c6h14w14k16r5s5/jvm/canonical/normal@1",
    "conv2d_forward/f32/n8c6h14w14k16r5s5/nd4j/default/normal@1",
  })
  public String key;

  @Override
  protected String key() {
    return key;
  }
}
