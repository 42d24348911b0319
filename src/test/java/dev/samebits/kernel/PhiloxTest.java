package dev.samebits.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PhiloxTest {
  /** The known answers published with Random123, file kat_vectors, philox4x32 10 rounds. */
  @Test
  void knownAnswers() {
    assertRounds(
        new int[] {0, 0, 0, 0},
        new int[] {0, 0},
        new int[] {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
    assertRounds(
        new int[] {-1, -1, -1, -1},
        new int[] {-1, -1},
        new int[] {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
    assertRounds(
        new int[] {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
        new int[] {0xa4093822, 0x299f31d0},
        new int[] {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
  }

  private static void assertRounds(int[] counter, int[] key, int[] expected) {
    Philox.rounds(counter, key[0], key[1]);
    assertArrayEquals(expected, counter);
  }

  @Test
  void anElementDependsOnSeedStreamAndIndexAlone() {
    Philox forward = new Philox(0x1234_5678_9abc_def0L, 3);
    Philox backward = new Philox(0x1234_5678_9abc_def0L, 3);
    double[] a = IntStream.range(0, 50).mapToDouble(forward::normal).toArray();
    double[] b = new double[50];
    for (int i = 49; i >= 0; i--) {
      b[i] = backward.normal(i);
    }
    assertArrayEquals(a, b);
  }

  @Test
  void wordsAreTheBlockAtTheCounter() {
    long seed = 0x0123_4567_89ab_cdefL;
    long index = 5_000_000_000L;
    int[] block = {(int) index, (int) (index >>> 32), 7, 0};
    Philox.rounds(block, 0x89ab_cdef, 0x0123_4567);
    Philox random = new Philox(seed, 7);
    for (int w = 0; w < 4; w++) {
      assertEquals(block[w], random.word(index, w));
    }
    assertEquals((block[0] >>> 8) / 16777216f, random.uniformFloat(index));
    assertEquals(
        (int) (Integer.toUnsignedLong(block[0]) * 1000 >> 32), random.bounded(index, 1000));
  }

  @Test
  void uniformsLieInTheHalfOpenInterval() {
    Philox random = new Philox(9, 0);
    double sum = 0;
    for (int i = 0; i < 10_000; i++) {
      double u = random.uniformDouble(i);
      assertTrue(u >= 0 && u < 1 && u == Math.rint(u * 0x1p53) * 0x1p-53, "u " + u);
      sum += u;
    }
    // The mean's standard deviation is 0.0029; five of them.
    assertTrue(Math.abs(sum / 10_000 - 0.5) < 0.0145, "mean " + sum / 10_000);
  }

  @Test
  void boundedNeedsAPositiveBound() {
    assertThrows(IllegalArgumentException.class, () -> new Philox(1, 0).bounded(0, 0));
  }

  @Test
  void shuffleIsAPermutation() {
    int[] values = IntStream.range(0, 1000).toArray();
    new Philox(4, 2).shuffle(values);
    assertTrue(IntStream.range(0, 1000).anyMatch(i -> values[i] != i));
    assertArrayEquals(IntStream.range(0, 1000).toArray(), IntStream.of(values).sorted().toArray());
  }
}
