package dev.samebits.jmh;

import dev.samebits.kernel.Availability;
import dev.samebits.kernel.Backend;
import dev.samebits.kernel.BoundKernel;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.DeviceLostException;
import dev.samebits.kernel.ForkSettings;
import dev.samebits.kernel.Guarantee;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Memory;
import dev.samebits.kernel.Mode;
import dev.samebits.kernel.Op;
import dev.samebits.kernel.Receipt;
import dev.samebits.kernel.Variant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A backend with planted faults: relu, and in each variant one thing that goes wrong. Loaded by
 * name through {@code samebits.backends}. Which fork of a variant a process is, it finds out from a
 * file in {@code samebits.test.state} that every fork of that variant makes longer by one byte.
 */
public final class FaultyBackend implements Backend {
  /** Set once a variant has lost the device: nothing works in this process any more. */
  private static boolean lost;

  static final String NAME = "faulty";

  /** A library that nothing else here needs. */
  static final String LATE = "libprefs.so";

  static final String STATE = "samebits.test.state";

  static final List<String> VARIANTS =
      List.of(
          "healthy",
          "one_ulp_in_fork_two",
          "death_in_fork_two",
          "hang",
          "nan_once",
          "once_in_a_thousand",
          "wrong_threads",
          "out_of_memory",
          "device_lost",
          "without_path",
          "loads_late",
          "twin",
          "slower_by_half");

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Variant> variants() {
    return VARIANTS.stream()
        .map(
            v ->
                new Variant(
                    Kernel.RELU,
                    v,
                    Set.of(DType.F32),
                    Mode.DETERMINISTIC,
                    Guarantee.RUN_TO_RUN,
                    true,
                    "planted fault: " + v))
        .toList();
  }

  @Override
  public Availability availability() {
    return new Availability.Available(new Receipt("faulty", "1", "", "", "", 1, Map.of()));
  }

  @Override
  public ForkSettings forkSettings(Variant variant, Conditions conditions) {
    return variant.name().equals("without_path")
        ? new ForkSettings(Map.of(), List.of(), Set.of("PATH"))
        : ForkSettings.NONE;
  }

  @Override
  public Memory allocate(DType dtype, long elements) {
    return new FloatMemory(new float[Math.toIntExact(elements)]);
  }

  @Override
  public BoundKernel bind(Op op, Conditions conditions, List<Memory> inputs, List<Memory> outputs) {
    int fork = countFork(op.variant());
    if (op.variant().equals("death_in_fork_two") && fork == 2) {
      Runtime.getRuntime().halt(77);
    }
    if (op.variant().equals("without_path") && System.getenv("PATH") != null) {
      throw new Op.NotHonouredException("PATH must be unset");
    }
    if (op.variant().equals("out_of_memory")) {
      throw new OutOfMemoryError("planted");
    }
    float[] x = ((FloatMemory) inputs.get(0)).data();
    float[] y = ((FloatMemory) outputs.get(0)).data();
    String threads = conditions.values().getOrDefault(Conditions.THREADS, "1");
    return new Relu(op.variant(), fork, x, y, op.variant().equals("wrong_threads") ? "7" : threads);
  }

  private static int countFork(String variant) {
    try {
      Path file = Path.of(System.getProperty(STATE)).resolve(variant);
      Files.write(file, new byte[1], StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      return Math.toIntExact(Files.size(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Relu implements BoundKernel {
    private final String variant;
    private final int fork;
    private final float[] x;
    private final float[] y;
    private final String threads;
    private long invocation;

    Relu(String variant, int fork, float[] x, float[] y, String threads) {
      this.variant = variant;
      this.fork = fork;
      this.x = x;
      this.y = y;
      this.threads = threads;
    }

    @Override
    public void invoke() {
      invocation++;
      for (int i = 0; i < x.length; i++) {
        y[i] = Math.max(x[i], 0f);
      }
      // A chain of dependent operations takes as long as its length, however it is compiled.
      int links =
          switch (variant) {
            case "slower_by_half" -> 30_000;
            case "twin" -> 20_000;
            default -> 0;
          };
      double chain = 1;
      for (int i = 0; i < links; i++) {
        chain = chain * 1.0000001 + 1e-9;
      }
      if (Double.isNaN(chain)) {
        throw new IllegalStateException("the chain is not a number");
      }
      fault();
    }

    private void fault() {
      if (lost || variant.equals("device_lost")) {
        lost = true;
        throw new DeviceLostException("planted: every later call fails too");
      }
      if (variant.equals("loads_late")) {
        System.load(Path.of(System.getProperty("java.home"), "lib", LATE).toString());
      }
      int last = y.length - 1;
      if (variant.equals("one_ulp_in_fork_two") && fork == 2) {
        y[last] = Math.nextUp(y[last]);
      } else if (variant.equals("nan_once") && invocation == 5) {
        y[last] = Float.NaN;
      } else if (variant.equals("once_in_a_thousand") && invocation == 500) {
        y[last] = Math.nextUp(y[last]);
      } else if (variant.equals("hang")) {
        while (y[0] != Float.NEGATIVE_INFINITY) {
          Thread.onSpinWait();
        }
      }
    }

    @Override
    public Map<String, String> effective() {
      return Map.of(Conditions.THREADS, threads);
    }

    @Override
    public void close() {}
  }

  private record FloatMemory(float[] data) implements Memory {
    @Override
    public DType dtype() {
      return DType.F32;
    }

    @Override
    public long elements() {
      return data.length;
    }

    @Override
    public void write(ByteBuffer source) {
      source.asFloatBuffer().get(data);
    }

    @Override
    public void read(ByteBuffer target) {
      for (float f : data) {
        target.putFloat(f);
      }
    }

    @Override
    public void close() {
      Arrays.fill(data, 0);
    }
  }
}
