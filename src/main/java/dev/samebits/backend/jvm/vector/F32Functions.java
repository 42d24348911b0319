package dev.samebits.backend.jvm.vector;

import dev.samebits.backend.jvm.Call;
import dev.samebits.backend.jvm.CanonicalMath;
import dev.samebits.backend.jvm.ConstantsF32;
import dev.samebits.backend.jvm.F32Array;
import dev.samebits.backend.jvm.vector.FastElementwise.Loop;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link CanonicalMath} a vector at a time: the same operations on every lane, with the cases of
 * the scalar source computed all and chosen by lane. Integers are read from and written to the bits
 * of floating-point numbers, since conversions are slow without AVX-512.
 *
 * <p>The last vector of a range ends with the range, so it may compute elements a second time; a
 * range shorter than a vector is computed by {@link CanonicalMath}. Hence input and output must not
 * be the same array.
 *
 * <p>Each loop has its arithmetic in its own body, and calls of this class come early in it: when a
 * method has grown to some sixty vector operations, the JIT compiler still inlines the Vector API,
 * but no other method, and a vector that is passed to a method that is not inlined lives on the
 * heap. Each is longer than the 325 bytecodes (FreqInlineSize) up to which C2 inlines a method that
 * is called often: compiled by itself exp takes 8 us for 10 000 elements, inlined in its callers,
 * with all its vector operations intrinsic, 200 (JDK 17).
 */
final class F32Functions {
  private static final VectorSpecies<Float> V = Width.F32;
  private static final int L = V.length();

  private F32Functions() {}

  /** A function of every element of x; at least one vector of them. */
  private interface Vectors {
    void apply(float[] x, int xAt, float[] y, int yAt, int n);
  }

  /** The same function of one number. */
  private interface Scalar {
    float of(float x);
  }

  static Loop exp(Call call) {
    return loop(call, F32Functions::exp, CanonicalMath::exp);
  }

  static Loop log(Call call) {
    return loop(call, F32Functions::log, CanonicalMath::log);
  }

  static Loop tanh(Call call) {
    return loop(call, F32Functions::tanh, CanonicalMath::tanh);
  }

  static Loop sigmoid(Call call) {
    return loop(call, F32Functions::sigmoid, CanonicalMath::sigmoid);
  }

  private static Loop loop(Call call, Vectors vectors, Scalar scalar) {
    float[] x = ((F32Array) call.in(0)).values();
    float[] y = ((F32Array) call.out(0)).values();
    return (from, to) -> {
      if (to - from >= L) {
        vectors.apply(x, from, y, from, to - from);
      } else {
        for (int i = from; i < to; i++) {
          y[i] = scalar.of(x[i]);
        }
      }
    };
  }

  /** y[yAt + i] = exp(x[xAt + i]) for i &lt; n, at least a vector of them. */
  static void exp(float[] xs, int xAt, float[] ys, int yAt, int n) {
    FloatVector unit = FloatVector.broadcast(V, 1f);
    for (int i = 0; i < n; i += L) {
      int at = Math.min(i, n - L);
      FloatVector x = FloatVector.fromArray(V, xs, xAt + at);
      FloatVector high =
          x.blend(
              ConstantsF32.EXP_HIGHEST, x.compare(VectorOperators.GT, ConstantsF32.EXP_HIGHEST));
      FloatVector z =
          high.blend(
              ConstantsF32.EXP_LOWEST, high.compare(VectorOperators.LT, ConstantsF32.EXP_LOWEST));
      FloatVector rounded = z.fma(ConstantsF32.LOG2_E, ConstantsF32.ROUNDER);
      FloatVector k = rounded.sub(ConstantsF32.ROUNDER);
      FloatVector hi = k.fma(FloatVector.broadcast(V, -ConstantsF32.LN2_HI), z);
      FloatVector r = hi.sub(k.mul(ConstantsF32.LN2_LO));
      FloatVector lost = hi.sub(r).sub(k.mul(ConstantsF32.LN2_LO));
      FloatVector series = FloatVector.broadcast(V, ConstantsF32.exp(0));
      for (int j = 1; j < ConstantsF32.EXP_TERMS; j++) {
        series = series.fma(r, FloatVector.broadcast(V, ConstantsF32.exp(j)));
      }
      FloatVector one = unit.add(r);
      FloatVector y = one.add(unit.sub(one).add(r).add(r.mul(r).fma(series, lost)));
      // k is split in two, as not every 2^k is a normal number.
      IntVector bits = rounded.reinterpretAsInts();
      IntVector half = bits.lanewise(VectorOperators.LSHR, 1);
      IntVector otherHalf = bits.sub(half);
      FloatVector scaled =
          y.mul(
                  half.lanewise(VectorOperators.LSHL, ConstantsF32.FRACTION)
                      .add(ConstantsF32.ONE)
                      .reinterpretAsFloats())
              .mul(
                  otherHalf
                      .lanewise(VectorOperators.LSHL, ConstantsF32.FRACTION)
                      .add(ConstantsF32.ONE)
                      .reinterpretAsFloats());
      scaled.blend(Float.NaN, x.compare(VectorOperators.NE, x)).intoArray(ys, yAt + at);
    }
  }

