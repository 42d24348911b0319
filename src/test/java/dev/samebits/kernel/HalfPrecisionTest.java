package dev.samebits.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HalfPrecisionTest {
  private static final int PATTERNS = 1 << 16;

  /** A type of 16 bits as IEEE 754 defines it, written with scalb alone. */
  private enum Format {
    F16(10),
    BF16(7);

    private final int fractionBits;

    Format(int fractionBits) {
      this.fractionBits = fractionBits;
    }

    int infinity() {
      return 0x7fff >> fractionBits << fractionBits;
    }

    /**
     * The value of a finite pattern without sign; of infinity's, what the next binade's would be.
     */
    double finite(int magnitude) {
      int bias = (1 << 14 - fractionBits) - 1;
      int exponent = magnitude >> fractionBits;
      int fraction = magnitude & (1 << fractionBits) - 1;
      return exponent == 0
          ? Math.scalb((double) fraction, 1 - bias - fractionBits)
          : Math.scalb((double) ((1 << fractionBits) + fraction), exponent - bias - fractionBits);
    }

    float widen(int pattern) {
      return this == F16
          ? HalfPrecision.fromF16((short) pattern)
          : HalfPrecision.fromBf16((short) pattern);
    }

    int narrow(float x) {
      return 0xffff & (this == F16 ? HalfPrecision.toF16(x) : HalfPrecision.toBf16(x));
    }
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void everyPatternHasItsValueAndComesBack(Format format) {
    for (int pattern = 0; pattern < PATTERNS; pattern++) {
      float x = format.widen(pattern);
      int magnitude = pattern & 0x7fff;
      double sign = pattern < 0x8000 ? 1 : -1;
      String what = format + " " + Integer.toHexString(pattern);
      if (magnitude > format.infinity()) {
        assertTrue(Float.isNaN(x), what);
        int back = format.narrow(x);
        assertTrue((back & 0x7fff) > format.infinity(), what + " is " + Integer.toHexString(back));
        continue;
      }
      double value =
          magnitude == format.infinity() ? Double.POSITIVE_INFINITY : format.finite(magnitude);
      assertEquals(
          Double.doubleToRawLongBits(sign * value), Double.doubleToRawLongBits((double) x), what);
      assertEquals(pattern, format.narrow(x), what);
    }
  }

  /** Between any two neighbours: the middle, and the f32 numbers beside it. */
  @ParameterizedTest
  @EnumSource(Format.class)
  void roundingIsToTheNearestAndTiesToEven(Format format) {
    for (int low = 0; low < format.infinity(); low++) {
      double middle = format.finite(low) / 2 + format.finite(low + 1) / 2;
      float tie = (float) middle;
      assertEquals(0, new BigDecimal(middle).compareTo(new BigDecimal(tie)), "a tie is an f32");
      String what = format + " above " + Integer.toHexString(low);
      for (int sign : new int[] {0, 0x8000}) {
        float factor = sign == 0 ? 1 : -1;
        assertEquals(sign | low + (low & 1), format.narrow(factor * tie), what + ": tie");
        assertEquals(sign | low, format.narrow(factor * Math.nextDown(tie)), what + ": below");
        assertEquals(sign | low + 1, format.narrow(factor * Math.nextUp(tie)), what + ": above");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void theLargestNumbersBecomeInfinityAndTheSmallestZero(Format format) {
    assertEquals(format.infinity(), format.narrow(Float.MAX_VALUE));
    assertEquals(format.infinity(), format.narrow(Float.POSITIVE_INFINITY));
    assertEquals(0x8000 | format.infinity(), format.narrow(Float.NEGATIVE_INFINITY));
    assertEquals(0x8000, format.narrow(-Float.MIN_VALUE));
    assertEquals(0x8000, format.narrow(-0f));
  }

  /** NaN with payloads in the lowest bits, which a cut would take for infinity. */
  @ParameterizedTest
  @EnumSource(Format.class)
  void aNaNStaysOne(Format format) {
    for (int bits : new int[] {0x7f800001, 0xff800001, 0x7fc00000, 0x7fffffff, 0xffffffff}) {
      int pattern = format.narrow(Float.intBitsToFloat(bits));
      assertTrue((pattern & 0x7fff) > format.infinity(), Integer.toHexString(bits));
      assertEquals(bits >>> 31, pattern >> 15, Integer.toHexString(bits));
    }
  }

  /** The JDK has the same from release 20 on. */
  @Test
  void theJdkConvertsInTheSameWay() throws Throwable {
    assumeTrue(Runtime.version().feature() >= 20, "this JDK has no Float.float16ToFloat");
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    MethodHandle widen =
        lookup.findStatic(
            Float.class, "float16ToFloat", MethodType.methodType(float.class, short.class));
    MethodHandle narrow =
        lookup.findStatic(
            Float.class, "floatToFloat16", MethodType.methodType(short.class, float.class));
    for (int pattern = 0; pattern < PATTERNS; pattern++) {
      float x = (float) widen.invokeExact((short) pattern);
      float own = HalfPrecision.fromF16((short) pattern);
      assertEquals(Float.floatToIntBits(x), Float.floatToIntBits(own));
    }
    for (long bits = 0; bits < 1L << 32; bits += 4099) {
      float x = Float.intBitsToFloat((int) bits);
      short expected = (short) narrow.invokeExact(x);
      if (!Float.isNaN(x)) {
        assertEquals(expected, HalfPrecision.toF16(x), () -> "float " + Float.toHexString(x));
      }
    }
  }
}
