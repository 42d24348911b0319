package dev.samebits.kernel;

import java.util.Arrays;
import java.util.List;

/** Element type of an operand. Only the floating-point types can be the dtype of a case. */
public enum DType {
  /** IEEE 754 binary32. */
  F32("f32", Float.BYTES, true),
  /** IEEE 754 binary64. */
  F64("f64", Double.BYTES, true),
  /** Two's complement 32-bit integer: indices and labels. */
  I32("i32", Integer.BYTES, false);

  private final String id;
  private final int bytes;
  private final boolean floating;

  DType(String id, int bytes, boolean floating) {
    this.id = id;
    this.bytes = bytes;
    this.floating = floating;
  }

  /** The name used in case ids. */
  public String id() {
    return id;
  }

  /** Size of one element in bytes. */
  public int bytes() {
    return bytes;
  }

  /** Whether elements are floating-point numbers. */
  public boolean floating() {
    return floating;
  }

  /** The ids that a case may have as its dtype. */
  public static List<String> caseIds() {
    return Arrays.stream(values()).filter(DType::floating).map(DType::id).toList();
  }

  /**
   * The floating-point type with the given id.
   *
   * @throws UnknownNameException if there is none
   */
  public static DType of(String id) {
    return Arrays.stream(values())
        .filter(d -> d.floating && d.id.equals(id))
        .findFirst()
        .orElseThrow(() -> new UnknownNameException("dtype", id, caseIds()));
  }
}