  private static void tanh(float[] xs, int xAt, float[] ys, int yAt, int n) {
    FloatVector unit = FloatVector.broadcast(V, 1f);
    for (int i = 0; i < n; i += L) {
      int at = Math.min(i, n - L);
      FloatVector x = FloatVector.fromArray(V, xs, xAt + at);
      FloatVector z = atLeast(x.abs().mul(-2f), ConstantsF32.TANH_LOWEST);
      FloatVector rounded = z.fma(ConstantsF32.LOG2_E, ConstantsF32.ROUNDER);
      FloatVector k = rounded.sub(ConstantsF32.ROUNDER);
      FloatVector r = reduced(z, k);
      FloatVector one = unit.add(r);
      FloatVector rest = unit.sub(one).add(r).add(tail(z, k, r));
      FloatVector scale = powerOfTwo(rounded.reinterpretAsInts());
      FloatVector y = one.add(rest);
      FloatVector e = y.mul(scale);
      FloatVector eLow = one.sub(y).add(rest).mul(scale);
      FloatVector above = unit.add(e);
      FloatVector aboveLow = unit.sub(above).add(e).add(eLow);
      FloatVector below = unit.sub(e);
      FloatVector belowLow = unit.sub(below).sub(e).sub(eLow);
      FloatVector part = below.add(belowLow);
      FloatVector partLow = below.sub(part).add(belowLow);
      FloatVector inverse = unit.div(above);
      FloatVector q = part.mul(inverse);
      FloatVector error = q.neg().fma(above, part).add(q.neg().fma(aboveLow, partLow));
      IntVector sign = x.reinterpretAsInts().and(ConstantsF32.SIGN);
      FloatVector y1 = error.fma(inverse, q).reinterpretAsInts().or(sign).reinterpretAsFloats();
      y1.blend(Float.NaN, x.compare(VectorOperators.NE, x)).intoArray(ys, yAt + at);
    }
  }

  private static void sigmoid(float[] xs, int xAt, float[] ys, int yAt, int n) {
    FloatVector unit = FloatVector.broadcast(V, 1f);
    for (int i = 0; i < n; i += L) {
      int at = Math.min(i, n - L);
      FloatVector x = FloatVector.fromArray(V, xs, xAt + at);
      VectorMask<Float> negative = x.compare(VectorOperators.LT, 0f);
      FloatVector z = atLeast(x.abs().neg(), ConstantsF32.EXP_LOWEST);
      FloatVector rounded = z.fma(ConstantsF32.LOG2_E, ConstantsF32.ROUNDER);
      FloatVector k = rounded.sub(ConstantsF32.ROUNDER);
      FloatVector r = reduced(z, k);
      FloatVector power = FloatVector.broadcast(V, ConstantsF32.ROUNDER).blend(rounded, negative);
      IntVector half = power.reinterpretAsInts().lanewise(VectorOperators.LSHR, 1);
      FloatVector first = powerOfTwo(half);
      FloatVector second = powerOfTwo(power.reinterpretAsInts().sub(half));
      FloatVector one = unit.add(r);
      FloatVector rest = unit.sub(one).add(r).add(tail(z, k, r));
      FloatVector scale =
          powerOfTwo(atLeast(rounded, ConstantsF32.LOWEST_ROUNDED).reinterpretAsInts());
      FloatVector y = one.add(rest);
      FloatVector yLow = one.sub(y).add(rest);
      FloatVector e = y.mul(scale);
      FloatVector above = unit.add(e);
      FloatVector aboveLow = unit.sub(above).add(e).add(yLow.mul(scale));
      FloatVector part = unit.blend(y, negative);
      FloatVector partLow = FloatVector.zero(V).blend(yLow, negative);
      FloatVector inverse = unit.div(above);
      FloatVector q = part.mul(inverse);
      FloatVector error = q.neg().fma(above, part).add(q.neg().fma(aboveLow, partLow));
      FloatVector scaled = error.fma(inverse, q).mul(first).mul(second);
      scaled.blend(Float.NaN, x.compare(VectorOperators.NE, x)).intoArray(ys, yAt + at);
    }
  }

