package dev.samebits.backend.jvm.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.samebits.backend.jvm.RealArray;
import dev.samebits.backend.jvm.Teams;
import dev.samebits.kernel.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every path of {@link FastMatmul} against the definition of the canonical order, computed one
 * output at a time: bit for bit, whatever the sizes, transposes, distances, offsets, blocks,
 * threads and special values.
 */
class FastMatmulTest {
  private static final int[] SIZES = {1, 2, 3, 4, 5, 7, 8, 9, 10, 13, 16, 17, 31, 32, 33, 65};
  private static final int[] TERMS = {0, 1, 2, 7, 8, 9, 31, 65};

  /** What an operand's elements may be, beside ordinary numbers. */
  private enum Values {
    NORMAL,
    SPECIAL,
    TINY
  }

  /** A case: sizes, layout and scalars; operands are made from its seed. */
  private record Case(
      DType dtype,
      int batch,
      int m,
      int n,
      int k,
      boolean ta,
      boolean tb,
      int gap,
      double alpha,
      double beta,
      Values values,
      long seed) {

    FastMatmul make() {
      Random random = new Random(seed);
      Matrix a = matrix(random, ta ? k : m, ta ? m : k);
      Matrix b = matrix(random, tb ? n : k, tb ? k : n);
      Matrix c = matrix(random, m, n);
      return new FastMatmul(
          batch, m, n, k, ta ? a.transposed() : a, tb ? b.transposed() : b, c, alpha, beta);
    }

    private Matrix matrix(Random random, int rows, int columns) {
      int ld = columns + gap;
      int step = rows * ld + gap;
      RealArray array = RealArray.of(dtype, gap + batch * step);
      for (int i = 0; i < array.length(); i++) {
        array.set(i, value(random));
      }
      return new Matrix(array, gap, ld, 1, step);
    }

    private double value(Random random) {
      double x = random.nextGaussian();
      return switch (values) {
        case NORMAL -> x;
        case SPECIAL ->
            switch (random.nextInt(40)) {
              case 0 -> Double.NaN;
              case 1 -> Double.POSITIVE_INFINITY;
              case 2 -> Double.NEGATIVE_INFINITY;
              case 3, 4, 5 -> -0.0;
              default -> x;
            };
        // A product of two of these underflows, half of them to -0.
        case TINY -> x * (dtype == DType.F32 ? 0x1p-80 : 0x1p-600);
      };
    }
  }

  private static double fma(DType dtype, double a, double b, double c) {
    return dtype == DType.F32 ? Math.fma((float) a, (float) b, (float) c) : Math.fma(a, b, c);
  }

  private static double expected(FastMatmul f, RealArray oldC, int part, int i, int j) {
    DType dtype = oldC.dtype();
    double total = 0;
    for (int first = 0; first < f.k(); first += 2048) {
      double acc = 0;
      for (int q = first; q < Math.min(f.k(), first + 2048); q++) {
        double a = f.a().values().get(f.a().index(part, i, q));
        acc = fma(dtype, a, f.b().values().get(f.b().index(part, q, j)), acc);
      }
      total = first == 0 ? acc : oldC.add(total, acc);
    }
    double t = f.alpha() == 1 ? total : oldC.multiply(f.alpha(), total);
    return f.beta() == 0 ? t : fma(dtype, f.beta(), oldC.get(f.c().index(part, i, j)), t);
  }

  /** All of C's array as it has to be afterwards: what lies between the rows is not touched. */
  private static RealArray expected(FastMatmul f) {
    RealArray old = f.c().values();
    RealArray all = old.like(old.length());
    all.copyRow(0, old, 0, old.length());
    for (int part = 0; part < f.batch(); part++) {
      for (int i = 0; i < f.m(); i++) {
        for (int j = 0; j < f.n(); j++) {
          int at = f.c().index(part, i, j);
          all.set(at, expected(f, old, part, i, j));
          all.canonicalizeNaN(at, 1);
        }
      }
    }
    return all;
  }

  private static void assertSame(RealArray expected, RealArray got, String what) {
    for (int i = 0; i < expected.length(); i++) {
      assertEquals(bits(expected, i), bits(got, i), what + ", element " + i);
    }
  }

  private static long bits(RealArray x, int i) {
    return x.dtype() == DType.F32
        ? Float.floatToRawIntBits((float) x.get(i))
        : Double.doubleToRawLongBits(x.get(i));
  }

