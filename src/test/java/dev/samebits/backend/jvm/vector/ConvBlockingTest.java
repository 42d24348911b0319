package dev.samebits.backend.jvm.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.samebits.backend.jvm.Call;
import dev.samebits.backend.jvm.JvmBackend;
import dev.samebits.backend.jvm.Teams;
import dev.samebits.kernel.BoundKernel;
import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.InputKind;
import dev.samebits.kernel.Inputs;
import dev.samebits.kernel.Memory;
import dev.samebits.kernel.Op;
import dev.samebits.kernel.Operand;
import dev.samebits.metric.Fingerprint;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a convolution is cut into blocks changes no bits: blocks of any size have those of none. */
class ConvBlockingTest {
  private static final JvmBackend PLAIN = JvmBackend.plain();

  /** With more than a panel of terms for each of the three kernels, and few outputs. */
  private static final List<String> SHAPES =
      List.of(
          "n2c5h11w13k21r3s3pad1",
          "n3c4h9w8k18r3s3pad1stride2group2",
          "n2c6h7w9k10r2s3pad2dil2",
          "n1c230h3w4k9r3s3pad1",
          "n1c9h3w4k230r3s3pad1",
          "n3c2h31w27k9r2s2",
          "n2c33h6w6k40r1s1");

  @ParameterizedTest
  @CsvSource({
    "conv2d_forward, f32",
    "conv2d_forward, f64",
    "conv2d_backward_data, f32",
    "conv2d_backward_data, f64",
    "conv2d_backward_filter, f32",
    "conv2d_backward_filter, f64"
  })
  void anyBlocks(String kernel, String dtype) {
    Random random = new Random(2026);
    for (String shape : SHAPES) {
      for (InputKind kind : List.of(InputKind.WIDE, InputKind.SPECIAL)) {
        String input = kernel + "/" + dtype + "/" + shape + "/jvm/canonical/" + kind.id() + "@1";
        CaseId id = CaseId.parse(input);
        Op op = Op.of(id.kernel(), id.dtype(), id.shape(), id.variant());
        List<Memory> in = inputs(op, id);
        String expected = plain(op, in);
        for (int i = 0; i < 12; i++) {
          int threads = 1 + random.nextInt(3);
          Blocking blocking =
              new Blocking(
                  1 + random.nextInt(40),
                  1 + random.nextInt(200),
                  1 + random.nextInt(Tiles.ROW_STEP));
          List<Memory> out = outputs(op);
          Call call = new Call(op, threads, in, out);
          FastConv2d.bind(call, Teams.of(threads), blocking).run();
          assertEquals(expected, digest(out), id + ", " + blocking + ", threads " + threads);
        }
      }
    }
  }

  private static String plain(Op op, List<Memory> in) {
    List<Memory> out = outputs(op);
    try (BoundKernel bound = op.bind(PLAIN, Conditions.of("threads", "1"), in, out)) {
      bound.invoke();
    }
    return digest(out);
  }

  private static List<Memory> inputs(Op op, CaseId id) {
    List<Memory> all = new ArrayList<>();
    for (Operand operand : op.inputs()) {
      Memory memory = PLAIN.allocate(operand.dtype(), operand.elements());
      memory.write(Inputs.of(id, all.size()));
      all.add(memory);
    }
    return all;
  }

  /** Filled with ones, which are no result of these inputs. */
  private static List<Memory> outputs(Op op) {
    List<Memory> all = new ArrayList<>();
    for (Operand operand : op.outputs()) {
      Memory memory = PLAIN.allocate(operand.dtype(), operand.elements());
      ByteBuffer ones = ByteBuffer.allocate((int) memory.bytes()).order(ByteOrder.LITTLE_ENDIAN);
      while (ones.hasRemaining()) {
        operand.dtype().put(ones, 1);
      }
      memory.write(ones.flip());
      all.add(memory);
    }
    return all;
  }

  private static String digest(List<Memory> out) {
    ByteBuffer bytes = ByteBuffer.allocate((int) out.get(0).bytes()).order(ByteOrder.LITTLE_ENDIAN);
    out.get(0).read(bytes);
    return Fingerprint.digest(bytes.flip());
  }
}
