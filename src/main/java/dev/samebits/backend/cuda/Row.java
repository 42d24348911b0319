package dev.samebits.backend.cuda;

import dev.samebits.kernel.DType;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Variant;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * A variant with everything that is needed to run it. All launches of a variant take the same
 * parameters: inputs, outputs, scratch, sizes, leading dimensions, scalars.
 *
 * @param variant what is offered
 * @param file its file in {@code kernels/}, without the ending
 * @param threads threads of a block, unless the condition {@code geometry} says otherwise
 * @param threads64 the same in f64
 * @param step what {@code geometry} must be a multiple of; 0 if the number is fixed
 * @param scratch bytes of each scratch array; an array of 0 bytes is a null pointer
 * @param sizes the parameters behind the pointers
 * @param launches the launches, in order
 */
record Row(
    Variant variant,
    String file,
    int threads,
    int threads64,
    int step,
    List<ToLongFunction<Call>> scratch,
    Sizes sizes,
    List<Launch> launches) {

  /** Lists the parameters behind the pointers. */
  interface Sizes {
    void list(Call call, Arguments to);

    /** These parameters and further ones. */
    default Sizes and(Sizes further) {
      return (call, to) -> {
        list(call, to);
        further.list(call, to);
      };
    }
  }

  /**
   * A variant in the file {@code FOLDER/KERNEL_VARIANT} with the sizes of its shape as parameters,
   * no scratch, and blocks of any multiple of 32 threads.
   */
  static Row of(Variant variant, String folder, int threads, Launch... launches) {
    Kernel kernel = variant.kernel();
    return new Row(
        variant,
        folder + "/" + kernel.id() + "_" + variant.name(),
        threads,
        threads,
        32,
        List.of(),
        Signatures.of(kernel),
        List.of(launches));
  }

  /** The same with a number of threads that cannot be chosen. */
  Row fixed() {
    return fixed(threads);
  }

  /** The same with numbers of threads that cannot be chosen, another one in f64. */
  Row fixed(int f64) {
    return new Row(variant, file, threads, f64, 0, scratch, sizes, launches);
  }

  /** The same with a scratch array of so many elements of the outputs' type. */
  Row scratch(ToLongFunction<Call> elements) {
    return bytes(call -> elements.applyAsLong(call) * call.op().dtype().result().bytes());
  }

  /** The same with a scratch array of so many words of 64 bits. */
  Row words(ToLongFunction<Call> words) {
    return bytes(call -> words.applyAsLong(call) * Long.BYTES);
  }

  private Row bytes(ToLongFunction<Call> bytes) {
    return new Row(variant, file, threads, threads64, step, List.of(bytes), sizes, launches);
  }

  /** The same with further parameters at the end. */
  Row and(Sizes further) {
    return new Row(variant, file, threads, threads64, step, scratch, sizes.and(further), launches);
  }

  /** Name of the function of one launch. */
  String symbol(DType dtype, Launch launch) {
    Kernel kernel = variant.kernel();
    String name = kernel.id() + "_" + variant.name() + "_" + dtype.id();
    return launch.pass().isEmpty() ? name : name + "_" + launch.pass();
  }

  /**
   * The threads of a block under a condition.
   *
   * @param asked the condition {@code geometry}; null without one
   * @throws IllegalArgumentException if the variant does not take that many
   */
  int threads(DType dtype, String asked) {
    int own = dtype == DType.F64 ? threads64 : threads;
    if (asked == null) {
      return own;
    }
    boolean fits =
        step == 0
            ? asked.equals(Integer.toString(own))
            : asked.matches("[1-9][0-9]{0,3}")
                && Integer.parseInt(asked) % step == 0
                && Integer.parseInt(asked) <= 1024;
    if (!fits) {
      throw new IllegalArgumentException(
          "condition geometry="
              + asked
              + ": "
              + variant.name()
              + " of "
              + variant.kernel().id()
              + (step == 0
                  ? " needs " + own + " threads in a block"
                  : " takes multiples of " + step + " up to 1024"));
    }
    return Integer.parseInt(asked);
  }
}