  /** The path that plan chooses and the packed one, whose blocks are cut small. */
  private static void check(Case c, int threads, Blocking blocking) {
    FastMatmul planned = c.make();
    RealArray expected = expected(planned);
    planned.plan(Teams.of(threads)).run();
    assertSame(expected, planned.c().values(), c + " planned, threads " + threads);
    FastMatmul packed = c.make();
    packed.packed(Teams.of(threads), blocking).run();
    assertSame(expected, packed.c().values(), c + " " + blocking + ", threads " + threads);
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void anySizesLayoutsAndScalars(DType dtype) {
    Random random = new Random(2026);
    int[] threads = {1, 2, 3, 8};
    for (int i = 0; i < 600; i++) {
      boolean plain = random.nextInt(3) > 0;
      Case c =
          new Case(
              dtype,
              random.nextInt(4) == 0 ? 1 + random.nextInt(3) : 1,
              SIZES[random.nextInt(SIZES.length)],
              SIZES[random.nextInt(SIZES.length)],
              TERMS[random.nextInt(TERMS.length)],
              random.nextInt(3) == 0,
              random.nextInt(3) == 0,
              random.nextInt(2) * random.nextInt(20),
              plain ? 1 : random.nextInt(2) == 0 ? 1 : -0.75,
              plain ? 0 : random.nextInt(2) == 0 ? 0 : 1.5,
              Values.values()[random.nextInt(3)],
              i);
      Blocking blocking =
          new Blocking(
              1 + random.nextInt(40), 1 + random.nextInt(70), 1 + random.nextInt(Tiles.ROW_STEP));
      check(c, threads[i % threads.length], blocking);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void panelsAreAddedAndBlocksCarried(DType dtype) {
    for (int k : new int[] {511, 513, 2047, 2048, 2049, 4096, 4099, 6200}) {
      for (int[] mn : new int[][] {{1, 37}, {3, 9}, {9, 1}, {17, 35}}) {
        Case c =
            new Case(
                dtype, 1, mn[0], mn[1], k, false, false, k % 2, 1, 0, Values.NORMAL, k + mn[1]);
        check(c, 2, new Blocking(8, 64, 100));
        check(c, 1, Blocking.DEFAULT);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void largeEnoughForThreadsToShare(DType dtype) {
    for (int[] mnk : new int[][] {{130, 129, 70}, {2, 1100, 130}, {1100, 1, 200}, {70, 10, 300}}) {
      for (int threads : new int[] {1, 2, 3, 8}) {
        Case c =
            new Case(
                dtype, 2, mnk[0], mnk[1], mnk[2], false, false, 0, 1, 0, Values.SPECIAL, threads);
        check(c, threads, Blocking.DEFAULT);
      }
    }
  }

  /** High products of 2^25 multiplications or more: carried sums, two panels, a batch. */
  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void largeEnoughForThreadsToShareABlock(DType dtype) {
    for (int[] bmnk : new int[][] {{1, 245, 130, 1100}, {1, 101, 77, 4400}, {2, 330, 163, 320}}) {
      Case c =
          new Case(
              dtype,
              bmnk[0],
              bmnk[1],
              bmnk[2],
              bmnk[3],
              false,
              false,
              1,
              0.5,
              1.5,
              Values.NORMAL,
              bmnk[1]);
      check(c, 2, Blocking.DEFAULT);
      check(c, 3, new Blocking(56, 96, 100));
    }
  }

  /** A row of C alone has the bits that it has among others. */
  @Test
  void rowAloneAndInABatch() {
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      for (int n : new int[] {1, 10, 40, 300}) {
        Case all = new Case(dtype, 1, 64, n, 2100, false, false, 0, 1, 0, Values.NORMAL, n);
        FastMatmul whole = all.make();
        whole.plan(Teams.of(2)).run();
        for (int rows : new int[] {1, 7}) {
          List<String> bits = new ArrayList<>();
          FastMatmul some = all.make();
          Matrix a = some.a();
          int first = 64 - rows - 3;
          Matrix from = new Matrix(a.values(), a.index(0, first, 0), a.rowStep(), 1, a.partStep());
          new FastMatmul(1, rows, n, 2100, from, some.b(), some.c(), 1, 0).plan(Teams.of(2)).run();
          for (int i = 0; i < rows * n; i++) {
            if (bits(some.c().values(), i) != bits(whole.c().values(), first * n + i)) {
              bits.add("element " + i);
            }
          }
          assertEquals(List.of(), bits, dtype + " n=" + n + " rows=" + rows);
        }
      }
    }
  }
}
