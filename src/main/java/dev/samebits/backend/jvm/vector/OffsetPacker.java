package dev.samebits.backend.jvm.vector;

import dev.samebits.backend.jvm.RealArray;
import java.util.Arrays;

/**
 * An operand whose elements lie where the offsets of part, item and term add up to. That holds for
 * every operand of a convolution: of the data, the offset of an output position plus that of a
 * filter tap; so no matrix of patches is ever made, the strips are filled straight from the data.
 */
final class OffsetPacker {
  private final Moves moves;
  private final RealArray source;
  private final int partStep;
  private final int[] items;
  private final int[] terms;

  /**
   * Element (item, term) of a part is {@code source[part partStep + items[item] + terms[term]]}.
   */
  OffsetPacker(RealArray source, int partStep, int[] items, int[] terms) {
    this.moves = Moves.of(source.dtype());
    this.source = source;
    this.partStep = partStep;
    this.items = items;
    this.terms = terms;
  }

  /** Number of items. */
  int items() {
    return items.length;
  }

  /** As operand A, whose rows have their terms side by side. */
  Packer rows() {
    Pieces pieces = new Pieces(terms);
    return (part, termFrom, termTo, from, to, strips, at) -> {
      if (pieces.pay()) {
        pieces.pack(part, items, from, to, Tiles.ROW_STEP, termFrom, termTo, strips, at);
      } else {
        each(part, from, to, Tiles.ROW_STEP, termFrom, termTo, 1, strips, at);
      }
    };
  }

  /** As operand B, of which a strip of columns has these side by side. */
  Packer columns(int width) {
    Pieces pieces = new Pieces(items);
    return (part, termFrom, termTo, from, to, strips, at) -> {
      for (int i = from; i < to; i += width) {
        int end = Math.min(to, i + width);
        int strip = at + (i - from) * (termTo - termFrom);
        if (pieces.pay()) {
          pieces.pack(part, terms, termFrom, termTo, width, i, end, strips, strip);
        } else {
          each(part, i, end, 1, termFrom, termTo, width, strips, strip);
        }
      }
    };
  }

  private void each(
      int part,
      int from,
      int to,
      int itemStep,
      int termFrom,
      int termTo,
      int termStep,
      RealArray target,
      int at) {
    moves.packEach(
        source,
        part * partStep,
        items,
        from,
        to,
        itemStep,
        terms,
        termFrom,
        termTo,
        termStep,
        target,
        at);
  }

  /** Offsets cut where they stop being neighbours. */
  private final class Pieces {
    private final int count;
    private final int[] to;
    private final int[] from;

    Pieces(int[] offsets) {
      count = offsets.length;
      int most = moves.piece();
      int[] begin = new int[count];
      int n = 0;
      for (int i = 0; i < count; n++) {
        begin[n] = i++;
        while (i < count && i - begin[n] < most && offsets[i] == offsets[i - 1] + 1) {
          i++;
        }
      }
      to = Arrays.copyOf(begin, n);
      from = new int[n];
      Arrays.setAll(from, r -> offsets[to[r]]);
    }

    /** Whether a piece has two elements or more, on average. */
    boolean pay() {
      return 2L * to.length <= count;
    }

    void pack(
        int part,
        int[] lines,
        int lineFrom,
        int lineTo,
        int lineStep,
        int first,
        int end,
        RealArray target,
        int at) {
      moves.packPieces(
          source,
          part * partStep,
          lines,
          lineFrom,
          lineTo,
          lineStep,
          to,
          from,
          first,
          end,
          target,
          at);
    }
  }
}
