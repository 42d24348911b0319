package dev.samebits.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.samebits.backend.cuda.CudaBackend;
import dev.samebits.backend.cuda.FakeCuda;
import dev.samebits.kernel.Backend;
import dev.samebits.kernel.BoundCase;
import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.Inputs;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Shape;
import dev.samebits.kernel.Variant;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The contract on the kernels of {@code kernels/} under the host shim, behind a driver that
 * shuffles blocks and threads from launch to launch: with operands off their boundary, with blocks
 * that take each other's work, and beside a second stream.
 */
class CudaContractIT extends BackendContract {
  private static Backend backend;

  @BeforeAll
  static void open() {
    FakeCuda.use();
    backend = new CudaBackend();
  }

  @AfterAll
  static void nothingWasWrittenOutsideAndAllIsFreed() {
    assertEquals(0, FakeCuda.count("violations"), "arrays written behind their end");
    assertEquals(0, FakeCuda.count("used"), "bytes never freed");
  }

  /** The small shapes: the shim's own contract runs the kernels on all of them. */
  @Override
  protected boolean covers(Variant variant, Shape shape) {
    return variant.kernel().work(shape, DType.F32) < 1000;
  }

  /** The driver's copy has no blocks that could take each other's work. */
  @Override
  protected boolean covers(Variant variant) {
    return variant.kernel() != Kernel.COPY;
  }

  @Test
  void theDriversCopyKeepsEveryBit() {
    for (String problem : List.of("f32/n0", "f32/n1021", "f64/n1021")) {
      CaseId id = CaseId.parse("copy/" + problem + "/cuda/driver/special@1");
      for (String conditions : List.of("threads=1", "align=8;l2=flush;streams=2;threads=1")) {
        try (BoundCase bound = BoundCase.bind(backend, id, Conditions.parse(conditions))) {
          bound.invoke();
          ByteBuffer copied = bound.newOutputBuffer();
          bound.readOutput(copied);
          assertEquals(Inputs.of(id, 0), copied, id + " " + conditions);
        }
      }
    }
  }

  @Override
  protected Backend backend() {
    return backend;
  }

  @Override
  protected List<Conditions> conditions() {
    return List.of(
        Conditions.of("threads", "1"), Conditions.parse("align=8;order=7;streams=2;threads=1"));
  }
}
