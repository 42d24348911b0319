package dev.samebits.metric;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A 128-bit state that absorbs byte ranges or pairs of longs. It is a digest against accidents, not
 * against an adversary.
 *
 * <p>Every step is a bijection of the state for fixed input and injective in 16 bytes of input for
 * a fixed state. So two inputs of equal length that differ only inside one aligned 16-byte word
 * always have different digests; other differences collide with a probability near 2^-128.
 *
 * <p>The exceptions are differences made for the purpose: bits that a multiplication cannot spread
 * (the top one of a first long, any one of a second) may be undone by flips of three or more chosen
 * bits. The rotations carry sign bits and last bits of f32 and f64 elements to the middle of a
 * significand, so that no pattern of sign flips and changes of last bits alone is such a
 * difference.
 */
final class Digest128 {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Bytes that the four lanes take in one step. */
  private static final int STRIPE = 64;

  // Odd, with no pattern in their bits: the 64-bit parts of the golden ratio, sqrt(2), sqrt(3), ...
  private static final long K0 = 0x9E3779B97F4A7C15L;
  private static final long K1 = 0x6A09E667F3BCC909L;
  private static final long K2 = 0xBB67AE8584CAA73BL;
  private static final long K3 = 0x3C6EF372FE94F82BL;
  private static final long K4 = 0xA54FF53A5F1D36F1L;

  private long high;
  private long low;

  /** The empty state. */
  Digest128() {
    reset();
  }

  /** Back to the empty state. */
  void reset() {
    high = K3;
    low = K4;
  }

  /** Absorbs 128 bits. */
  void absorb(long x, long y) {
    high ^= x;
    low ^= y;
    permute();
  }

  /** Absorbs another digest. */
  void absorb(Digest128 other) {
    absorb(other.high, other.low);
  }

  /**
   * Absorbs a range and its length. Lane i takes bytes 16 i to 16 i + 15 of every 64; a last
   * incomplete stripe is filled with zeros.
   */
  void absorb(byte[] bytes, int offset, int length) {
    int whole = length / STRIPE * STRIPE;
    stripes(bytes, offset, whole);
    if (whole < length) {
      byte[] last = new byte[STRIPE];
      System.arraycopy(bytes, offset + whole, last, 0, length - whole);
      stripes(last, 0, STRIPE);
    }
    absorb(length, K0);
  }

  private void stripes(byte[] bytes, int offset, int length) {
    long a0 = K0;
    long b0 = K1;
    long a1 = K1;
    long b1 = K2;
    long a2 = K2;
    long b2 = K3;
    long a3 = K3;
    long b3 = K4;
    int end = offset + length;
    for (int i = offset; i < end; i += STRIPE) {
      a0 = (a0 ^ (long) LONGS.get(bytes, i)) * K1;
      b0 = Long.rotateLeft(b0 ^ (long) LONGS.get(bytes, i + 8), 16) + a0;
      a0 = Long.rotateLeft(a0, 41) ^ b0;
      a1 = (a1 ^ (long) LONGS.get(bytes, i + 16)) * K1;
      b1 = Long.rotateLeft(b1 ^ (long) LONGS.get(bytes, i + 24), 16) + a1;
      a1 = Long.rotateLeft(a1, 41) ^ b1;
      a2 = (a2 ^ (long) LONGS.get(bytes, i + 32)) * K1;
      b2 = Long.rotateLeft(b2 ^ (long) LONGS.get(bytes, i + 40), 16) + a2;
      a2 = Long.rotateLeft(a2, 41) ^ b2;
      a3 = (a3 ^ (long) LONGS.get(bytes, i + 48)) * K1;
      b3 = Long.rotateLeft(b3 ^ (long) LONGS.get(bytes, i + 56), 16) + a3;
      a3 = Long.rotateLeft(a3, 41) ^ b3;
    }
    absorb(a0, b0);
    absorb(a1, b1);
    absorb(a2, b2);
    absorb(a3, b3);
  }

  /** Four Feistel rounds: a bijection of 128 bits in which every bit reaches every other. */
  private void permute() {
    low ^= scramble(high + K0);
    high ^= scramble(low + K1);
    low ^= scramble(high + K2);
    high ^= scramble(low + K3);
  }

  /**
   * The 64-bit finalizer of Steele, Lea and Flood, "Fast splittable pseudorandom number
   * generators", OOPSLA 2014 (doi:10.1145/2660193.2660195), with Stafford's constants (variant 13).
   */
  private static long scramble(long z) {
    long x = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    x = (x ^ x >>> 27) * 0x94D049BB133111EBL;
    return x ^ x >>> 31;
  }

  /** 32 hex digits. */
  String hex() {
    return hex(high) + hex(low);
  }

  /** 16 hex digits: the exclusive or of both halves. */
  String shortHex() {
    return hex(high ^ low);
  }

  private static String hex(long value) {
    String digits = Long.toHexString(value);
    return "0".repeat(16 - digits.length()) + digits;
  }
}
