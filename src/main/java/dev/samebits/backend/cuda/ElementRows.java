package dev.samebits.backend.cuda;

import static dev.samebits.backend.cuda.Variants.canonical;

import dev.samebits.kernel.Kernel;
import java.util.ArrayList;
import java.util.List;

/** Softmax, pooling and what is done to each element. */
final class ElementRows {
  private static final String FOLDER = "elementwise";

  private ElementRows() {}

  static List<Row> all() {
    List<Row> all = new ArrayList<>();
    all.add(
        Row.of(
            canonical(Kernel.SOFTMAX, "maximum, exp, canonical sum of each row, division"),
            FOLDER,
            128,
            Launch.warps("", c -> c.size("m"))));
    all.add(elements(Kernel.MAX_POOL, "the first index wins ties, NaN wins"));
    all.add(elements(Kernel.MAX_POOL_BACKWARD, "windows ascending for each input"));
    for (Kernel kernel : List.of(Kernel.EXP, Kernel.LOG, Kernel.TANH, Kernel.SIGMOID)) {
      all.add(elements(kernel, "the polynomials of the jvm backend"));
    }
    for (Kernel kernel :
        List.of(
            Kernel.RELU,
            Kernel.RELU_BACKWARD,
            Kernel.BIAS_ADD,
            Kernel.CROSS_ENTROPY_GRADIENT,
            Kernel.SGD_UPDATE,
            Kernel.FMA_CHAIN)) {
      all.add(elements(kernel, "the one operation of its definition"));
    }
    return all;
  }

  /** One element of the output a thread. */
  private static Row elements(Kernel kernel, String about) {
    return Row.of(
        canonical(kernel, about),
        FOLDER,
        256,
        Launch.elements("", c -> c.op().outputs().get(0).elements()));
  }
}
