package dev.samebits.backend.cuda;

import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Op;
import dev.samebits.kernel.Operand;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The conditions that kernels of ours and calls of libraries have in common.
 *
 * @param distance bytes from a boundary to the first element of every operand
 * @param padding elements behind every row of every operand
 * @param streams streams that run the call at the same time
 * @param flush whether the L2 cache is overwritten before each call
 * @param rotate whether each call takes another copy of its inputs
 * @param load whether products run on another stream
 */
record Surroundings(
    int distance, int padding, int streams, boolean flush, boolean rotate, boolean load) {
  private static final String KEEP = "keep";
  private static final String FLUSH = "flush";
  private static final String ROTATE = "rotate";
  private static final String GEMM = "gemm";
  private static final int MOST_STREAMS = 64;
  private static final int MOST_PADDING = 65_536;

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException if one cannot be honoured
   */
  static Surroundings of(Op op, Conditions conditions) {
    Map<String, String> asked = conditions.values();
    String l2 = asked.getOrDefault(Conditions.L2, KEEP);
    if (!List.of(KEEP, FLUSH, ROTATE).contains(l2)) {
      throw new IllegalArgumentException("condition l2=" + l2 + ": keep, flush or rotate");
    }
    String load = asked.get(Conditions.LOAD);
    if (load != null && !load.equals(GEMM)) {
      throw new IllegalArgumentException(
          "condition load=" + load + ": 1 for a busy host or gemm for a busy device");
    }
    return new Surroundings(
        distance(op, asked.getOrDefault(Conditions.ALIGN, "0")),
        padding(op, asked.getOrDefault(Conditions.LD, "0")),
        whole(asked, Conditions.STREAMS, MOST_STREAMS),
        l2.equals(FLUSH),
        l2.equals(ROTATE),
        load != null);
  }

  /**
   * A number from 1; 1 if the condition is not there.
   *
   * @throws IllegalArgumentException if it is none, or too large
   */
  static int whole(Map<String, String> asked, String key, int most) {
    String text = asked.getOrDefault(key, "1");
    if (!text.matches("[1-9][0-9]{0,9}") || Long.parseLong(text) > most) {
      throw new IllegalArgumentException(
          "condition " + key + "=" + text + ": a number from 1 to " + most);
    }
    return Integer.parseInt(text);
  }

  private static int distance(Op op, String align) {
    int element = op.dtype().result().bytes(); // the widest operand's
    boolean fits =
        align.matches("[0-9]{1,3}")
            && Integer.parseInt(align) < DeviceMemory.ALIGNMENT
            && Integer.parseInt(align) % element == 0;
    if (!fits) {
      throw new IllegalArgumentException(
          "condition align="
              + align
              + ": bytes below "
              + DeviceMemory.ALIGNMENT
              + " that keep elements of "
              + element
              + " bytes whole");
    }
    return Integer.parseInt(align);
  }

  private static int padding(Op op, String ld) {
    String what = "condition ld=" + ld + ": ";
    if (!ld.matches("[0-9]{1,9}") || Integer.parseInt(ld) > MOST_PADDING) {
      throw new IllegalArgumentException(
          what + "elements behind each row, from 0 to " + MOST_PADDING);
    } else if (op.kernel() != Kernel.MATMUL && !ld.equals("0")) {
      throw new IllegalArgumentException(
          what + op.kernel().id() + " takes no leading dimension, matmul does");
    }
    return Integer.parseInt(ld);
  }

  /** Moves the operands where they are to be, and copies the inputs if they rotate. */
  Rotation place(Device device, Op op, List<DeviceMemory> in, List<DeviceMemory> out) {
    place(op.inputs(), in);
    place(op.outputs(), out);
    return rotate ? Rotation.of(device, in, out) : Rotation.none(in);
  }

  private void place(List<Operand> operands, List<DeviceMemory> memory) {
    for (int i = 0; i < memory.size(); i++) {
      memory.get(i).place(distance, Pitch.of(operands.get(i), padding));
    }
  }

  /** Bytes that an operand takes with its padding, at least one. */
  long bytes(Operand operand) {
    return Math.max(1, Pitch.of(operand, padding).extent(operand.bytes()));
  }

  /** What is in force, with what else is known of the call. */
  Map<String, String> facts(Map<String, String> own, Rotation inputs) {
    Map<String, String> facts = new TreeMap<>(own);
    facts.put(Conditions.ALIGN, Integer.toString(distance));
    facts.put(Conditions.STREAMS, Integer.toString(streams));
    facts.put(Conditions.LD, Integer.toString(padding));
    facts.put(Conditions.L2, flush ? FLUSH : rotate ? ROTATE : KEEP);
    if (rotate) {
      facts.put("input_copies", Integer.toString(inputs.copies()));
    }
    if (load) {
      facts.put(Conditions.LOAD, GEMM);
    }
    return facts;
  }
}
