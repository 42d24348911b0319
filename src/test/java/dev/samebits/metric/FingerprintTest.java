package dev.samebits.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FingerprintTest {
  private static byte[] random(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static String digest(byte[] bytes) {
    return Fingerprint.digest(ByteBuffer.wrap(bytes));
  }

  private static void flip(byte[] bytes, int bit) {
    bytes[bit / 8] ^= (byte) (1 << bit % 8);
  }

  /** The algorithm's name promises these values for ever. */
  @Test
  void goldenValues() {
    Map<Integer, String> golden = new HashMap<>();
    golden.put(0, "sb128:768fc2fedc56c13623ef91ae8850a9ac");
    golden.put(1, "sb128:c39a27b1a8f60780d2e83d46d6d9b9ac");
    golden.put(64, "sb128:402dfb3ea45461a429b8a2c283b59fcc");
    golden.put(1021, "sb128:3261dd63467ed61045225119875ea678");
    golden.put(16384, "sb128:150e483f3aba6ad915042f14d0a386d6");
    golden.put(50000, "sb128:6b2d0c7502061c070da0d9876a86f4a0");
    golden.forEach(
        (length, value) -> {
          byte[] bytes = new byte[length];
          for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + (i >> 8));
          }
          assertEquals(value, digest(bytes), "length " + length);
        });
    byte[] last = new byte[300];
    last[299] = 1;
    assertEquals(
        "[c8dc0b26c07356cc, c8dc0b26c07356cc, 119d516b0f5f3dfc]",
        Fingerprint.of(ByteBuffer.wrap(last), 100).blocks().toString());
  }

  @Test
  void everySingleBitFlipIsSeenInValueAndOwnBlock() {
    byte[] bytes = random(1000, 1);
    Fingerprint before = Fingerprint.of(ByteBuffer.wrap(bytes), 40);
    Set<String> seen = new HashSet<>(Set.of(before.value()));
    for (int bit = 0; bit < 8 * bytes.length; bit++) {
      flip(bytes, bit);
      Fingerprint after = Fingerprint.of(ByteBuffer.wrap(bytes), 40);
      assertTrue(seen.add(after.value()), "bit " + bit);
      for (int b = 0; b < before.blocks().size(); b++) {
        boolean own = b == bit / 8 / 40;
        assertEquals(own, !before.blocks().get(b).equals(after.blocks().get(b)), "bit " + bit);
      }
      flip(bytes, bit);
    }
  }

  @Test
  void randomBitFlipsInOneMebibyte() {
    byte[] bytes = random(1 << 20, 2);
    Random random = new Random(3);
    Set<String> seen = new HashSet<>(Set.of(digest(bytes)));
    for (int i = 0; i < 500; i++) {
      flip(bytes, random.nextInt(8 * bytes.length));
      assertTrue(seen.add(digest(bytes)), "after flip " + i);
    }
  }

  @Test
  void swappedRows() {
    int row = 48;
    byte[] bytes = random(64 * row, 4);
    Set<String> seen = new HashSet<>(Set.of(digest(bytes)));
    for (int i = 0; i < 64; i++) {
      for (int j = 0; j < i; j++) {
        byte[] swapped = bytes.clone();
        System.arraycopy(bytes, i * row, swapped, j * row, row);
        System.arraycopy(bytes, j * row, swapped, i * row, row);
        assertTrue(seen.add(digest(swapped)), "rows " + i + " and " + j);
      }
    }
  }

  /** Flips of one bit position in two elements, at every distance up to 4 096 elements. */
  @Test
  void equalFlipsInPairsDoNotCancel() {
    for (int elementBytes : new int[] {4, 8}) {
      byte[] bytes = random(8192 * elementBytes, 5);
      Set<String> seen = new HashSet<>(Set.of(digest(bytes)));
      int sign = 8 * elementBytes - 1;
      for (int bit : new int[] {0, sign}) {
        for (int distance = 1; distance <= 4096; distance++) {
          byte[] pair = bytes.clone();
          int first = distance * 7 % 4096;
          flip(pair, first * 8 * elementBytes + bit);
          flip(pair, (first + distance) * 8 * elementBytes + bit);
          assertTrue(seen.add(digest(pair)), "bit " + bit + " at distance " + distance);
        }
      }
    }
  }

  /** Every pattern of sign flips and last-bit flips over five f32 words around a lane's path. */
  @Test
  void smallPatternsOfSignsAndLastBits() {
    byte[] bytes = random(256, 6);
    // a lane reads bytes 0-15 and 64-79: the elements that could undo each other at once
    int[] elements = {0, 1, 2, 3, 16, 17, 18, 19};
    Set<String> seen = new HashSet<>();
    for (int pattern = 0; pattern < 1 << 16; pattern++) {
      byte[] changed = bytes.clone();
      for (int e = 0; e < elements.length; e++) {
        if ((pattern >> 2 * e & 1) != 0) {
          flip(changed, 32 * elements[e]);
        }
        if ((pattern >> 2 * e & 2) != 0) {
          flip(changed, 32 * elements[e] + 31);
        }
      }
      assertTrue(seen.add(digest(changed)), "pattern " + pattern);
    }
  }

  @Test
  void allSignsFlippedAndAllOneUlpUp() {
    ByteBuffer bytes = ByteBuffer.wrap(random(1 << 16, 7)).order(ByteOrder.LITTLE_ENDIAN);
    Set<String> seen = new HashSet<>(Set.of(Fingerprint.digest(bytes)));
    for (int stride = 1; stride <= 4096; stride *= 2) {
      for (int add : new int[] {1, -1, 1 << 31}) {
        byte[] copy = bytes.array().clone();
        ByteBuffer changed = ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < copy.length / 4; i += stride) {
          changed.putInt(4 * i, changed.getInt(4 * i) + add);
        }
        assertTrue(seen.add(digest(copy)), "stride " + stride + " add " + add);
      }
    }
  }

  @Test
  void appendedZerosAndEmpty() {
    Set<String> seen = new HashSet<>();
    for (int length = 0; length < 20_000; length += length < 300 ? 1 : 997) {
      assertTrue(seen.add(digest(new byte[length])), "length " + length);
    }
    assertEquals(0, Fingerprint.of(ByteBuffer.allocate(0), 4).blocks().size());
  }

  /** The mean over all input bits; each output bit must turn with a probability near one half. */
  @Test
  void avalanche() {
    byte[] bytes = random(256, 8);
    BigInteger before = bits(digest(bytes));
    int inputs = 8 * bytes.length;
    int[] turned = new int[128];
    for (int bit = 0; bit < inputs; bit++) {
      flip(bytes, bit);
      BigInteger difference = before.xor(bits(digest(bytes)));
      flip(bytes, bit);
      assertTrue(difference.bitCount() > 24 && difference.bitCount() < 104, "input bit " + bit);
      for (int out = 0; out < 128; out++) {
        turned[out] += difference.testBit(out) ? 1 : 0;
      }
    }
    for (int out = 0; out < 128; out++) {
      // 2 048 fair coins: six standard deviations are 0.066
      assertTrue(Math.abs((double) turned[out] / inputs - 0.5) < 0.066, "output bit " + out);
    }
  }

  private static BigInteger bits(String value) {
    return new BigInteger(value.substring(Fingerprint.PREFIX.length()), 16);
  }

  /** 2^20 patterns: the 20-bit number n spread as signs, last bits, exponents or small counts. */
  @Test
  void structuredPatternsDoNotCollide() {
    for (int kind = 0; kind < 4; kind++) {
      long[] seen = new long[1 << 18];
      ByteBuffer buffer = ByteBuffer.allocate(80).order(ByteOrder.LITTLE_ENDIAN);
      for (int n = 0; n < 1 << 18; n++) {
        for (int e = 0; e < 20; e++) {
          int bit = n >> e & 1;
          buffer.putInt(
              4 * e,
              switch (kind) {
                case 0 -> Float.floatToRawIntBits(bit == 0 ? 1f : -1f);
                case 1 -> Float.floatToRawIntBits(1f) + bit;
                case 2 -> Float.floatToRawIntBits(bit == 0 ? 1f : 2f);
                default -> e == 0 ? n : 0;
              });
        }
        String value = Fingerprint.digest(buffer);
        // 64 of the 128 bits are enough: no collision is expected among 2^18 even so
        seen[n] = Long.parseUnsignedLong(value, 6, 22, 16);
      }
      assertEquals(1 << 18, Arrays.stream(seen).sorted().distinct().count(), "kind " + kind);
    }
  }

  @Test
  void theRowLengthChangesOnlyTheBlocks() {
    byte[] bytes = random(100_003, 9);
    String value = digest(bytes);
    for (int rowBytes : new int[] {1, 4, 7, 1000, 16384, 65536, 100_003, Integer.MAX_VALUE}) {
      Fingerprint f = Fingerprint.of(ByteBuffer.wrap(bytes), rowBytes);
      assertEquals(value, f.value(), "rowBytes " + rowBytes);
      assertTrue(f.blocks().size() <= Fingerprint.MAX_BLOCKS, "rowBytes " + rowBytes);
      assertTrue(f.blocks().stream().allMatch(b -> b.matches("[0-9a-f]{16}")));
    }
    assertThrows(IllegalArgumentException.class, () -> Fingerprint.of(ByteBuffer.wrap(bytes), 0));
  }

  @Test
  void heapDirectReadOnlyAndSlicedBuffersAgree() {
    byte[] bytes = random(40_000, 10);
    Fingerprint expected = Fingerprint.of(ByteBuffer.wrap(bytes), 64);
    ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length + 3);
    direct.position(3).put(bytes).position(3);
    assertEquals(expected, Fingerprint.of(direct, 64));
    assertEquals(3, direct.position());
    byte[] shifted = new byte[bytes.length + 10];
    System.arraycopy(bytes, 0, shifted, 5, bytes.length);
    ByteBuffer slice = ByteBuffer.wrap(shifted, 5, bytes.length).slice();
    assertEquals(expected, Fingerprint.of(slice, 64));
    assertEquals(expected, Fingerprint.of(slice.asReadOnlyBuffer(), 64));
  }

  /** A block's digest depends on its own bytes only, not on where the pages begin. */
  @Test
  void oneChangedRowChangesOneBlock() {
    int row = 4000;
    byte[] bytes = random(640 * row, 11);
    Fingerprint before = Fingerprint.of(ByteBuffer.wrap(bytes), row);
    assertEquals(64, before.blocks().size());
    for (int r = 0; r < 640; r += 13) {
      byte[] changed = bytes.clone();
      changed[r * row + 17]++;
      Fingerprint after = Fingerprint.of(ByteBuffer.wrap(changed), row);
      assertNotEquals(before.value(), after.value());
      for (int b = 0; b < 64; b++) {
        assertEquals(
            b == r / 10, !before.blocks().get(b).equals(after.blocks().get(b)), "row " + r);
      }
    }
  }
}
