package dev.samebits.backend.cuda.blas;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.backend.cuda.FakeVendor;
import dev.samebits.kernel.Availability.Available;
import dev.samebits.kernel.Availability.Unavailable;
import dev.samebits.kernel.Backend;
import dev.samebits.kernel.BoundCase;
import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.Receipt;
import dev.samebits.library.NativeMath;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two bindings of one library: the same calls with the same arguments, the same bits. */
class JcublasIT {
  private static Path home;
  private static Path blas;
  private static Backend first;
  private static Backend second;

  @BeforeAll
  static void open() {
    NativeMath.allowSeveral(); // it is one library all the same
    FakeVendor.useDriver();
    home = FakeVendor.cublas("12.6");
    FakeVendor.useHome(home);
    blas = FakeVendor.library(home, "libcublas");
    first = new CublasBackend(false, name -> null);
    second = new CublasBackend(true, name -> null);
  }

  @Test
  void theReceiptNamesTheSameLibraryAndTheOtherBinding() {
    Receipt a = assertInstanceOf(Available.class, first.availability()).receipt();
    Receipt b = assertInstanceOf(Available.class, second.availability()).receipt();
    assertEquals(a.path(), b.path());
    assertEquals(a.sha256(), b.sha256());
    assertEquals(a.version(), b.version());
    assertEquals("JCublas2", b.more().get("binding"));
  }

  @ParameterizedTest
  @CsvSource({
    "matmul/f32/m7n13k257, shared_handle",
    "matmul/f64/m13n7k32ta1tb1, pedantic",
    "matmul/f32/m3n5k7ta1batch4, tf32",
    "matmul/f64/m3n5k7tb1batch4, own_workspace",
    "matmul/f32/m3n4k0, shared_handle",
    "matmul/f16/m7n13k257tb1, shared_handle",
    "matmul/bf16/m13n7k32, pedantic",
    "matmul/bf16/m3n5k7ta1batch4, handle_per_stream",
    "gemv/f32/m33n31, atomics",
    "gemv/f64/m3n257, handle_per_stream",
    "dot/f32/n1021, shared_handle",
    "dot/f64/n1021, pedantic",
  })
  void callsAndBitsAreTheSame(String problem, String variant) {
    Conditions streams = Conditions.of("streams", "2");
    byte[] bits = run(first, problem, variant, streams);
    List<String> calls = FakeVendor.calls(blas);
    assertArrayEquals(bits, run(second, problem, variant, streams));
    assertEquals(calls, FakeVendor.calls(blas));
    assertEquals(0, FakeVendor.handles(blas));
  }

  private static byte[] run(Backend backend, String problem, String variant, Conditions c) {
    CaseId id = CaseId.parse(problem + "/" + backend.name() + "/" + variant + "/wide@3");
    try (BoundCase bound = BoundCase.bind(backend, id, c)) {
      bound.invoke();
      ByteBuffer output = bound.newOutputBuffer();
      bound.readOutput(output);
      return output.array();
    }
  }

  @Test
  void anotherReleaseIsRefusedWithARemedy() {
    FakeVendor.useHome(FakeVendor.cublas("13.0"));
    try {
      Backend other = new CublasBackend(true, name -> null);
      Unavailable u = assertInstanceOf(Unavailable.class, other.availability());
      assertTrue(u.reason().startsWith("JCublas2 binds cuBLAS 12 only, found is "), u.reason());
      assertTrue(u.remedy().contains("--library cuda@12"), u.remedy());
    } finally {
      FakeVendor.useHome(home);
    }
  }
}
