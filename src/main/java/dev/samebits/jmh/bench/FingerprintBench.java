package dev.samebits.jmh.bench;

import dev.samebits.metric.Fingerprint;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What looking at the bits costs: a fingerprint of 64 MiB against an XOR of the same memory. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FingerprintBench {
  private static final int BYTES = 64 << 20;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] array = new byte[BYTES];
  private ByteBuffer buffer;

  /** Fills the memory with something other than zeros. */
  @Setup
  public void fill() {
    for (int i = 0; i < BYTES; i += Long.BYTES) {
      LONGS.set(array, i, i * 0x9E3779B97F4A7C15L);
    }
    buffer = ByteBuffer.wrap(array);
  }

  /** The fingerprint with the digests of its 64 row blocks. */
  @Benchmark
  public Fingerprint fingerprint() {
    return Fingerprint.of(buffer, 4096);
  }

  /** The exclusive or of all longs: about as fast as memory can be read. */
  @Benchmark
  public long xor() {
    long x = 0;
    for (int i = 0; i < BYTES; i += Long.BYTES) {
      x ^= (long) LONGS.get(array, i);
    }
    return x;
  }
}