  private static void log(float[] xs, int xAt, float[] ys, int yAt, int n) {
    for (int i = 0; i < n; i += L) {
      int at = Math.min(i, n - L);
      FloatVector x = FloatVector.fromArray(V, xs, xAt + at);
      VectorMask<Float> subnormal = x.compare(VectorOperators.LT, Float.MIN_NORMAL);
      FloatVector normal = x.blend(x.mul(ConstantsF32.SUBNORMAL_SCALE), subnormal);
      // The fraction decides whether the stored exponent is e or one more, as the scalar if does.
      IntVector bits = normal.reinterpretAsInts().add(ConstantsF32.ONE - ConstantsF32.HALF_SQRT_2);
      IntVector stored = bits.lanewise(VectorOperators.LSHR, ConstantsF32.FRACTION);
      FloatVector e0 =
          FloatVector.broadcast(V, ConstantsF32.EXPONENT_0)
              .blend(ConstantsF32.EXPONENT_0 + ConstantsF32.SUBNORMAL_SHIFT, subnormal);
      FloatVector e = stored.or(ConstantsF32.INTEGER).reinterpretAsFloats().sub(e0);
      IntVector m = bits.and(ConstantsF32.FRACTION_MASK).add(ConstantsF32.HALF_SQRT_2);
      FloatVector f = m.reinterpretAsFloats().sub(1f);
      FloatVector s = f.div(f.add(2f));
      FloatVector series = series(s.mul(s));
      FloatVector square = f.mul(0.5f).mul(f);
      FloatVector tail = s.fma(series.fma(s.mul(s), square), e.mul(ConstantsF32.LN2_LO));
      FloatVector ln2 = FloatVector.broadcast(V, ConstantsF32.LN2_HI);
      FloatVector hi = e.fma(ln2, f);
      FloatVector lo = e.fma(ln2, hi.neg()).add(f);
      hi.add(lo.sub(square.sub(tail)))
          .blend(Float.POSITIVE_INFINITY, x.compare(VectorOperators.EQ, Float.POSITIVE_INFINITY))
          .blend(Float.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0f))
          .blend(Float.NaN, x.compare(VectorOperators.LT, 0f))
          .blend(Float.NaN, x.compare(VectorOperators.NE, x))
          .intoArray(ys, yAt + at);
    }
  }

  private static FloatVector atLeast(FloatVector x, float lowest) {
    return x.blend(lowest, x.compare(VectorOperators.LT, lowest));
  }

  private static FloatVector reduced(FloatVector x, FloatVector k) {
    FloatVector hi = k.fma(FloatVector.broadcast(V, -ConstantsF32.LN2_HI), x);
    return hi.sub(k.mul(ConstantsF32.LN2_LO));
  }

  private static FloatVector tail(FloatVector x, FloatVector k, FloatVector r) {
    FloatVector hi = k.fma(FloatVector.broadcast(V, -ConstantsF32.LN2_HI), x);
    FloatVector lost = hi.sub(r).sub(k.mul(ConstantsF32.LN2_LO));
    FloatVector q = FloatVector.broadcast(V, ConstantsF32.exp(0));
    for (int i = 1; i < ConstantsF32.EXP_TERMS; i++) {
      q = q.fma(r, FloatVector.broadcast(V, ConstantsF32.exp(i)));
    }
    return r.mul(r).fma(q, lost);
  }

  private static FloatVector series(FloatVector z) {
    FloatVector series = FloatVector.broadcast(V, ConstantsF32.log(0));
    for (int i = 1; i < ConstantsF32.LOG_TERMS; i++) {
      series = series.fma(z, FloatVector.broadcast(V, ConstantsF32.log(i)));
    }
    return series;
  }

  /** 2 to the power k, which stands in the low bits. */
  private static FloatVector powerOfTwo(IntVector k) {
    return k.lanewise(VectorOperators.LSHL, ConstantsF32.FRACTION)
        .add(ConstantsF32.ONE)
        .reinterpretAsFloats();
  }
}
