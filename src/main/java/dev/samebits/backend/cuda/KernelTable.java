package dev.samebits.backend.cuda;

import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Variant;
import java.util.List;
import java.util.stream.Stream;

/** Every variant of the backend, one row each. */
final class KernelTable {
  /** A file whose PTX stands for all: they are compiled alike. */
  static final String FIRST = "reduction/sum_canonical";

  private static final List<Row> ROWS =
      Stream.of(ProductRows.matmul(), ProductRows.convolutions(), SumRows.all(), ElementRows.all())
          .flatMap(List::stream)
          .toList();

  private KernelTable() {}

  /** All rows, in the order to show their variants. */
  static List<Row> rows() {
    return ROWS;
  }

  /** What the backend offers. */
  static List<Variant> variants() {
    return ROWS.stream().map(Row::variant).toList();
  }

  /** The row of a variant that is offered. */
  static Row row(Kernel kernel, String variant) {
    return ROWS.stream()
        .filter(r -> r.variant().kernel() == kernel && r.variant().name().equals(variant))
        .findFirst()
        .orElseThrow();
  }
}
