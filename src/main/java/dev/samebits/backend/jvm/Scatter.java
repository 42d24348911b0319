package dev.samebits.backend.jvm;

/** {@code scatter_add}: plain in the canonical order, and in two other ones. */
final class Scatter {
  /** Sources that a thread claims at a time in {@code atomic_arrival}. */
  static final int CHUNK = 64;

  private Scatter() {}

  /** out[index[i]] += src[i], i ascending. Targets go to the threads, each reads every index. */
  static Runnable canonical(Call call, ThreadTeam team) {
    RealArray src = call.in(0);
    IntArray index = call.indices(1);
    RealArray out = call.out(0);
    int parts = call.threads();
    return () -> {
      if (out.length() == 0) {
        index.requireBelow(0);
      }
      // No more parts than threads, as each reads every index.
      team.forEach(
          parts,
          (worker, part) -> {
            int from = ThreadTeam.part(out.length(), part, parts);
            int to = ThreadTeam.part(out.length(), part + 1, parts);
            out.fill(from, to, 0);
            for (int i = 0; i < src.length(); i++) {
              int t = index.index(i, out.length());
              if (t >= from && t < to) {
                out.set(t, out.add(out.get(t), src.get(i)));
              }
            }
            out.canonicalizeNaN(from, to - from);
          });
    };
  }

  /** Sources in {@value #CHUNK}s, claimed in order, each added by compare-and-set. */
  static Runnable atomicArrival(Call call, ThreadTeam team) {
    RealArray src = call.in(0);
    IntArray index = call.indices(1);
    RealArray out = call.out(0);
    int n = src.length();
    int chunks = (int) ((n + CHUNK - 1L) / CHUNK);
    return () -> {
      out.fill(0, out.length(), 0);
      Reductions.claimed(
          team,
          chunks,
          (worker, chunk) -> {
            int end = (int) Math.min(n, (chunk + 1L) * CHUNK);
            for (int i = chunk * CHUNK; i < end; i++) {
              out.atomicAdd(index.index(i, out.length()), src.get(i));
            }
          });
    };
  }

  /**
   * As many contiguous parts of the sources as there are threads, each added in order to a copy of
   * the targets of its own, and the copies added in order of the parts. The bits depend on the
   * number of threads, on nothing else.
   */
  static Runnable privateCopies(Call call, ThreadTeam team) {
    RealArray src = call.in(0);
    IntArray index = call.indices(1);
    RealArray out = call.out(0);
    int parts = call.threads();
    RealArray[] copies = call.scratch(out.length());
    return () -> {
      try {
        team.forEach(
            parts,
            (worker, part) -> {
              copies[part].fill(0, out.length(), 0);
              int from = ThreadTeam.part(src.length(), part, parts);
              int to = ThreadTeam.part(src.length(), part + 1, parts);
              copies[part].addAt(index.values(), src, from, to);
            });
      } catch (IndexOutOfBoundsException e) {
        index.requireBelow(out.length());
        throw e;
      }
      team.forRanges(
          out.length(),
          (worker, from, to) -> {
            out.copyRow(from, copies[0], from, to - from);
            for (int part = 1; part < parts; part++) {
              out.addRow(from, copies[part], from, to - from);
            }
            out.canonicalizeNaN(from, to - from);
          });
    };
  }
}
