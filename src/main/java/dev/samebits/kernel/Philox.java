package dev.samebits.kernel;

/**
 * Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random
 * numbers: as easy as 1, 2, 3", SC 2011 (doi:10.1145/2063384.2063405). Element i of stream s is a
 * function of (seed, s, i) alone, so a GPU and a CPU draw the same numbers in any order.
 *
 * <p>Key = the seed's low and high word; counter = (index low, index high, stream, 0).
 */
public final class Philox {
  private static final int M0 = 0xD2511F53;
  private static final int M1 = 0xCD9E8D57;
  private static final int W0 = 0x9E3779B9;
  private static final int W1 = 0xBB67AE85;

  private final long seed;
  private final int stream;
  private final int[] block = new int[4];

  /** The generator of one stream of a seed. */
  public Philox(long seed, int stream) {
    this.seed = seed;
    this.stream = stream;
  }

  /** Ten rounds over a counter of four words with a key of two; the result replaces the counter. */
  public static void rounds(int[] counter, int key0, int key1) {
    int c0 = counter[0];
    int c1 = counter[1];
    int c2 = counter[2];
    int c3 = counter[3];
    int k0 = key0;
    int k1 = key1;
    for (int round = 0; round < 10; round++) {
      long p0 = (M0 & 0xFFFFFFFFL) * (c0 & 0xFFFFFFFFL);
      long p1 = (M1 & 0xFFFFFFFFL) * (c2 & 0xFFFFFFFFL);
      c0 = (int) (p1 >>> 32) ^ c1 ^ k0;
      c2 = (int) (p0 >>> 32) ^ c3 ^ k1;
      c1 = (int) p1;
      c3 = (int) p0;
      k0 += W0;
      k1 += W1;
    }
    counter[0] = c0;
    counter[1] = c1;
    counter[2] = c2;
    counter[3] = c3;
  }

  private int[] at(long index) {
    block[0] = (int) index;
    block[1] = (int) (index >>> 32);
    block[2] = stream;
    block[3] = 0;
    rounds(block, (int) seed, (int) (seed >>> 32));
    return block;
  }

  /** Uniform in [0, 1) on a grid of 2^-24: {@code (word0 >>> 8) 2^-24}. */
  public float uniformFloat(long index) {
    return (at(index)[0] >>> 8) * 0x1p-24f;
  }

  /** Uniform in [0, 1) on a grid of 2^-53, from words 0 (high) and 1. */
  public double uniformDouble(long index) {
    int[] b = at(index);
    return unit(b[0], b[1]);
  }

  /**
   * Standard normal by Box-Muller from two uniforms of 53 bits, evaluated in {@code StrictMath}:
   * {@code sqrt(-2 log(1 - u1)) cos(2 pi u2)}.
   */
  public double normal(long index) {
    int[] b = at(index);
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - unit(b[0], b[1])));
    return radius * StrictMath.cos(2 * Math.PI * unit(b[2], b[3]));
  }

  /** Uniform in 0 to n - 1: the high half of {@code word0 * n}. */
  public int bounded(long index, int n) {
    if (n < 1) {
      throw new IllegalArgumentException("bound " + n + " is not positive");
    }
    return (int) ((at(index)[0] & 0xFFFFFFFFL) * n >>> 32);
  }

  /** Word {@code word} (0 to 3) of the block at an index. */
  public int word(long index, int word) {
    return at(index)[word];
  }

  /** Fisher-Yates from the end; step i draws its position from index i. */
  public void shuffle(int[] values) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = bounded(i, i + 1);
      int t = values[i];
      values[i] = values[j];
      values[j] = t;
    }
  }

  private static double unit(int high, int low) {
    return (((long) high << 32 | low & 0xFFFFFFFFL) >>> 11) * 0x1p-53;
  }
}
