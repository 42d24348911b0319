package dev.samebits.backend.blas;

import dev.samebits.backend.nd4j.Nd4jBackend;
import dev.samebits.kernel.Availability.Available;
import dev.samebits.kernel.Availability.Unavailable;
import dev.samebits.kernel.Backend;
import dev.samebits.kernel.BoundCase;
import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.Receipt;
import dev.samebits.library.Digests;
import dev.samebits.library.NativeMath;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Loads libraries in the order of its arguments, then computes with each; one line for each. */
final class LoadOrderChild {
  private LoadOrderChild() {}

  public static void main(String[] args) {
    NativeMath.allowSeveral();
    Map<String, Backend> loaded = new LinkedHashMap<>();
    for (String name : args) {
      Backend backend =
          switch (name) {
            case "new" -> BlasBackend.openblas();
            case "old" -> BlasBackend.openblas("old", Path.of(System.getProperty("test.natives")));
            default -> new Nd4jBackend();
          };
      if (backend.availability() instanceof Unavailable u) {
        throw new IllegalStateException(name + ": " + u.reason(), u.cause());
      }
      loaded.put(name, backend);
    }
    loaded.forEach(LoadOrderChild::compute);
  }

  private static void compute(String name, Backend backend) {
    Receipt receipt = ((Available) backend.availability()).receipt();
    StringBuilder line = new StringBuilder("RESULT " + name);
    line.append(' ').append(receipt.more().get("config")).append(" core ").append(receipt.core());
    for (String threads : new String[] {"1", "2"}) {
      CaseId id = CaseId.parse("matmul/f32/m128n128k3000/" + backend.name() + "/default/normal@1");
      try (BoundCase bound = BoundCase.bind(backend, id, Conditions.of("threads", threads))) {
        bound.invoke();
        ByteBuffer output = bound.newOutputBuffer();
        bound.readOutput(output);
        line.append(' ').append(Digests.sha256(output.array()), 0, 16);
      }
    }
    System.out.println(line);
  }
}
