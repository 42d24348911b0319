package dev.samebits.backend.nd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.Requires;
import dev.samebits.backend.AgainstReference;
import dev.samebits.kernel.Availability.Available;
import dev.samebits.kernel.Backend;
import dev.samebits.kernel.BoundCase;
import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.Memory;
import dev.samebits.kernel.Op;
import dev.samebits.kernel.Receipt;
import dev.samebits.library.LoadedLibraries;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Nd4jBackendIT {
  private static final Backend ND4J = new Nd4jBackend();
  private static final Conditions ONE = Conditions.of("threads", "1");

  @BeforeEach
  void available() {
    Requires.available(ND4J);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "m0n3k2",
        "m3n0k2",
        "m3n2k0",
        "m1n1k1",
        "m1n1k7",
        "m1n5k3",
        "m5n1k3",
        "m5n1k3ta1tb1",
        "m2n3k7",
        "m13n31k32",
        "m33n7k255",
        "m255n33k13ta1",
        "m31n257k2tb1",
        "m32n13k257ta1tb1",
        "m3n2k1021",
        "m129n130k131"
      })
  void matmul(String shape) {
    for (String dtype : new String[] {"f32", "f64"}) {
      AgainstReference.check(ND4J, "matmul/" + dtype + "/" + shape, "default", Conditions.NONE);
      AgainstReference.check(ND4J, "matmul/" + dtype + "/" + shape, "single_thread", ONE);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 7, 31, 257, 1021, 40_000})
  void reductions(int n) {
    for (String problem : new String[] {"sum/f32/n", "sum/f64/n", "dot/f32/n", "dot/f64/n"}) {
      AgainstReference.check(ND4J, problem + n, "default", Conditions.NONE);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "n0c1h3w3k1r2s2",
        "n1c1h1w1k1r1s1",
        "n2c3h7w5k4r3s2",
        "n2c4h8w9k6r3s3pad1",
        "n1c2h9w11k3r3s2pad2stride2",
        "n2c2h9w8k2r2s3pad1dil2",
        "n3c2h5w6k2r2s2stride3"
      })
  void convolutions(String shape) {
    for (String kernel : new String[] {"forward", "backward_data", "backward_filter"}) {
      String problem = "conv2d_" + kernel + "/f32/" + shape;
      AgainstReference.check(ND4J, problem, "default", Conditions.NONE);
    }
  }

  @Test
  void groupsAreRefused() {
    CaseId id = CaseId.parse("conv2d_forward/f32/n1c4h3w3k4r1s1group2/nd4j/default/normal@1");
    Exception e =
        assertThrows(IllegalArgumentException.class, () -> BoundCase.bind(ND4J, id, ONE).close());
    assertTrue(e.getMessage().contains("no groups"), e.getMessage());
  }

  @Test
  void rawBitsPassThroughUnchanged() {
    int[] bits = {0x7fc00001, 0xffc12345, 0x7f800001, 0x80000000, 1, 0x7f7fffff};
    ByteBuffer in = ByteBuffer.allocate(4 * bits.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int b : bits) {
      in.putInt(b);
    }
    ByteBuffer out = ByteBuffer.allocate(4 * bits.length).order(ByteOrder.LITTLE_ENDIAN);
    try (Memory m = ND4J.allocate(DType.F32, bits.length)) {
      m.write(in.flip());
      m.read(out);
    }
    assertEquals(in.rewind(), out.flip());
  }

  @Test
  void receiptIsTakenFromTheLibrariesCalled() {
    Receipt receipt = ((Available) ND4J.availability()).receipt();
    assertEquals("ND4J", receipt.library());
    assertEquals("1.0.0-M2.1", receipt.version());
    assertTrue(receipt.path().endsWith("/libnd4jcpu.so"), receipt.path());
    assertTrue(receipt.more().get("config").startsWith("OpenBLAS 0.3.19"), receipt.toString());
    assertTrue(receipt.more().get("config").contains(receipt.core()), receipt.toString());
    for (String path : new String[] {receipt.path(), receipt.more().get("blas")}) {
      assertTrue(LoadedLibraries.list().stream().anyMatch(l -> l.path().equals(path)), path);
    }
  }

  @Test
  void threadsAreReadBack() {
    CaseId matmul = CaseId.parse("matmul/f32/m8n8k8/nd4j/default/normal@1");
    CaseId sum = CaseId.parse("sum/f32/n8/nd4j/default/normal@1");
    int start = ((Available) ND4J.availability()).receipt().threads();
    Conditions more = Conditions.of("threads", Integer.toString(start + 1));
    try (BoundCase pinned = BoundCase.bind(ND4J, matmul.withVariant("single_thread"), more);
        BoundCase all = BoundCase.bind(ND4J, sum, Conditions.NONE);
        BoundCase other = BoundCase.bind(ND4J, matmul, more)) {
      assertEquals("1", pinned.effective().get("threads"));
      assertEquals(Integer.toString(start), all.effective().get("threads"));
      assertEquals(Integer.toString(start + 1), other.effective().get("threads"));
      pinned.invoke();
      assertEquals("1", pinned.effective().get("threads"));
    }
    Exception e =
        assertThrows(Op.NotHonouredException.class, () -> BoundCase.bind(ND4J, sum, more).close());
    assertTrue(e.getMessage().contains("threads=" + start + " was read back"), e.getMessage());
  }
}
