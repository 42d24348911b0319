package dev.samebits.jmh.bench;

import org.openjdk.jmh.annotations.Param;

/** One step of SGD with momentum. */
public class SgdUpdate extends KernelBenchmark {
  /** Cases to run. */
  @Param({
    "sgd_update/f32/n65536/jvm/canonical/normal@1",
  })
  public String key;

  @Override
  protected String key() {
    return key;
  }
}
