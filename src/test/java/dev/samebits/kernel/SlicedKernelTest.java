package dev.samebits.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.samebits.backend.jvm.JvmBackend;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The condition {@code slice}: a batch in pieces, above any backend. */
class SlicedKernelTest {
  private static final Backend JVM = JvmBackend.plain();

  private static byte[] output(Backend backend, String id, String conditions) {
    try (BoundCase bound =
        BoundCase.bind(backend, CaseId.parse(id), Conditions.parse(conditions))) {
      ByteBuffer target = bound.newOutputBuffer();
      bound.invoke();
      bound.invoke(); // what the first one left must not matter
      bound.readOutput(target);
      return Arrays.copyOf(target.array(), target.limit());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "matmul/f32/m13n7k5",
    "matmul/f64/m13n7k5ta1",
    "matmul/f32/m13n7k5ta1tb1",
    "matmul/f32/m3n5k7batch11",
    "matmul/f64/m5n4k3ta1tb1batch9",
    "matmul/f32/m9n3k0ta1",
    "gemv/f64/m13n257",
    "row_sum/f32/m11n129",
    "softmax/f32/m17n10",
    "bias_add/f32/m9n3",
    "conv2d_forward/f32/n9c3h7w5k4r3s3pad1",
    "conv2d_backward_data/f32/n9c2h9w8k4r2s3pad2stride3",
    "max_pool/f32/n9c3h7w5r2s2stride2",
    "max_pool_backward/f32/n9c3h7w5r3s3pad1stride2",
    "exp/f32/n33",
    "sgd_update/f64/n33",
  })
  void piecesHaveTheBitsOfTheWhole(String problem) {
    String id = problem + "/jvm/canonical/wide@3";
    byte[] whole = output(JVM, id, "");
    for (int size : new int[] {1, 2, 3, 4, 7, 8}) {
      assertArrayEquals(whole, output(JVM, id, "slice=" + size), id + " slice=" + size);
      assertArrayEquals(whole, output(JVM, id, "load=1;slice=" + size + ";threads=2"), id);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sum/f32/n9 | slice=1 | sum has no batch: no part of its outputs can be computed alone",
        "conv2d_backward_filter/f32/n2c1h3w3k1r1s1 | slice=1 | has no batch: no part",
        "cross_entropy_gradient/f32/m3n2 | slice=1 | has no batch: no part",
        "gemv/f32/m5n2 | slice=5 | slice=5: gemv m5n2 has a batch of 5, which is not cut by that",
        "gemv/f32/m0n2 | slice=1 | slice=1: gemv m0n2 has a batch of 0, which is not cut",
        "gemv/f32/m5n2 | slice=0 | slice=0: a number from 1",
        "gemv/f32/m5n2 | slice=row0 | slice=row0: a number from 1",
      })
  void whatCannotBeCutIsRefused(String problem, String conditions, String why) {
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> output(JVM, problem + "/jvm/canonical/normal@1", conditions));
    assertEquals(1, e.getMessage().lines().count());
    assertEquals(true, e.getMessage().contains(why), e.getMessage());
  }

  @Test
  void theSizeIsReadBack() {
    CaseId id = CaseId.parse("gemv/f32/m5n3/jvm/canonical/normal@1");
    try (BoundCase bound = BoundCase.bind(JVM, id, Conditions.parse("slice=2;threads=1"))) {
      assertEquals(Map.of("slice", "2", "threads", "1"), bound.effective());
    }
  }

  /** A library that takes another way for a single row: what the axis is there to find. */
  @Test
  void aRowThatIsAddedOtherwiseWhenAloneIsSeen() {
    OneRowBackend other = new OneRowBackend();
    String id = "row_sum/f32/m6n1021/jvm/canonical/wide@1";
    assertArrayEquals(output(other, id, ""), output(other, id, "slice=2"));
    assertFalse(Arrays.equals(output(other, id, ""), output(other, id, "slice=1")));
    assertFalse(Arrays.equals(output(other, id, ""), output(other, id, "slice=5")), "the last row");
    assertEquals(0, other.open, "kernels left open");
  }

  /** Adds a single row from its end. */
  private static final class OneRowBackend implements Backend {
    private int open;

    @Override
    public String name() {
      return "jvm";
    }

    @Override
    public List<Variant> variants() {
      return JVM.variants();
    }

    @Override
    public Availability availability() {
      return JVM.availability();
    }

    @Override
    public ForkSettings forkSettings(Variant variant, Conditions conditions) {
      return ForkSettings.NONE;
    }

    @Override
    public Memory allocate(DType dtype, long elements) {
      return JVM.allocate(dtype, elements);
    }

    @Override
    public BoundKernel bind(Op op, Conditions conditions, List<Memory> in, List<Memory> out) {
      assertFalse(conditions.values().containsKey(Conditions.SLICE), "backends do not see it");
      open++;
      BoundKernel own = JVM.bind(op, conditions, in, out);
      boolean alone = op.shape().get("m") == 1;
      return new BoundKernel() {
        @Override
        public void invoke() {
          if (alone) {
            reverse(in.get(0));
          }
          own.invoke();
        }

        @Override
        public Map<String, String> effective() {
          return own.effective();
        }

        @Override
        public void close() {
          open--;
          own.close();
        }
      };
    }

    private static void reverse(Memory x) {
      ByteBuffer buffer =
          ByteBuffer.allocate((int) x.bytes()).order(java.nio.ByteOrder.LITTLE_ENDIAN);
      x.read(buffer);
      List<Float> values = new ArrayList<>();
      for (buffer.flip(); buffer.hasRemaining(); ) {
        values.add(0, buffer.getFloat());
      }
      buffer.clear();
      values.forEach(buffer::putFloat);
      x.write(buffer.flip());
    }
  }
}
