package dev.samebits.backend.cuda;

import static dev.samebits.backend.cuda.Driver.check;

import dev.samebits.kernel.BoundKernel;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.DeviceSample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUfunction;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/**
 * A call bound on a device. {@link #invoke} launches its functions, one after another, and waits
 * for the end.
 */
final class CudaKernel implements BoundKernel {
  private final Device device;
  private final Optional<Nvml> nvml;
  private final List<Lane> lanes;
  private final Map<String, String> facts;
  private final List<CUdeviceptr> owned = new ArrayList<>();
  private CUdeviceptr flushed;
  private long flushedBytes;
  private Rotation rotation;
  private DeviceLoad load;
  private CUevent flushEnd;
  private EventRing events;
  private Runnable release = () -> {};

  /** Something to be done on a stream. */
  interface Work {
    /** Submits it and does not wait. */
    void launch(CUstream stream);
  }

  /**
   * One launch, ready to go.
   *
   * @param symbol its name
   * @param function what is launched
   * @param grid blocks and threads
   * @param parameters its parameters
   */
  record Step(String symbol, CUfunction function, Launch.Grid grid, Pointer parameters)
      implements Work {
    @Override
    public void launch(CUstream stream) {
      int code =
          JCudaDriver.cuLaunchKernel(
              function, grid.blocks(), 1, 1, grid.threads(), 1, 1, 0, stream, parameters, null);
      if (code != 0) {
        check("cuLaunchKernel of " + symbol, code);
      }
    }
  }

  /**
   * What one stream does.
   *
   * @param stream where
   * @param work what is done there, in order
   * @param owned arrays of its own, freed when the call is closed
   */
  record Lane(CUstream stream, List<? extends Work> work, List<CUdeviceptr> owned) {}

  /**
   * @param lanes the stream of the case, then those that run beside it
   * @param facts settings in force
   */
  CudaKernel(Device device, Optional<Nvml> nvml, List<Lane> lanes, Map<String, String> facts) {
    this.device = device;
    this.nvml = nvml;
    this.lanes = lanes;
    this.facts = facts;
    lanes.forEach(lane -> owned.addAll(lane.owned()));
  }

  /** Overwrites an array of this size before each call, so that no operand is left in a cache. */
  void flush(long bytes) {
    flushed = device.allocate(bytes);
    flushedBytes = bytes;
    owned.add(flushed);
    if (lanes.size() > 1) {
      CUevent event = new CUevent();
      check(
          "cuEventCreate", JCudaDriver.cuEventCreate(event, CUevent_flags.CU_EVENT_DISABLE_TIMING));
      flushEnd = event;
    }
  }

  /** Overwrites the array on the first stream, and has the others wait for that. */
  private void flush() {
    device.set(flushed, flushedBytes);
    if (flushEnd != null) {
      check("cuEventRecord", JCudaDriver.cuEventRecord(flushEnd, lanes.get(0).stream()));
      for (Lane lane : lanes.subList(1, lanes.size())) {
        check("cuStreamWaitEvent", JCudaDriver.cuStreamWaitEvent(lane.stream(), flushEnd, 0));
      }
    }
  }

  /** Has each call take the next copy of its inputs. */
  void rotate(Rotation inputs) {
    rotation = inputs;
  }

  /** Runs each call beside this, which is closed with the kernel. */
  void beside(DeviceLoad other) {
    load = other;
  }

  /** Has something done before the arrays are freed. */
  void beforeClose(Runnable action) {
    release = action;
  }

  @Override
  public void invoke() {
    device.enter();
    CUstream first = lanes.get(0).stream();
    if (rotation != null) {
      rotation.next();
    }
    if (load != null) {
      load.requireAtWork();
    }
    if (flushed != null) {
      flush();
    }
    if (events != null) {
      events.begin(first);
    }
    for (Lane lane : lanes) {
      for (Work work : lane.work()) {
        work.launch(lane.stream());
      }
    }
    if (events != null) {
      events.end(first);
    }
    for (Lane lane : lanes) {
      device.await(lane.stream());
    }
  }

  @Override
  public void timeOnDevice() {
    device.enter();
    events = new EventRing();
  }

  @Override
  public Optional<DeviceSample> deviceSample() {
    if (events == null) {
      return Optional.empty();
    }
    device.enter();
    Nvml.Sample now = nvml.map(Nvml::sample).orElse(Nvml.Sample.NONE);
    double[] nanos = events.take();
    int n = nanos.length;
    return n == 0
        ? Optional.empty()
        : Optional.of(
            new DeviceSample(
                n,
                (nanos[(n - 1) / 2] + nanos[n / 2]) / 2,
                nanos[0],
                nanos[n - 1],
                now.smMhz(),
                now.memoryMhz(),
                now.watts(),
                now.celsius(),
                now.reasons(),
                now.throttled()));
  }

  @Override
  public Map<String, String> effective() {
    Map<String, String> all = new TreeMap<>(facts);
    all.put(Conditions.THREADS, "1"); // of the host; those of the device belong to the variant
    return all;
  }

  @Override
  public void close() {
    device.enter();
    if (load != null) {
      load.close();
    }
    release.run();
    owned.forEach(device::free);
    if (events != null) {
      events.close();
    }
    if (flushEnd != null) {
      JCudaDriver.cuEventDestroy(flushEnd);
    }
    lanes.stream().skip(1).forEach(lane -> device.destroy(lane.stream()));
  }
}
