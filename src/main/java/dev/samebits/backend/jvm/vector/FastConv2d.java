package dev.samebits.backend.jvm.vector;

import dev.samebits.backend.jvm.Call;
import dev.samebits.backend.jvm.RealArray;
import dev.samebits.backend.jvm.ThreadTeam;
import dev.samebits.backend.jvm.vector.Planes.Margin;
import dev.samebits.kernel.ConvShape;
import dev.samebits.kernel.Kernel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The canonical convolutions as {@link PanelProduct}s, one part per group, whose operands are
 * packed straight from the weights and the padded data. Padding is +0 and takes part.
 *
 * <ul>
 *   <li>forward: rows are output channels, columns the output positions of all samples, terms (c R
 *       + r) S + s
 *   <li>data gradient: rows are input channels; the columns are the positions of all samples with
 *       the same remainders (h mod stride, w mod stride), one product for each pair, since these
 *       have the same filter taps as terms (k R + r) S + s
 *   <li>filter gradient: rows are output channels, columns filter taps (c R + r) S + s, terms the
 *       output positions of all samples
 * </ul>
 */
final class FastConv2d {
  private final ConvShape z;
  private final RealArray out;
  private final ThreadTeam team;
  private final Blocking blocking;
  private final Tiles tiles;
  private final int taps;
  private final int positions;

  private FastConv2d(Call call, ThreadTeam team, Blocking blocking) {
    this.z = ConvShape.of(call.op().shape());
    this.out = call.out(0);
    this.team = team;
    this.blocking = blocking;
    this.tiles = Tiles.of(out.dtype());
    this.taps = Math.multiplyExact(z.r(), z.s());
    this.positions = Math.multiplyExact(z.p(), z.q());
  }

  /** Binds one of the three kernels. */
  static Runnable bind(Call call, ThreadTeam team) {
    return bind(call, team, Blocking.DEFAULT);
  }

  /** With other blocks, so that many of them can be tested on small shapes. */
  static Runnable bind(Call call, ThreadTeam team, Blocking blocking) {
    FastConv2d conv = new FastConv2d(call, team, blocking);
    Kernel kernel = call.op().kernel();
    return switch (kernel) {
      case CONV2D_FORWARD -> conv.forward(call.in(0), call.in(1));
      case CONV2D_BACKWARD_DATA -> conv.backwardData(call.in(0), call.in(1));
      case CONV2D_BACKWARD_FILTER -> conv.backwardFilter(call.in(0), call.in(1));
      default -> throw new IllegalArgumentException("no convolution: " + kernel.id());
    };
  }

  private Runnable forward(RealArray data, RealArray weights) {
    Planes x = paddedData(data, z.stride());
    int terms = Math.multiplyExact(z.cPerGroup(), taps);
    Packer a =
        new OffsetPacker(
                weights, z.kPerGroup() * terms, steps(z.kPerGroup(), terms), steps(terms, 1))
            .rows();
    int[] columns = outputs(x, z.n(), 1);
    Packer b =
        new OffsetPacker(x.values(), z.cPerGroup() * x.planeStep(), columns, tapsOf(x))
            .columns(tiles.columns());
    int[] stored = grid(z.n(), z.k() * positions, 1, 0, positions, 1);
    PanelProduct product =
        new PanelProduct(
            out,
            PanelProduct.Shape.of(z.group(), z.kPerGroup(), columns.length, terms),
            a,
            b,
            new OffsetSink(out, tiles, z.kPerGroup() * positions, positions, stored),
            blocking,
            team);
    return () -> {
      x.refresh(team);
      product.run();
    };
  }

  private Planes paddedData(RealArray data, int phases) {
    Margin margin = new Margin(z.pad(), z.pad());
    return new Planes(data, z.n() * z.c(), z.h(), z.w(), margin, margin, phases);
  }

