package dev.samebits.metric;

import dev.samebits.kernel.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How two outputs A (reference) and B of the same case differ. V_c and V_ermv are those of
 * Shanmugavelu et al., "Impacts of floating-point non-associativity on reproducibility for HPC and
 * deep learning applications" (2024, arXiv:2408.05148).
 *
 * @param elements compared
 * @param changed elements whose raw bits differ
 * @param vc changed / elements; 0 without elements
 * @param vermv mean of |A - B| / |A| over the elements not left out, summed in f64 in index order;
 *     0 if all are left out
 * @param leftOut elements with A = 0, or a NaN or infinity in A or B
 * @param maxUlp largest ULP distance between two finite numbers; {@code Long.MAX_VALUE} for more
 * @param ulpHistogram count by class: {@code 0} (equal bits), {@code 1}, {@code 2-3}, {@code 4-7},
 *     ... and, where bits differ, {@code negzero} (-0 against +0), {@code inf} and {@code nan} (one
 *     of the two is; NaN goes first). Only classes that occur, in {@link #CLASS_ORDER}
 * @param firstBlock index of the first row block (of {@link Fingerprint#blocks}) that differs; -1
 *     if none does
 */
public record Divergence(
    long elements,
    long changed,
    double vc,
    double vermv,
    long leftOut,
    long maxUlp,
    SortedMap<String, Long> ulpHistogram,
    int firstBlock) {

  /** Histogram classes by growing distance, then {@code negzero}, {@code inf}, {@code nan}. */
  public static final Comparator<String> CLASS_ORDER =
      Comparator.<String>comparingDouble(Divergence::rank).thenComparing(Comparator.naturalOrder());

  /** Copies the histogram in {@link #CLASS_ORDER}. */
  public Divergence {
    SortedMap<String, Long> ordered = new TreeMap<>(CLASS_ORDER);
    ordered.putAll(ulpHistogram);
    ulpHistogram = Collections.unmodifiableSortedMap(ordered);
  }

  /**
   * Compares two outputs, position to limit; the positions stay.
   *
   * @param dtype of the elements: f32 or f64
   * @param a reference, little-endian raw bits
   * @param b the other output, of the same size
   * @param rowBytes bytes in a row of the output
   */
  public static Divergence between(DType dtype, ByteBuffer a, ByteBuffer b, int rowBytes) {
    if (!dtype.floating() || dtype.result() != dtype) {
      throw new IllegalArgumentException("no divergence between outputs of " + dtype.id());
    }
    requireSameSize(a.remaining(), b.remaining());
    return new Comparing(dtype, a, b).result(rowBytes);
  }

  static void requireSameSize(int a, int b) {
    if (a != b) {
      throw new IllegalArgumentException("outputs of " + a + " and " + b + " bytes");
    }
  }

  private static double rank(String name) {
    return switch (name) {
      case "negzero" -> 1e100;
      case "inf" -> 1e101;
      case "nan" -> 1e102;
      default -> name.matches("\\d{1,19}(-\\d+)?") ? Double.parseDouble(name.split("-")[0]) : -1;
    };
  }

  /** One pass over both outputs. */
  private static final class Comparing {
    private final DType dtype;
    private final ByteBuffer a;
    private final ByteBuffer b;
    private final int elements;
    private final TreeMap<String, Long> special = new TreeMap<>();
    private final long[] byBitLength = new long[Long.SIZE];
    private long changed;
    private long leftOut;
    private long maxUlp;
    private double relative;
    private int firstChanged = -1;

    Comparing(DType dtype, ByteBuffer a, ByteBuffer b) {
      this.dtype = dtype;
      this.a = a.slice().order(ByteOrder.LITTLE_ENDIAN);
      this.b = b.slice().order(ByteOrder.LITTLE_ENDIAN);
      this.elements = this.a.remaining() / dtype.bytes();
    }

    Divergence result(int rowBytes) {
      int blockBytes = Fingerprint.blockBytes(a.remaining(), rowBytes);
      for (int i = 0; i < elements; i++) {
        if (dtype == DType.F32) {
          f32(i);
        } else {
          f64(i);
        }
      }
      long counted = elements - leftOut;
      return new Divergence(
          elements,
          changed,
          elements == 0 ? 0 : (double) changed / elements,
          counted == 0 ? 0 : relative / counted,
          leftOut,
          maxUlp,
          histogram(),
          firstChanged < 0 ? -1 : (int) ((long) firstChanged * dtype.bytes() / blockBytes));
    }

    private void f32(int i) {
      int x = a.getInt(4 * i);
      int y = b.getInt(4 * i);
      float p = Float.intBitsToFloat(x);
      float q = Float.intBitsToFloat(y);
      if (x == y) {
        same(p);
      } else if (differ(i, p, q)) {
        ulp(Ulp.distance(p, q));
      }
    }

    private void f64(int i) {
      long x = a.getLong(8 * i);
      long y = b.getLong(8 * i);
      double p = Double.longBitsToDouble(x);
      double q = Double.longBitsToDouble(y);
      if (x == y) {
        same(p);
      } else if (differ(i, p, q)) {
        ulp(Ulp.distance(p, q));
      }
    }

    private void same(double value) {
      byBitLength[0]++;
      if (value == 0 || !Double.isFinite(value)) {
        leftOut++;
      }
    }

    /** Counts elements whose bits differ; whether there is a ULP distance between them. */
    private boolean differ(int i, double p, double q) {
      changed++;
      if (firstChanged < 0) {
        firstChanged = i;
      }
      boolean finite = Double.isFinite(p) && Double.isFinite(q);
      if (p == 0 || !finite) {
        leftOut++;
      } else {
        relative += Math.abs(p - q) / Math.abs(p);
      }
      if (finite && (p != 0 || q != 0)) {
        return true;
      }
      String name = finite ? "negzero" : Double.isNaN(p) || Double.isNaN(q) ? "nan" : "inf";
      special.merge(name, 1L, Long::sum);
      return false;
    }

    private void ulp(long distance) {
      maxUlp = Math.max(maxUlp, distance);
      byBitLength[Long.SIZE - Long.numberOfLeadingZeros(distance)]++;
    }

    private TreeMap<String, Long> histogram() {
      TreeMap<String, Long> all = new TreeMap<>(special);
      for (int bits = 0; bits < byBitLength.length; bits++) {
        if (byBitLength[bits] > 0) {
          all.put(className(bits), byBitLength[bits]);
        }
      }
      return all;
    }

    private static String className(int bits) {
      if (bits < 2) {
        return Integer.toString(bits);
      }
      long from = 1L << (bits - 1);
      return from + "-" + (from - 1 + from);
    }
  }
}
