package dev.samebits.kernel;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** Element type of an operand. Only the floating-point types can be the dtype of a case. */
public enum DType {
  /** IEEE 754 binary32. */
  F32("f32", Float.BYTES, true),
  /** IEEE 754 binary64. */
  F64("f64", Double.BYTES, true),
  /** IEEE 754 binary16, of inputs only: see {@link #result}. */
  F16("f16", Short.BYTES, true),
  /** bfloat16, the upper half of a binary32, of inputs only: see {@link #result}. */
  BF16("bf16", Short.BYTES, true),
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

  /**
   * The type that a call with inputs of this one computes in and that its scalars and outputs have:
   * f32 for f16 and bf16, which are converted to it exactly, else the same.
   */
  public DType result() {
    return this == F16 || this == BF16 ? F32 : this;
  }

  /** Element {@code i} of a little-endian buffer, exactly. */
  public double get(ByteBuffer buffer, int i) {
    return switch (this) {
      case F32 -> buffer.getFloat(Float.BYTES * i);
      case F64 -> buffer.getDouble(Double.BYTES * i);
      case F16 -> HalfPrecision.fromF16(buffer.getShort(Short.BYTES * i));
      case BF16 -> HalfPrecision.fromBf16(buffer.getShort(Short.BYTES * i));
      case I32 -> buffer.getInt(Integer.BYTES * i);
    };
  }

  /**
   * Appends a value to a little-endian buffer, rounded to nearest even; for f16 and bf16 it is
   * rounded to f32 first. For i32 it is cut to an integer.
   */
  public void put(ByteBuffer buffer, double value) {
    switch (this) {
      case F32 -> buffer.putFloat((float) value);
      case F64 -> buffer.putDouble(value);
      case F16 -> buffer.putShort(HalfPrecision.toF16((float) value));
      case BF16 -> buffer.putShort(HalfPrecision.toBf16((float) value));
      case I32 -> buffer.putInt((int) value);
    }
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
