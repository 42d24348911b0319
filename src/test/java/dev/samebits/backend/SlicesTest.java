package dev.samebits.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.samebits.backend.jvm.JvmBackend;
import dev.samebits.kernel.Backend;
import dev.samebits.kernel.BoundCase;
import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.Conditions;
import dev.samebits.metric.Fingerprint;
import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A row, an image, a product or an element alone, or inside a batch of 7 or 64, has the bits that
 * it has in a batch of 65: the fast kernels choose their path by the size of the whole.
 */
class SlicesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "matmul/f32/m65n37k131",
        "matmul/f64/m65n37k131",
        "matmul/f32/m65n40k2050",
        "matmul/f64/m65n40k2050ta1tb1",
        "matmul/f32/m65n1k2050",
        "matmul/f32/m65n300k140",
        "matmul/f64/m65n300k140ta1",
        "matmul/f32/m5n7k31batch65",
        "matmul/f64/m5n7k31ta1tb1batch65",
        "matmul/f16/m65n37k131",
        "matmul/bf16/m65n40k2050tb1",
        "gemv/f32/m65n2500",
        "gemv/f64/m65n2500",
        "row_sum/f32/m65n17000",
        "row_sum/f64/m65n1021",
        "softmax/f32/m65n10",
        "softmax/f64/m65n10",
        "softmax/f32/m65n1021",
        "softmax/f64/m65n1021",
        "conv2d_forward/f32/n65c5h9w7k19r3s3pad1",
        "conv2d_forward/f64/n65c5h9w7k19r3s3pad1",
        "conv2d_forward/f32/n65c4h8w9k6r3s3pad1stride2group2",
        "conv2d_forward/f64/n65c40h6w6k33r1s1",
        "conv2d_backward_data/f32/n65c5h9w7k19r3s3pad1",
        "conv2d_backward_data/f64/n65c5h9w7k19r3s3pad1",
        "conv2d_backward_data/f32/n65c40h6w6k33r1s1",
        "conv2d_backward_data/f64/n65c4h8w9k6r3s3pad1stride2group2",
        "max_pool/f32/n65c3h28w27r2s2stride2",
        "max_pool/f64/n65c3h7w5r3s3pad1stride2",
        "max_pool_backward/f32/n65c3h7w5r3s3pad1stride2",
        "max_pool_backward/f64/n65c3h28w27r2s2stride2",
        "bias_add/f32/m65n33",
        "bias_add/f64/m65n33",
        "fma_chain/f32/n65r9",
        "copy/f64/n65",
        "relu/f32/n65",
        "relu_backward/f64/n65",
        "sgd_update/f32/n65",
        "exp/f32/n65",
        "exp/f64/n65",
        "log/f32/n65",
        "log/f64/n65",
        "tanh/f32/n65",
        "tanh/f64/n65",
        "sigmoid/f32/n65",
        "sigmoid/f64/n65"
      })
  void piecesOfOneSevenAndSixtyFourHaveTheBitsOfTheWhole(String problem) {
    CaseId id = CaseId.parse(problem + "/jvm/canonical/wide@3");
    String plain = fingerprint(JvmBackend.plain(), id, "threads=1");
    assertEquals(plain, fingerprint(new JvmBackend(), id, "threads=2"), problem);
    for (String size : new String[] {"1", "7", "64"}) {
      String conditions = "slice=" + size + ";threads=2";
      assertEquals(plain, fingerprint(new JvmBackend(), id, conditions), problem + conditions);
    }
  }

  private static String fingerprint(Backend backend, CaseId id, String conditions) {
    try (BoundCase bound = BoundCase.bind(backend, id, Conditions.parse(conditions))) {
      ByteBuffer output = bound.newOutputBuffer();
      bound.invoke();
      bound.readOutput(output);
      return Fingerprint.digest(output);
    }
  }
}
