package dev.samebits.backend.blas;

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
import dev.samebits.kernel.Op;
import dev.samebits.kernel.Receipt;
import dev.samebits.library.LoadedLibraries;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlasBackendIT {
  private static final Backend OPENBLAS = BlasBackend.openblas();
  private static final Conditions TWO = Conditions.of("threads", "2");

  @BeforeEach
  void available() {
    Requires.available(OPENBLAS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "m0n3k2",
        "m3n0k2",
        "m3n2k0",
        "m1n1k1",
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
      AgainstReference.check(OPENBLAS, "matmul/" + dtype + "/" + shape, "default", TWO);
      AgainstReference.check(OPENBLAS, "matmul/" + dtype + "/" + shape, "single_thread", TWO);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"m0n3", "m3n0", "m1n1", "m2n3", "m31n257", "m1021n33", "m700n900"})
  void gemv(String shape) {
    for (String dtype : new String[] {"f32", "f64"}) {
      AgainstReference.check(OPENBLAS, "gemv/" + dtype + "/" + shape, "default", TWO);
      AgainstReference.check(OPENBLAS, "gemv/" + dtype + "/" + shape, "single_thread", TWO);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 7, 31, 257, 1021, 40_000})
  void dot(int n) {
    for (String dtype : new String[] {"f32", "f64"}) {
      AgainstReference.check(OPENBLAS, "dot/" + dtype + "/n" + n, "default", TWO);
      AgainstReference.check(OPENBLAS, "dot/" + dtype + "/n" + n, "single_thread", TWO);
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
        "n1c6h7w7k9r3s3pad1group3",
        "n3c2h5w6k2r2s2stride3",
        "n1c4h6w6k4r3s3pad3stride2dil2group2",
        "n1c1h2w2k1r2s2pad5",
        "n2c1h3w3k2r1s1pad4stride5",
        "n2c6h5w7k9r1s1group3",
        "n0c2h3w3k2r1s1",
        "n2c3h5w7k4r1s1stride2",
        "n2c3h5w7k4r1s1pad1"
      })
  void convolutions(String shape) {
    for (String kernel : new String[] {"forward", "backward_data", "backward_filter"}) {
      String problem = "conv2d_" + kernel + "/f32/" + shape;
      AgainstReference.check(OPENBLAS, problem, "default", TWO);
      AgainstReference.check(OPENBLAS, problem, "single_thread", TWO);
    }
  }

  @Test
  void receiptIsTakenFromTheFunctionCalled() {
    Receipt receipt = ((Available) OPENBLAS.availability()).receipt();
    assertEquals("OpenBLAS", receipt.library());
    assertEquals(BlasBackend.BUNDLED_VERSION, receipt.version());
    assertTrue(receipt.path().endsWith("/isolated-libopenblas.so.0"), receipt.path());
    assertEquals(receipt.path(), receipt.more().get("internal exec_blas"));
    assertTrue(receipt.more().get("config").contains(receipt.core()), receipt.toString());
    assertTrue(
        LoadedLibraries.list().stream()
            .anyMatch(l -> l.path().equals(receipt.path()) && l.sha256().equals(receipt.sha256())));
  }

  @Test
  void threadsAreSetForEveryCallAndReadBack() {
    CaseId id = CaseId.parse("matmul/f32/m8n8k8/openblas/default/normal@1");
    BoundCase one = BoundCase.bind(OPENBLAS, id, Conditions.of("threads", "1"));
    BoundCase two = BoundCase.bind(OPENBLAS, id, TWO);
    BoundCase pinned = BoundCase.bind(OPENBLAS, id.withVariant("single_thread"), TWO);
    try {
      assertEquals("1", one.effective().get("threads"));
      assertEquals("2", two.effective().get("threads"));
      assertEquals("1", pinned.effective().get("threads"));
      two.invoke();
      assertEquals("2", two.effective().get("threads"));
    } finally {
      one.close();
      two.close();
      pinned.close();
    }
  }

  @Test
  void moreThreadsThanTheLibraryCanIsNotHonoured() {
    CaseId id = CaseId.parse("dot/f64/n8/openblas/default/normal@1");
    Conditions many = Conditions.of("threads", "9999");
    Exception e =
        assertThrows(
            Op.NotHonouredException.class, () -> BoundCase.bind(OPENBLAS, id, many).close());
    assertTrue(e.getMessage().contains("threads=9999 was asked for"), e.getMessage());
  }

  @Test
  void anInstructionSetThatWasNotSelectedIsNotHonoured() {
    CaseId id = CaseId.parse("dot/f64/n8/openblas/default/normal@1");
    Conditions other = Conditions.of("isa", "prescott");
    Exception e =
        assertThrows(
            Op.NotHonouredException.class, () -> BoundCase.bind(OPENBLAS, id, other).close());
    assertTrue(e.getMessage().contains("isa=prescott was asked for"), e.getMessage());
    String core = ((Available) OPENBLAS.availability()).receipt().core();
    BoundCase.bind(OPENBLAS, id, Conditions.of("isa", core.toLowerCase(java.util.Locale.ROOT)))
        .close();
  }

  @Test
  void anUnknownConditionIsRefused() {
    CaseId id = CaseId.parse("dot/f64/n8/openblas/default/normal@1");
    Conditions other = Conditions.of("align", "4");
    assertThrows(IllegalArgumentException.class, () -> BoundCase.bind(OPENBLAS, id, other).close());
  }
}
