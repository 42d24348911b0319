package dev.samebits.backend.jvm;

import dev.samebits.kernel.BoundKernel;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;

/**
 * {@code sum} and {@code dot} by {@code java.util.stream}, in a ForkJoinPool of its own with as
 * many threads as asked for. The library halves the index range until the parts are about n / (4
 * threads) long, adds a part in index order, and joins neighbours; so the order depends on the
 * number of threads. The specification only asks for an associative operation, which floating-point
 * addition is not: it promises nothing.
 */
final class ParallelStream implements BoundKernel {
  private final RealArray x;
  private final RealArray y;
  private final RealArray out;
  private final ForkJoinPool pool;

  private ParallelStream(Call call) {
    x = call.in(0);
    y = Reductions.second(call);
    out = call.out(0);
    pool = new ForkJoinPool(call.threads());
  }

  static BoundKernel bind(Call call) {
    return new ParallelStream(call);
  }

  @Override
  public void invoke() {
    out.set(0, pool.submit(this::reduce).join());
  }

  private double reduce() {
    IntStream indices = IntStream.range(0, x.length()).parallel();
    return y == null
        ? indices.mapToDouble(x::get).reduce(0, x::add)
        : indices.mapToDouble(i -> x.multiply(x.get(i), y.get(i))).reduce(0, x::add);
  }

  @Override
  public Map<String, String> effective() {
    return Map.of("threads", Integer.toString(pool.getParallelism()));
  }

  @Override
  public void close() {
    pool.shutdown();
  }
}
