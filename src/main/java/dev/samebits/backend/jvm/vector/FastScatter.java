package dev.samebits.backend.jvm.vector;

import dev.samebits.backend.jvm.Call;
import dev.samebits.backend.jvm.IntArray;
import dev.samebits.backend.jvm.RealArray;
import dev.samebits.backend.jvm.ThreadTeam;
import dev.samebits.kernel.DType;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Canonical {@code scatter_add}: the additions to a target are one chain over its sources in
 * ascending order, so only different targets can be added to at the same time, and to find its own
 * sources costs a worker about as much as to add them.
 *
 * <p>The sources are taken a region at a time, a region in blocks. One worker adds blocks from the
 * front, as they are; the others sort blocks from the back by owner of the target, in order. When
 * they meet, the sorted blocks are added, each owner's targets by one worker. So nobody has to know
 * beforehand how fast adding and sorting are, and a worker that comes late is not waited for. The
 * bits do not depend on where they meet.
 *
 * <p>Sorting is by halves: one pass splits a list at a target without a branch. What goes to the
 * upper half is written from the end backwards, so each pass needs no more room than it reads; a
 * list that was turned round an odd number of times is added backwards.
 */
final class FastScatter {
  /** Sources in a block. */
  static final int BLOCK = 1 << 14;

  /** Blocks in a region. */
  static final int BLOCKS = 16;

  /** Halvings at most: 8 owners. */
  private static final int LEVELS = 3;

  /** With fewer bytes of targets, which then stay in the first cache, one worker is as fast. */
  private static final int SMALL = 1 << 15;

  private final ThreadTeam team;
  private final IntArray index;
  private final RealArray out;
  private final ScatterLoops loops;
  private final int threads;
  private final int levels;
  private final int[] pivots;
  private final int[][] ends;
  private final AtomicInteger left = new AtomicInteger();
  private final AtomicInteger back = new AtomicInteger();
  private int front;

  private FastScatter(Call call, ThreadTeam team) {
    this.team = team;
    index = call.indices(1);
    out = call.out(0);
    threads = call.threads();
    long bytes = out.bytes();
    boolean share = threads > 1 && bytes > SMALL && index.length() > BLOCK;
    levels = share ? Math.min(LEVELS, 32 - Integer.numberOfLeadingZeros(threads - 1)) : 0;
    pivots = new int[(1 << levels) + 1];
    for (int owner = 0; owner < pivots.length; owner++) {
      pivots[owner] = (int) ((long) out.length() * owner >> levels);
    }
    ends = new int[BLOCKS][pivots.length];
    int room = share ? BLOCKS * BLOCK : 0;
    loops =
        out.dtype() == DType.F32
            ? new F32Scatter(call, room, BLOCK)
            : new F64Scatter(call, room, BLOCK);
  }

  /** out[index[i]] = out[index[i]] + src[i] from +0, i ascending. */
  static Runnable bind(Call call, ThreadTeam team) {
    FastScatter scatter = new FastScatter(call, team);
    return scatter::invoke;
  }

  private void invoke() {
    out.fill(0, out.length(), 0);
    try {
      int n = index.length();
      int from = 0;
      for (; levels > 0 && n - from >= 2 * BLOCK; from += BLOCK * blocks(n - from)) {
        region(from, blocks(n - from));
      }
      for (; from < n; from += Math.min(BLOCK, n - from)) {
        loops.add(from, from + Math.min(BLOCK, n - from));
      }
    } catch (IndexOutOfBoundsException e) {
      index.requireBelow(out.length());
      throw e;
    }
    out.canonicalizeNaN(0, out.length());
  }

  private static int blocks(int n) {
    return Math.min(BLOCKS, n / BLOCK);
  }

  private void region(int start, int blocks) {
    left.set(blocks);
    back.set(0);
    front = 0;
    team.forEach(
        threads,
        (worker, role) -> {
          while (left.getAndDecrement() > 0) {
            if (role == 0) {
              int block = start + front++ * BLOCK;
              loops.add(block, block + BLOCK);
            } else {
              int block = blocks - 1 - back.getAndIncrement();
              sort(start + block * BLOCK, block, worker);
            }
          }
        });
    team.forEach(
        front == blocks ? 0 : 1 << levels,
        (worker, owner) -> {
          for (int block = front; block < blocks; block++) {
            int base = block * BLOCK;
            int first = base + ends[block][owner];
            int last = base + ends[block][owner + 1];
            if (first < last) {
              loops.addSorted(first, last, Integer.bitCount(owner) % 2 == 1);
            }
          }
        });
  }

  /** Sorts a block by owner; {@code ends[block]} are the places where the owners' lists begin. */
  private void sort(int start, int block, int worker) {
    int owners = 1 << levels;
    int base = block * BLOCK;
    int[] end = ends[block];
    end[0] = 0;
    end[owners] = BLOCK;
    boolean toSorted = levels % 2 == 1;
    int middle =
        loops.splitSources(start, BLOCK, pivots[owners / 2], toSorted, worker, toSorted ? base : 0);
    end[owners / 2] = toSorted ? middle - base : middle;
    for (int half = owners / 4; half > 0; half /= 2) {
      toSorted = !toSorted;
      for (int owner = half; owner < owners; owner += 2 * half) {
        int at = end[owner - half];
        int n = end[owner + half] - at;
        end[owner] = loops.split(at, base, n, pivots[owner], toSorted, worker);
      }
    }
  }
}
