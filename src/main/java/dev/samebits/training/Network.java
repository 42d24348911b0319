package dev.samebits.training;

import dev.samebits.kernel.Availability;
import dev.samebits.kernel.Backend;
import dev.samebits.kernel.BoundKernel;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Op;
import dev.samebits.kernel.Shape;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Binds kernel calls on the backends that the spec chooses, and owns them and their tensors. */
final class Network implements AutoCloseable {
  private static final Set<Kernel> LARGE =
      EnumSet.of(
          Kernel.MATMUL,
          Kernel.CONV2D_FORWARD,
          Kernel.CONV2D_BACKWARD_DATA,
          Kernel.CONV2D_BACKWARD_FILTER);

  private final TrainingSpec spec;
  private final Function<String, Backend> backends;
  private final Conditions conditions;
  private final Deque<AutoCloseable> owned = new ArrayDeque<>();

  Network(TrainingSpec spec, Function<String, Backend> backends) {
    this.spec = spec;
    this.backends = backends;
    this.conditions = spec.conditions();
  }

  Tensor tensor(int elements) {
    return tensor(DType.F32, elements);
  }

  Tensor tensor(DType dtype, int elements) {
    Tensor tensor = new Tensor(dtype, elements);
    owned.push(tensor);
    return tensor;
  }

  /**
   * Binds a call.
   *
   * @param dims the kernel's dimensions in their order
   * @throws IllegalStateException if the backend is not available
   * @throws IllegalArgumentException if it lacks the variant or cannot honour a condition
   */
  Call call(
      Operation operation,
      Map<String, Double> scalars,
      List<Tensor> inputs,
      List<Tensor> outputs,
      long... dims) {
    String[] target = spec.ops().get(operation.id()).split("/");
    Backend backend = backends.apply(target[0]);
    if (backend.availability() instanceof Availability.Unavailable u) {
      throw new IllegalStateException(
          operation.id() + ": backend " + target[0] + ": " + u.reason() + "; " + u.remedy(),
          u.cause());
    }
    Shape shape = Shape.of(operation.kernel(), dims);
    BoundKernel kernel =
        new Op(operation.kernel(), DType.F32, shape, target[1], scalars)
            .bind(
                backend,
                conditions(operation),
                inputs.stream().map(t -> t.on(backend)).toList(),
                outputs.stream().map(t -> t.on(backend)).toList());
    owned.push(kernel);
    return new Call(backend, kernel, inputs, outputs);
  }

  /**
   * Only products and convolutions are large enough here to gain from threads: 64 x 128 elements
   * take less time than waking a thread does. So the other operations get one.
   */
  private Conditions conditions(Operation operation) {
    boolean alone = !LARGE.contains(operation.kernel()) && conditions.threads().isPresent();
    return alone ? conditions.with(Conditions.THREADS, "1") : conditions;
  }

  /** Releases everything, the newest first. */
  @Override
  public void close() {
    List<RuntimeException> failures = new ArrayList<>();
    while (!owned.isEmpty()) {
      try {
        owned.pop().close();
      } catch (Exception e) {
        failures.add(new IllegalStateException("cannot release an operation's resources", e));
      }
    }
    if (!failures.isEmpty()) {
      throw failures.get(0);
    }
  }

  /** A bound kernel and what it reads and writes. */
  record Call(Backend backend, BoundKernel kernel, List<Tensor> inputs, List<Tensor> outputs) {
    void invoke() {
      for (Tensor t : inputs) {
        t.bringTo(backend);
      }
      kernel.invoke();
      for (Tensor t : outputs) {
        t.writtenBy(backend);
      }
    }
  }
}
