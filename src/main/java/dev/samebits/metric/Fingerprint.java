package dev.samebits.metric;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Digest of raw bits, with a digest per block of rows so that a difference has a place.
 *
 * <p>Algorithm {@code sb128}: the bytes are cut into pages of 16 KiB, each page is digested by
 * itself, the digests of the pages are chained in order, and the total length is absorbed last.
 * Equal bytes give equal values whatever the row length. A block's digest chains the digests of the
 * pages that lie inside it with those of its two ends, so the bytes are read once but for those
 * ends. A buffer without an array is copied a page at a time, which takes about twice as long.
 *
 * @param value {@code sb128:} and 32 hex digits
 * @param blocks 16 hex digits per block of rows, at most {@value #MAX_BLOCKS}; empty without bytes
 */
public record Fingerprint(String value, List<String> blocks) {
  /** Most blocks there are. */
  public static final int MAX_BLOCKS = 64;

  /** Names the algorithm; another algorithm must have another name. */
  public static final String PREFIX = "sb128:";

  static final int PAGE = 16 << 10;

  /** Copies the list. */
  public Fingerprint {
    blocks = List.copyOf(blocks);
  }

  /**
   * The fingerprint of the bytes from position to limit; the buffer's position stays.
   *
   * @param bytes elements as little-endian raw bits, without padding
   * @param rowBytes bytes in a row, at least 1; the last row may be shorter
   */
  public static Fingerprint of(ByteBuffer bytes, int rowBytes) {
    Pages pages = new Pages(bytes);
    Digest128[] inner = new Digest128[pages.count()];
    String value = pages.total(inner);
    int blockBytes = blockBytes(pages.length, rowBytes);
    List<String> blocks = new ArrayList<>();
    for (long from = 0; from < pages.length; from += blockBytes) {
      blocks.add(pages.block((int) from, (int) Math.min(from + blockBytes, pages.length), inner));
    }
    return new Fingerprint(value, blocks);
  }

  /** Only the value of the bytes from position to limit; the buffer's position stays. */
  public static String digest(ByteBuffer bytes) {
    Pages pages = new Pages(bytes);
    return pages.total(new Digest128[pages.count()]);
  }

  /**
   * Bytes in one block, so that at most {@link #MAX_BLOCKS} blocks of whole rows cover all.
   *
   * @param length bytes in all
   * @param rowBytes bytes in a row
   */
  static int blockBytes(int length, int rowBytes) {
    if (rowBytes < 1) {
      throw new IllegalArgumentException("a row of " + rowBytes + " bytes; it needs at least 1");
    }
    long rows = ((long) length + rowBytes - 1) / rowBytes;
    long rowsInBlock = Math.max(1, (rows + MAX_BLOCKS - 1) / MAX_BLOCKS);
    return (int) Math.min(rowsInBlock * rowBytes, Integer.MAX_VALUE);
  }

  /** Reads the pages of a buffer, in place where it is an array. */
  private static final class Pages {
    final int length;
    private final ByteBuffer source;
    private final byte[] scratch;
    private final Digest128 work = new Digest128();

    Pages(ByteBuffer bytes) {
      source = bytes.slice();
      length = source.remaining();
      scratch = source.hasArray() ? null : new byte[Math.min(PAGE, length)];
    }

    int count() {
      return (int) (((long) length + PAGE - 1) / PAGE);
    }

    String total(Digest128[] pages) {
      Digest128 total = new Digest128();
      for (int i = 0; i < pages.length; i++) {
        pages[i] = new Digest128();
        digest(pages[i], i * PAGE, Math.min(PAGE, length - i * PAGE));
        total.absorb(pages[i]);
      }
      total.absorb(length, pages.length);
      return PREFIX + total.hex();
    }

    /** The digest of bytes {@code from} to {@code to}, reusing whole pages. */
    String block(int from, int to, Digest128[] pages) {
      Digest128 block = new Digest128();
      int at = from;
      while (at < to) {
        int page = at / PAGE;
        int pageEnd = (int) Math.min((page + 1L) * PAGE, length);
        int end = Math.min(pageEnd, to);
        if (at == page * PAGE && end == pageEnd) {
          block.absorb(pages[page]);
        } else {
          digest(work, at, end - at);
          block.absorb(work);
        }
        at = end;
      }
      block.absorb(to - from, 0);
      return block.shortHex();
    }

    private void digest(Digest128 target, int from, int count) {
      target.reset();
      if (scratch == null) {
        target.absorb(source.array(), source.arrayOffset() + from, count);
      } else {
        source.get(from, scratch, 0, count);
        target.absorb(scratch, 0, count);
      }
    }
  }
}
