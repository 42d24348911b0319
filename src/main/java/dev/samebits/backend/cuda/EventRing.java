package dev.samebits.backend.cuda;

import static dev.samebits.backend.cuda.Driver.check;

import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/**
 * Pairs of events around the last invocations. They have a resolution of about half a microsecond.
 */
final class EventRing implements AutoCloseable {
  private static final int SIZE = 1024;

  private final CUevent[] begin = new CUevent[SIZE];
  private final CUevent[] end = new CUevent[SIZE];
  private long invocations;
  private long taken;

  EventRing() {
    try {
      for (int i = 0; i < SIZE; i++) {
        begin[i] = create();
        end[i] = create();
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static CUevent create() {
    CUevent event = new CUevent();
    check("cuEventCreate", JCudaDriver.cuEventCreate(event, CUevent_flags.CU_EVENT_DEFAULT));
    return event;
  }

  void begin(CUstream stream) {
    record(begin, stream);
  }

  void end(CUstream stream) {
    record(end, stream);
    invocations++;
  }

  private void record(CUevent[] events, CUstream stream) {
    int code = JCudaDriver.cuEventRecord(events[(int) (invocations % SIZE)], stream);
    if (code != 0) {
      check("cuEventRecord", code);
    }
  }

  /** Nanoseconds of the invocations since the last call, sorted; they have ended. */
  double[] take() {
    int count = (int) Math.min(SIZE, invocations - taken);
    double[] nanos = new double[count];
    float[] millis = new float[1];
    for (int i = 0; i < count; i++) {
      int at = (int) ((invocations - 1 - i) % SIZE);
      check("cuEventElapsedTime", JCudaDriver.cuEventElapsedTime(millis, begin[at], end[at]));
      nanos[i] = millis[0] * 1e6;
    }
    taken = invocations;
    Arrays.sort(nanos);
    return nanos;
  }

  /** After the device is lost there is nothing to be released. */
  @Override
  public void close() {
    Stream.of(begin, end)
        .flatMap(Arrays::stream)
        .filter(Objects::nonNull)
        .forEach(JCudaDriver::cuEventDestroy);
  }
}
