package dev.samebits.backend.jvm.vector;

import dev.samebits.backend.jvm.F32Array;
import dev.samebits.backend.jvm.RealArray;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link SmallProduct} of f32. The last rows and columns are computed twice rather than alone. */
final class F32SmallProduct implements SmallProduct {
  private static final VectorSpecies<Float> V = Width.F32;
  private static final int LANES = V.length();

  /** Rows of a block of one vector of columns. */
  private static final int ROWS = 8;

  /** Where in the scratch memory the end of B is kept, behind a block's rows and a vector. */
  private static final int TAIL = (ROWS + 1) * LANES;

  private final int m;
  private final int n;
  private final int terms;
  private final float[] a;
  private final float[] b;
  private final float[] c;
  private final int rowStep;
  private final int ldb;
  private final int ldc;
  private final float[] scratch = new float[TAIL + 2 * LANES];

  F32SmallProduct(int m, int n, int terms, Matrix a, Matrix b, Matrix c) {
    this.m = m;
    this.n = n;
    this.terms = terms;
    this.a = of(a.values());
    this.b = of(b.values());
    this.c = of(c.values());
    rowStep = a.rowStep();
    ldb = b.rowStep();
    ldc = c.rowStep();
  }

  private static float[] of(RealArray array) {
    return ((F32Array) array).values();
  }

  @Override
  public void multiply(int aAt, int bAt, int cAt) {
    boolean maybeNaN;
    if (n <= LANES) {
      maybeNaN = oneVector(aAt, bAt, cAt);
    } else if (m == 1 && n >= 4 * LANES) {
      maybeNaN = oneRow(aAt, bAt, cAt);
    } else {
      maybeNaN = fourRows(aAt, bAt, cAt);
    }
    if (maybeNaN) {
      replaceNaN(cAt);
    }
  }

  private void replaceNaN(int at) {
    for (int i = 0; i < m; i++) {
      for (int j = at + i * ldc; j < at + i * ldc + n; j++) {
        c[j] = c[j] == c[j] ? c[j] : Float.NaN;
      }
    }
  }

  /**
   * Columns that fit a vector. Where they do not fill it, the blocks that would write beyond C go
   * to the scratch memory first, and so do the rows of B behind which there is no whole vector.
   */
  private boolean oneVector(int aAt, int bAt, int cAt) {
    int last = b.length - LANES;
    int whole = n == LANES ? terms : last < bAt ? 0 : Math.min(terms, (last - bAt) / ldb + 1);
    if (whole < terms) {
      keepTail(bAt + whole * ldb);
    }
    boolean maybeNaN = false;
    int height = Math.min(m, ROWS);
    boolean inTurn = n == LANES || ldc == n && 2 * n >= LANES && height == ROWS;
    for (int i = 0; i < m; i += height) {
      int row = Math.min(i, m - height);
      int to = cAt + row * ldc;
      boolean apart = n < LANES && row + height == m;
      float[] rows = inTurn ? c : scratch;
      int at = inTurn ? to : 0;
      int step = inTurn ? ldc : n;
      int lastAt = apart ? 0 : at + (height - 1) * step;
      maybeNaN |=
          F32InPlace.direct8x1(
              terms,
              whole,
              a,
              aAt + row * rowStep,
              rowStep,
              b,
              bAt,
              ldb,
              scratch,
              TAIL,
              rows,
              at,
              step,
              inTurn && apart ? scratch : rows,
              inTurn ? lastAt : (height - 1) * n,
              height);
      if (!inTurn) {
        copyRows(height, to);
      } else if (apart) {
        System.arraycopy(scratch, 0, c, to + (height - 1) * ldc, n);
      }
    }
    return maybeNaN;
  }

  /** Copies what stands in B from element {@code from} on, less than a vector. */
  private void keepTail(int from) {
    int count = b.length - from;
    if (b.length >= LANES) {
      FloatVector end = FloatVector.fromArray(V, b, b.length - LANES);
      end.intoArray(scratch, TAIL + count - LANES);
    } else {
      System.arraycopy(b, from, scratch, TAIL, count);
    }
  }

  private void copyRows(int rows, int to) {
    if (ldc == n) {
      System.arraycopy(scratch, 0, c, to, rows * n);
      return;
    }
    for (int i = 0; i < rows; i++) {
      System.arraycopy(scratch, i * n, c, to + i * ldc, n);
    }
  }

  private boolean oneRow(int aAt, int bAt, int cAt) {
    boolean maybeNaN = false;
    for (int j = 0; j < n; ) {
      if (Width.REGISTERS >= 32 && n - j > 8 * LANES && n >= 16 * LANES) {
        int at = Math.min(j, n - 16 * LANES);
        maybeNaN |= F32OneRow.direct1x16(terms, a, aAt, b, bAt + at, ldb, c, cAt + at);
        j = at + 16 * LANES;
      } else if (n - j > 4 * LANES && n >= 8 * LANES) {
        int at = Math.min(j, n - 8 * LANES);
        maybeNaN |= F32OneRow.direct1x8(terms, a, aAt, b, bAt + at, ldb, c, cAt + at);
        j = at + 8 * LANES;
      } else {
        int at = Math.min(j, n - 4 * LANES);
        maybeNaN |= F32OneRow.direct1x4(terms, a, aAt, b, bAt + at, ldb, c, cAt + at);
        j = at + 4 * LANES;
      }
    }
    return maybeNaN;
  }

  private boolean fourRows(int aAt, int bAt, int cAt) {
    boolean maybeNaN = false;
    boolean eight = Width.REGISTERS >= 32 && m >= ROWS && n == 2 * LANES;
    if (eight) {
      for (int i = 0; i < m; i += ROWS) {
        int row = Math.min(i, m - ROWS);
        maybeNaN |=
            F32InPlace.direct8x2(
                terms, a, aAt + row * rowStep, rowStep, b, bAt, ldb, c, cAt + row * ldc, ldc);
      }
      return maybeNaN;
    }
    int height = Math.min(m, 4);
    for (int i = 0; i < m; i += height) {
      int row = Math.min(i, m - height);
      maybeNaN |= columns(aAt + row * rowStep, bAt, cAt + row * ldc, height);
    }
    return maybeNaN;
  }

  private boolean columns(int aAt, int bAt, int cAt, int rows) {
    boolean maybeNaN = false;
    for (int j = 0; j < n; ) {
      if (Width.REGISTERS >= 32 && n - j > 2 * LANES && n >= 4 * LANES) {
        int at = Math.min(j, n - 4 * LANES);
        maybeNaN |=
            F32InPlace.direct4x4(terms, a, aAt, rowStep, b, bAt + at, ldb, c, cAt + at, ldc, rows);
        j = at + 4 * LANES;
      } else {
        int at = Math.max(0, Math.min(j, n - 2 * LANES));
        int second = Math.min(LANES, n - LANES);
        maybeNaN |=
            F32InPlace.direct4x2(
                terms, a, aAt, rowStep, b, bAt + at, ldb, second, c, cAt + at, ldc, rows);
        j = at + 2 * LANES;
      }
    }
    return maybeNaN;
  }
}
