package dev.samebits.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.samebits.backend.cuda.CudaBackend;
import dev.samebits.backend.cuda.FakeCuda;
import dev.samebits.kernel.Backend;
import dev.samebits.kernel.BoundCase;
import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.Kernel;
import dev.samebits.metric.Fingerprint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The same bits on the JVM and on the device: fingerprints of the golden file of {@link
 * SameBitsIT}, which the plain kernels wrote, from the kernels in CUDA C++ with the same inputs.
 */
class CudaSameBitsIT {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/same-bits.txt");

  /** The shim runs a hundred million operations a second. */
  private static final double MOST_WORK = 1.5e6;

  @TestFactory
  Stream<DynamicTest> theDeviceHasTheFingerprintsOfTheJvm() throws IOException {
    FakeCuda.use();
    Backend cuda = new CudaBackend();
    Set<Kernel> seen = EnumSet.noneOf(Kernel.class);
    List<DynamicTest> tests = new ArrayList<>();
    for (String line : Files.readAllLines(GOLDEN)) {
      CaseId jvm = CaseId.parse(line.substring(0, line.indexOf(' ')));
      String expected = line.substring(line.indexOf(' ') + 1);
      boolean offered =
          cuda.variants().stream()
              .anyMatch(
                  v ->
                      v.kernel() == jvm.kernel()
                          && v.name().equals(jvm.variant())
                          && v.dtypes().contains(jvm.dtype()));
      if (offered && jvm.kernel().work(jvm.shape(), jvm.dtype()) <= MOST_WORK) {
        seen.add(jvm.kernel());
        tests.add(
            DynamicTest.dynamicTest(
                jvm.toString(), () -> assertEquals(expected, fingerprint(cuda, jvm))));
      }
    }
    // A copy is the driver's own.
    assertEquals(EnumSet.complementOf(EnumSet.of(Kernel.COPY)), seen, "kernels with a case");
    return tests.stream();
  }

  private static String fingerprint(Backend cuda, CaseId jvm) {
    CaseId id =
        new CaseId(
            jvm.kernel(),
            jvm.dtype(),
            jvm.shape(),
            cuda.name(),
            jvm.variant(),
            jvm.input(),
            jvm.seed());
    try (BoundCase bound = BoundCase.bind(cuda, id, Conditions.NONE)) {
      bound.invoke();
      ByteBuffer output = bound.newOutputBuffer();
      bound.readOutput(output);
      return Fingerprint.digest(output);
    }
  }
}
