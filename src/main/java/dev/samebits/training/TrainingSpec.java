package dev.samebits.training;

import dev.samebits.kernel.Backend;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.Mode;
import dev.samebits.kernel.UnknownNameException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What to train, on what, and how often.
 *
 * @param model name of the model: {@code mlp} or {@code cnn}
 * @param data name of the data: {@code digits}
 * @param mode id of the mode
 * @param ops {@code backend/variant} by operation id; if empty, {@link #defaultOps}. Operations
 *     left out run on what {@value #OTHERS} names, else on {@value #DEFAULT_OP}
 * @param conditions settings that every operation honours; {@code threads} is offered to the matrix
 *     products and convolutions, the other operations get one thread
 * @param seed seed of the initial weights and of the batches, the same for all replicates
 * @param steps SGD iterations, at least 1
 * @param replicates runs with the same seed, at least 1
 */
public record TrainingSpec(
    String model,
    String data,
    String mode,
    Map<String, String> ops,
    Conditions conditions,
    long seed,
    int steps,
    int replicates) {
  /** What an operation runs on if nothing else is asked for. */
  public static final String DEFAULT_OP = "jvm/canonical";

  /** Stands for the operations that are not named. */
  public static final String OTHERS = "others";

  /** Models there are. */
  public static final List<String> MODELS = List.of("mlp", "cnn");

  /** Data there are. */
  public static final List<String> DATA = List.of("digits");

  /** Fills in the operations that are left out and rejects unknown names and sizes below one. */
  public TrainingSpec {
    UnknownNameException.require("model", model, MODELS);
    UnknownNameException.require("data", data, DATA);
    Map<String, String> chosen =
        new TreeMap<>(ops.isEmpty() ? defaultOps(model, Mode.of(mode)) : ops);
    String others = chosen.getOrDefault(OTHERS, DEFAULT_OP);
    Map<String, String> all = new TreeMap<>();
    Operation.ids(model).forEach(id -> all.put(id, others));
    chosen.forEach(
        (id, target) -> {
          if (!id.equals(OTHERS)) {
            UnknownNameException.require("operation of " + model, id, Operation.ids(model));
          }
          if (!target.matches("[^/]+/[^/]+")) {
            throw new IllegalArgumentException(
                "operation " + id + " on '" + target + "': expected backend/variant");
          }
          all.put(id, target);
        });
    all.remove(OTHERS);
    ops = Collections.unmodifiableMap(all);
    if (steps < 1 || replicates < 1) {
      throw new IllegalArgumentException(
          steps + " steps and " + replicates + " replicates: both must be at least 1");
    }
  }

  /**
   * Asks every backend for the variant that an operation is to run on.
   *
   * @throws UnknownNameException if a backend does not offer it
   */
  public void requireOffered(Function<String, Backend> backends) {
    ops.forEach(
        (id, target) -> {
          String[] parts = target.split("/");
          Operation operation = Operation.valueOf(id.toUpperCase(Locale.ROOT));
          backends.apply(parts[0]).variant(operation.kernel(), parts[1]);
        });
  }

  /**
   * The operations that make a mode on the JVM. The modes differ in the weight gradients alone, as
   * with GPU libraries, whose filter gradients are where atomics are met: 32 partial results, added
   * in order of arrival ({@code nondeterministic}) or in index order ({@code deterministic}).
   * Everything else is canonical.
   */
  public static Map<String, String> defaultOps(String model, Mode mode) {
    if (mode == Mode.REPRODUCIBLE) {
      return Map.of();
    }
    boolean ordered = mode == Mode.DETERMINISTIC;
    Map<String, String> ops = new TreeMap<>();
    ops.put(
        Operation.MATMUL_BACKWARD_WEIGHT.id(),
        ordered ? "jvm/split_k_ordered" : "jvm/split_k_atomic");
    if (model.equals("cnn")) {
      ops.put(Operation.CONV_BACKWARD_FILTER.id(), ordered ? "jvm/ordered" : "jvm/atomic_arrival");
    }
    return ops;
  }

  /** The three matrix products on one {@code backend/variant}, e.g. {@code openblas/default}. */
  public static Map<String, String> matmulsOn(String target) {
    return Map.of(
        Operation.MATMUL_FORWARD.id(), target,
        Operation.MATMUL_BACKWARD_WEIGHT.id(), target,
        Operation.MATMUL_BACKWARD_DATA.id(), target);
  }
}
