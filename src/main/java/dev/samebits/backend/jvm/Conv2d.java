package dev.samebits.backend.jvm;

import dev.samebits.backend.jvm.PaddedPlanes.Margin;
import dev.samebits.kernel.ConvShape;

/**
 * The three convolutions, straight from their definition: each output is one chain over the term
 * index of the canonical order, and the outputs of a plane are computed side by side. Padding is +0
 * and takes part like any other element.
 */
final class Conv2d {
  /** Partial results of the filter gradient's {@code atomic_arrival} and {@code ordered}. */
  static final int PARTIALS = 64;

  private Conv2d() {}

  private static PaddedPlanes paddedData(ConvShape z, RealArray x) {
    Margin margin = new Margin(z.pad(), z.pad());
    return new PaddedPlanes(x, z.n() * z.c(), z.h(), z.w(), margin, margin);
  }

  /** Forward: term q = (c R + r) S + s within the group. Output planes go to the threads. */
  static Runnable forward(Call call, ThreadTeam team) {
    ConvShape z = ConvShape.of(call.op().shape());
    PaddedPlanes x = paddedData(z, call.in(0));
    int plane = z.p() * z.q();
    int terms = z.cPerGroup() * z.r() * z.s();
    RealArray[] total = call.scratch(plane);
    RealArray[] panel = call.scratch(plane);
    return () -> {
      x.refresh(team);
      team.forRanges(
          z.n() * z.k(),
          (w, from, to) -> {
            for (int nk = from; nk < to; nk++) {
              int image = nk / z.k();
              int k = nk % z.k();
              Panels.chain(
                  terms,
                  total[w],
                  panel[w],
                  plane,
                  (sums, q) -> forwardTerm(z, sums, x, image, k, q, call.in(1)));
              store(total[w], call.out(0), nk * plane, plane);
            }
          });
    };
  }

  private static void forwardTerm(
      ConvShape z, RealArray sums, PaddedPlanes x, int image, int k, int q, RealArray weights) {
    double weight = weights.get(k * z.cPerGroup() * z.r() * z.s() + q);
    int c = k / z.kPerGroup() * z.cPerGroup() + q / (z.r() * z.s());
    int row = q / z.s() % z.r() * z.dil() - z.pad();
    int column = q % z.s() * z.dil() - z.pad();
    for (int p = 0; p < z.p(); p++) {
      int at = x.at(image * z.c() + c, row + p * z.stride(), column);
      sums.fmaRow(p * z.q(), 1, weight, x.values(), at, z.stride(), z.q());
    }
  }

  /**
   * Gradient by the data: term q = (k R + r) S + s within the group. Input planes go to the
   * threads.
   */
  static Runnable backwardData(Call call, ThreadTeam team) {
    ConvShape z = ConvShape.of(call.op().shape());
    PaddedPlanes dy =
        new PaddedPlanes(
            call.in(0),
            z.n() * z.k(),
            z.p(),
            z.q(),
            reach(z, z.r(), z.h(), z.p()),
            reach(z, z.s(), z.w(), z.q()));
    int plane = z.h() * z.w();
    int terms = z.kPerGroup() * z.r() * z.s();
    RealArray[] total = call.scratch(plane);
    RealArray[] panel = call.scratch(plane);
    return () -> {
      dy.refresh(team);
      team.forRanges(
          z.n() * z.c(),
          (w, from, to) -> {
            for (int nc = from; nc < to; nc++) {
              int image = nc / z.c();
              int c = nc % z.c();
              Panels.chain(
                  terms,
                  total[w],
                  panel[w],
                  plane,
                  (sums, q) -> backwardDataTerm(z, sums, dy, image, c, q, call.in(1)));
              store(total[w], call.out(0), nc * plane, plane);
            }
          });
    };
  }

  /** How far outside the output the positions lie that some input is mapped to. */
  private static Margin reach(ConvShape z, int filter, int data, int output) {
    int before = Math.max(0, (filter - 1) * z.dil() - z.pad()) / z.stride();
    int last = (data - 1 + z.pad()) / z.stride();
    return new Margin(before, Math.max(0, last - (output - 1)));
  }

  private static void backwardDataTerm(
      ConvShape z, RealArray sums, PaddedPlanes dy, int image, int c, int q, RealArray weights) {
    int group = c / z.cPerGroup();
    int k = group * z.kPerGroup() + q / (z.r() * z.s());
    int tap = c % z.cPerGroup() * z.r() * z.s() + q % (z.r() * z.s());
    double weight = weights.get(k * z.cPerGroup() * z.r() * z.s() + tap);
    // Input h belongs to output p where h = p stride + row; other inputs have no such term.
    int row = q / z.s() % z.r() * z.dil() - z.pad();
    int column = q % z.s() * z.dil() - z.pad();
    int firstW = Math.floorMod(column, z.stride());
    int count = firstW < z.w() ? (z.w() - 1 - firstW) / z.stride() + 1 : 0;
    for (int h = Math.floorMod(row, z.stride()); h < z.h(); h += z.stride()) {
      int at = dy.at(image * z.k() + k, (h - row) / z.stride(), (firstW - column) / z.stride());
      sums.fmaRow(h * z.w() + firstW, z.stride(), weight, dy.values(), at, 1, count);
    }
  }

