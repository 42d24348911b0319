package dev.samebits.jmh.bench;

import dev.samebits.backend.Backends;
import dev.samebits.jmh.BenchmarkClasses;
import dev.samebits.jmh.TimingFork;
import dev.samebits.kernel.Backend;
import dev.samebits.kernel.BoundCase;
import dev.samebits.kernel.CaseKey;
import dev.samebits.kernel.OutOfDeviceMemoryException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Times one call of a bound case. Binding, reading the output and fingerprinting stand outside the
 * timed region.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public abstract class KernelBenchmark {
  private BoundCase bound;
  private TimingFork records;

  /** The case and conditions to run, {@code case?k=v;k=v}. */
  protected abstract String key();

  /** The class as written: JMH runs a generated subclass of it. */
  private Class<?> type() {
    Class<?> type = getClass();
    while (type.getSuperclass() != KernelBenchmark.class) {
      type = type.getSuperclass();
    }
    return type;
  }

  /** Binds the case; begins the part file when a session asked for one. */
  @Setup(Level.Trial)
  public void bind() {
    CaseKey parsed = CaseKey.parse(key());
    String own = BenchmarkClasses.of(parsed.id().kernel());
    if (!own.equals(type().getName())) {
      throw new IllegalArgumentException(
          "key '" + key() + "' is timed by " + own + ", not by " + type().getName());
    }
    records = TimingFork.begin(parsed);
    Backend backend = Backends.of(parsed.id().backend());
    bound = records.bind(backend, parsed);
  }

  /** The timed region. */
  @Benchmark
  public void invoke() {
    try {
      bound.invoke();
    } catch (OutOfDeviceMemoryException e) {
      records.skip(e.getMessage());
      throw e;
    }
  }

  /** Fingerprints the last output of the iteration. */
  @TearDown(Level.Iteration)
  public void fingerprint() {
    records.iterationEnded(bound);
  }

  /** Releases the case and ends the part file. */
  @TearDown(Level.Trial)
  public void release() {
    bound.close();
    records.end();
  }
}
