package dev.samebits.plan;

import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.InputKind;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Shape;
import dev.samebits.plan.BarSpec.Measure;
import dev.samebits.plan.BarSpec.Opponent;
import dev.samebits.plan.BarSpec.Side;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the section {@code bars} of a suite file. */
final class BarReader {
  private static final List<String> ROW =
      List.of(
          "name",
          "about",
          "kernels",
          "dtypes",
          "shapes",
          "inputs",
          "subject",
          "against",
          "threads",
          "empty_call",
          "subtract_empty_call");
  private static final List<String> OPPONENT =
      List.of("who", "kernel", "speed", "time", "rate", "each");

  private BarReader() {}

  /** The rows, in order; none if the section is missing. */
  static List<BarSpec> read(Fields top) {
    List<BarSpec> rows = top.maps("bars", ROW).stream().map(BarReader::row).toList();
    List<String> names = new ArrayList<>();
    for (BarSpec row : rows) {
      if (names.contains(row.name())) {
        throw new IllegalArgumentException(
            row.where() + ": name: '" + row.name() + "' is taken by another bar");
      }
      names.add(row.name());
    }
    return rows;
  }

  private static BarSpec row(Fields f) {
    List<Kernel> kernels = f.list("kernels", Kernel::of);
    Map<Kernel, List<Shape>> shapes = new LinkedHashMap<>();
    Map<Kernel, Shape> empty = new LinkedHashMap<>();
    for (Kernel k : kernels) {
      shapes.put(k, f.list("shapes", text -> Shape.parse(k, text)));
      if (f.has("empty_call")) {
        empty.put(k, f.one("empty_call", text -> emptyCall(k, text)));
      }
    }
    boolean subtract = f.flag("subtract_empty_call", false);
    if (subtract && empty.isEmpty()) {
      throw new IllegalArgumentException(
          f.where("subtract_empty_call") + ": needs the shape of an empty call, empty_call");
    }
    List<Opponent> against = f.maps("against", OPPONENT).stream().map(BarReader::opponent).toList();
    for (int i = 0; i < against.size(); i++) {
      Opponent one = against.get(i);
      if (against.subList(0, i).stream().anyMatch(o -> o.text().equals(one.text()))) {
        throw new IllegalArgumentException(
            f.where("against") + ": " + one.text() + " is given twice");
      }
    }
    if (against.isEmpty()) {
      throw new IllegalArgumentException(f.where("against") + ": no opponent given");
    }
    if (!empty.isEmpty() && against.stream().anyMatch(o -> o.kernel() != null)) {
      throw new IllegalArgumentException(
          f.where("empty_call") + ": not where an opponent has a kernel of its own");
    }
    return new BarSpec(
        f.where(),
        f.one("name", SuiteReader::name),
        f.has("about") ? f.one("about", String::strip) : "",
        shapes,
        f.list("dtypes", DType::of),
        f.has("inputs") ? f.list("inputs", InputKind::of) : List.of(InputKind.NORMAL),
        f.one("subject", BarReader::side),
        against,
        f.has("threads") ? f.list("threads", SuiteReader::threads) : List.of(Suite.MAX),
        empty,
        subtract);
  }

  private static Shape emptyCall(Kernel kernel, String text) {
    Shape shape = Shape.parse(kernel, text);
    if (kernel.work(shape, DType.F64) > 2 * DType.F64.bytes()) {
      throw new IllegalArgumentException(
          "shape '" + text + "' of " + kernel.id() + " is no empty call: it has work to do");
    }
    return shape;
  }

  private static Opponent opponent(Fields f) {
    List<Measure> given = Arrays.stream(Measure.values()).filter(m -> f.has(m.id())).toList();
    if (given.size() != 1) {
      throw new IllegalArgumentException(
          f.where() + ": give one of speed (at least), time (at most) and rate (at least)");
    }
    Measure measure = given.get(0);
    if (f.has("kernel") != (measure == Measure.RATE)) {
      throw new IllegalArgumentException(
          f.where() + ": an opponent with a kernel of its own is compared by rate, no other is");
    }
    return new Opponent(
        f.has("kernel") ? f.one("kernel", Kernel::of) : null,
        f.one("who", BarReader::side),
        measure,
        f.one(measure.id(), BarReader::ratio),
        f.has("each") ? f.one("each", BarReader::ratio) : null);
  }

  private static double ratio(String text) {
    if (!text.matches("[0-9]{1,4}(\\.[0-9]{1,4})?") || !(Double.parseDouble(text) > 0)) {
      throw new IllegalArgumentException("expected a ratio above 0, got '" + text + "'");
    }
    return Double.parseDouble(text);
  }

  private static Side side(String text) {
    int q = text.indexOf('?');
    String[] p = SuiteReader.backendVariant(q < 0 ? text : text.substring(0, q)).split("/", 2);
    Conditions conditions = Conditions.parse(q < 0 ? "" : text.substring(q + 1));
    for (String key : conditions.values().keySet()) {
      SuiteReader.requireOwnCondition(key);
    }
    return new Side(p[0], p[1], conditions);
  }
}