  /** Where the tap of a group's channel lies, relative to an output position. */
  private int[] tapsOf(Planes x) {
    int[] offsets = new int[z.cPerGroup() * taps];
    for (int i = 0; i < offsets.length; i++) {
      int row = i / z.s() % z.r() * z.dil() - z.pad();
      offsets[i] = i / taps * x.planeStep() + x.at(row, i % z.s() * z.dil() - z.pad());
    }
    return offsets;
  }

  /** Where the output positions of all samples lie in the data. */
  private int[] outputs(Planes x, int samples, int columnStep) {
    int rowStep = (x.at(1, 0) - x.at(0, 0)) * z.stride();
    return grid(samples, z.c() * x.planeStep(), z.p(), rowStep, z.q(), columnStep);
  }

  private Runnable backwardData(RealArray gradient, RealArray weights) {
    Margin rows = reach(z.r(), z.h(), z.p());
    Margin columns = reach(z.s(), z.w(), z.q());
    Planes dy = new Planes(gradient, z.n() * z.k(), z.p(), z.q(), rows, columns, 1);
    List<PanelProduct> products = new ArrayList<>();
    int covered = 0;
    for (int h = 0; h < Math.min(z.stride(), z.h()); h++) {
      for (int w = 0; w < Math.min(z.stride(), z.w()); w++) {
        int[] valid = validTaps(h, w);
        if (valid.length > 0) {
          products.add(remainder(dy, weights, h, w, valid));
          covered += count(z.h(), h) * count(z.w(), w);
        }
      }
    }
    boolean gaps = covered < z.h() * z.w();
    return () -> {
      dy.refresh(team);
      if (gaps) {
        out.fill(0, out.length(), 0);
      }
      products.forEach(PanelProduct::run);
    };
  }

  /** How far outside the output the positions lie that some input is mapped to. */
  private Margin reach(int filter, int data, int output) {
    int before = Math.max(0, (filter - 1) * z.dil() - z.pad()) / z.stride();
    int last = (data - 1 + z.pad()) / z.stride();
    return new Margin(before, Math.max(0, last - (output - 1)));
  }

  /** Positions of an axis with a remainder modulo the stride. */
  private int count(int size, int remainder) {
    return (size - 1 - remainder) / z.stride() + 1;
  }

  /** The taps r S + s that map inputs with these remainders to whole output positions. */
  private int[] validTaps(int h, int w) {
    int[] valid = new int[taps];
    int n = 0;
    for (int tap = 0; tap < taps; tap++) {
      if (up(h, tap) % z.stride() == 0 && left(w, tap) % z.stride() == 0) {
        valid[n++] = tap;
      }
    }
    return Arrays.copyOf(valid, n);
  }

  private int up(int h, int tap) {
    return h + z.pad() - tap / z.s() * z.dil();
  }

  private int left(int w, int tap) {
    return w + z.pad() - tap % z.s() * z.dil();
  }

  /** The product for the inputs with two remainders. */
  private PanelProduct remainder(Planes dy, RealArray weights, int h, int w, int[] valid) {
    int filters = z.cPerGroup() * taps;
    int[] inDy = new int[z.kPerGroup() * valid.length];
    int[] inWeights = new int[inDy.length];
    for (int t = 0; t < inDy.length; t++) {
      int k = t / valid.length;
      int tap = valid[t % valid.length];
      inDy[t] = k * dy.planeStep() + dy.at(up(h, tap) / z.stride(), left(w, tap) / z.stride());
      inWeights[t] = k * filters + tap;
    }
    int down = count(z.h(), h);
    int across = count(z.w(), w);
    int rowStep = dy.at(1, 0) - dy.at(0, 0);
    int[] columns = grid(z.n(), z.k() * dy.planeStep(), down, rowStep, across, 1);
    int[] stored = grid(z.n(), z.c() * z.h() * z.w(), down, z.stride() * z.w(), across, z.stride());
    for (int i = 0; i < stored.length; i++) {
      stored[i] += h * z.w() + w;
    }
    return new PanelProduct(
        out,
        new PanelProduct.Shape(z.group(), z.cPerGroup(), columns.length, panelEnds(valid)),
        new OffsetPacker(weights, z.kPerGroup() * filters, steps(z.cPerGroup(), taps), inWeights)
            .rows(),
        new OffsetPacker(dy.values(), z.kPerGroup() * dy.planeStep(), columns, inDy)
            .columns(tiles.columns()),
        new OffsetSink(out, tiles, z.cPerGroup() * z.h() * z.w(), z.h() * z.w(), stored),
        blocking,
        team);
  }

