package dev.samebits.backend.jvm;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.samebits.kernel.BoundKernel;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.ConvShape;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Memory;
import dev.samebits.kernel.Op;
import dev.samebits.kernel.Shape;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A convolution as a product of matrices has a matrix of patches, each element of the data as often
 * as it is under a tap of the filter. It is packed a block at a time, and never there as a whole.
 */
class ConvMemoryTest {
  private static final JvmBackend FAST = new JvmBackend();

  /** Vectors are objects until the JIT has compiled the loops, which other work may hold up. */
  private static final long PATIENCE_NANOS = 30_000_000_000L;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @ParameterizedTest
  @CsvSource({
    "conv2d_forward, f32",
    "conv2d_forward, f64",
    "conv2d_backward_data, f32",
    "conv2d_backward_data, f64",
    "conv2d_backward_filter, f32",
    "conv2d_backward_filter, f64"
  })
  void theMatrixOfPatchesIsNeverThereAsAWhole(String kernel, String type) {
    DType dtype = DType.of(type);
    Shape shape = Shape.parse(Kernel.of(kernel), "n4c64h56w56k64r3s3pad1");
    Op op = Op.of(Kernel.of(kernel), dtype, shape, "canonical");
    List<Memory> in = op.inputs().stream().map(o -> FAST.allocate(dtype, o.elements())).toList();
    List<Memory> out = op.outputs().stream().map(o -> FAST.allocate(dtype, o.elements())).toList();
    ConvShape z = ConvShape.of(shape);
    long patches = (long) z.n() * z.p() * z.q() * z.c() * z.r() * z.s() * dtype.bytes();
    long start = System.nanoTime();
    long used = allocated(op, in, out);
    while (used >= patches / 3 && System.nanoTime() - start < PATIENCE_NANOS) {
      used = allocated(op, in, out);
    }
    assertTrue(used > 0 && used < patches / 3, used + " bytes; the matrix has " + patches);
  }

  private static long allocated(Op op, List<Memory> in, List<Memory> out) {
    long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    try (BoundKernel bound = op.bind(FAST, Conditions.of("threads", "1"), in, out)) {
      bound.invoke();
    }
    return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
  }
}