  private static void store(RealArray sums, RealArray out, int at, int n) {
    out.copyRow(at, sums, 0, n);
    out.canonicalizeNaN(at, n);
  }

  /** Gradient by the weights: term q = (n P + p) Q + q'. Output channels go to the threads. */
  static Runnable backwardFilter(Call call, ThreadTeam team) {
    FilterTerms terms = new FilterTerms(call);
    int size = terms.filterSize();
    int most = call.dim("k") / call.threads() + 1;
    RealArray[] total = call.scratch(most * size);
    RealArray[] panel = call.scratch(most * size);
    RealArray[] patch = call.scratch(size);
    return () -> {
      terms.refresh(team);
      team.forRanges(
          call.dim("k"),
          (w, from, to) -> {
            Panels.chain(
                terms.count(),
                total[w],
                panel[w],
                (to - from) * size,
                (sums, q) -> terms.add(sums, 0, q, from, to, patch[w]));
            store(total[w], call.out(0), from * size, (to - from) * size);
          });
    };
  }

  /** The terms in 64 parts; each part's gradient is added by compare-and-set on arrival. */
  static Runnable filterAtomic(Call call, ThreadTeam team) {
    FilterTerms terms = new FilterTerms(call);
    RealArray dw = call.out(0);
    RealArray[] tiles = call.scratch(dw.length());
    RealArray[] patch = call.scratch(terms.filterSize());
    return () -> {
      terms.refresh(team);
      dw.fill(0, dw.length(), 0);
      Reductions.claimed(
          team,
          PARTIALS,
          (w, p) -> {
            terms.partial(p, PARTIALS, tiles[w], 0, patch[w]);
            for (int i = 0; i < dw.length(); i++) {
              dw.atomicAdd(i, tiles[w].get(i));
            }
          });
    };
  }

  /** The same 64 parts, claimed in the same way, added from +0 in index order. */
  static Runnable filterOrdered(Call call, ThreadTeam team) {
    FilterTerms terms = new FilterTerms(call);
    RealArray dw = call.out(0);
    RealArray tiles = dw.like(Math.multiplyExact(PARTIALS, dw.length()));
    RealArray[] patch = call.scratch(terms.filterSize());
    return () -> {
      terms.refresh(team);
      Reductions.claimed(
          team, PARTIALS, (w, p) -> terms.partial(p, PARTIALS, tiles, p * dw.length(), patch[w]));
      Matmul.addTiles(team, tiles, PARTIALS, dw);
      dw.canonicalizeNaN(0, dw.length());
    };
  }

  /** The filter gradient as a sum of outer products, one per output position. */
  private static final class FilterTerms {
    private final ConvShape z;
    private final PaddedPlanes x;
    private final RealArray dy;
    private final int[] taps;

    FilterTerms(Call call) {
      z = ConvShape.of(call.op().shape());
      x = paddedData(z, call.in(0));
      dy = call.in(1);
      taps = new int[filterSize()];
      for (int i = 0; i < taps.length; i++) {
        int c = i / (z.r() * z.s());
        taps[i] = x.at(c, i / z.s() % z.r() * z.dil(), i % z.s() * z.dil()) - x.at(0, 0, 0);
      }
    }

    int filterSize() {
      return z.cPerGroup() * z.r() * z.s();
    }

    int count() {
      return z.n() * z.p() * z.q();
    }

    void refresh(ThreadTeam team) {
      x.refresh(team);
    }

    /** Adds term {@code q} to the gradients of channels {@code from} to {@code to - 1}. */
    void add(RealArray sums, int sumsAt, int q, int from, int to, RealArray patch) {
      int image = q / (z.p() * z.q());
      int position = q % (z.p() * z.q());
      int row = position / z.q() * z.stride() - z.pad();
      int column = position % z.q() * z.stride() - z.pad();
      for (int k = from; k < to; k++) {
        if (k == from || k % z.kPerGroup() == 0) {
          int c = k / z.kPerGroup() * z.cPerGroup();
          patch.gather(x.values(), x.at(image * z.c() + c, row, column), taps);
        }
        double gradient = dy.get((image * z.k() + k) * z.p() * z.q() + position);
        sums.fmaRow(sumsAt + (k - from) * taps.length, gradient, patch, 0, taps.length);
      }
    }

    /** Adds the terms of part {@code p} to a cleared tile of all channels. */
    void partial(int p, int parts, RealArray tile, int at, RealArray patch) {
      tile.fill(at, at + z.k() * taps.length, 0);
      for (int q = ThreadTeam.part(count(), p, parts);
          q < ThreadTeam.part(count(), p + 1, parts);
          q++) {
        add(tile, at, q, 0, z.k(), patch);
      }
    }
  }
}