  /** Panels are cut by q = k R S + tap, whether or not a q is a term. */
  private int[] panelEnds(int[] valid) {
    int all = Math.multiplyExact(z.kPerGroup(), taps);
    int[] ends = new int[(all + PanelProduct.PANEL - 1) / PanelProduct.PANEL];
    for (int p = 0; p < ends.length; p++) {
      int q = (int) Math.min(all, (p + 1L) * PanelProduct.PANEL);
      int partial = Arrays.binarySearch(valid, q % taps);
      ends[p] = q / taps * valid.length + (partial < 0 ? -partial - 1 : partial);
    }
    return ends;
  }

  private Runnable backwardFilter(RealArray data, RealArray gradient) {
    Planes x = paddedData(data, 1);
    int[] filter = tapsOf(x);
    int[] channels = steps(z.kPerGroup(), positions);
    OffsetPacker ofX =
        new OffsetPacker(
            x.values(), z.cPerGroup() * x.planeStep(), filter, outputs(x, z.n(), z.stride()));
    OffsetPacker ofDy =
        new OffsetPacker(
            gradient,
            z.kPerGroup() * positions,
            channels,
            grid(z.n(), z.k() * positions, 1, 0, positions, 1));
    int terms = Math.multiplyExact(z.n(), positions);
    boolean turned =
        filterCost(filter.length, channels.length, channels.length, 2)
            < filterCost(channels.length, filter.length, filter.length, 0);
    OffsetPacker a = turned ? ofX : ofDy;
    OffsetPacker b = turned ? ofDy : ofX;
    int[] stored = turned ? steps(channels.length, filter.length) : steps(filter.length, 1);
    PanelProduct product =
        new PanelProduct(
            out,
            PanelProduct.Shape.of(z.group(), a.items(), b.items(), terms),
            a.rows(),
            b.columns(tiles.columns()),
            new OffsetSink(
                out, tiles, channels.length * filter.length, turned ? 1 : filter.length, stored),
            blocking,
            team);
    return () -> {
      x.refresh(team);
      product.run();
    };
  }

  /**
   * Rough cost in cycles of the filter gradient with so many rows and columns: whole tiles, packing
   * of the columns, whose elements are far apart, and storing.
   */
  private double filterCost(int rows, int columns, int packed, int store) {
    double terms = (double) z.n() * positions;
    double tileRows = Math.ceil((double) rows / tiles.rows()) * tiles.rows();
    double tileColumns = Math.ceil((double) columns / tiles.columns());
    return terms * (2 * tileRows * tileColumns + packed) + (double) store * rows * columns;
  }

  /** 0, step, 2 step, ... */
  private static int[] steps(int n, int step) {
    return grid(1, 0, 1, 0, n, step);
  }

  /** Offsets of samples x rows x columns, in this order. */
  private static int[] grid(
      int samples, int sampleStep, int rows, int rowStep, int columns, int columnStep) {
    int[] offsets = new int[Math.multiplyExact(samples, Math.multiplyExact(rows, columns))];
    int at = 0;
    for (int n = 0; n < samples; n++) {
      for (int row = 0; row < rows; row++) {
        for (int column = 0; column < columns; column++) {
          offsets[at++] = n * sampleStep + row * rowStep + column * columnStep;
        }
      }
    }
    return offsets;
  }
}
