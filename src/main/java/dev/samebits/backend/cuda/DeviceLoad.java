package dev.samebits.backend.cuda;

import static dev.samebits.backend.cuda.Driver.check;

import dev.samebits.kernel.DType;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Op;
import dev.samebits.kernel.Operand;
import dev.samebits.kernel.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/**
 * The condition {@code load=gemm}: canonical products of matrices on a stream of their own, one
 * behind the other, from {@link #start} to {@link #close}. A product has two tiles for every
 * multiprocessor; a thread that sleeps in between keeps one batch of them queued behind the one at
 * work.
 */
final class DeviceLoad implements AutoCloseable {
  private static final int BATCH = 32;
  private static final int TILE = 128;
  private static final int TERMS = 256;
  private static final long PATIENCE_NANOS = 5_000_000_000L;

  private final Device device;
  private final CudaKernel.Lane lane;
  private final List<DeviceMemory> memory;
  private final Thread thread;
  private volatile boolean stopped;
  private volatile RuntimeException failure;

  private DeviceLoad(Device device, CudaKernel.Lane lane, List<DeviceMemory> memory) {
    this.device = device;
    this.lane = lane;
    this.memory = memory;
    this.thread = new Thread(this::keepBusy, "device-load");
    thread.setDaemon(true);
  }

  /**
   * Begins.
   *
   * @throws IllegalArgumentException if there is no room for it
   */
  static DeviceLoad start(Gpu gpu) {
    Device device = gpu.device();
    int rows =
        2 * TILE * device.attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
    Shape shape = Shape.of(Kernel.MATMUL, rows, TILE, TERMS);
    Op op = Op.of(Kernel.MATMUL, DType.F32, shape, "canonical");
    List<DeviceMemory> memory = new ArrayList<>();
    try {
      for (Operand operand : op.inputs()) {
        memory.add(new DeviceMemory(device, operand.dtype(), operand.elements()));
        memory.get(memory.size() - 1).write(numbers(operand));
      }
      DeviceLoad load = new DeviceLoad(device, gpu.beside(op, memory), memory);
      load.thread.start();
      return load;
    } catch (RuntimeException e) {
      memory.forEach(DeviceMemory::close);
      throw e;
    }
  }

  /** Products of zeros would need less power. */
  private static ByteBuffer numbers(Operand operand) {
    ByteBuffer numbers = ByteBuffer.allocate(operand.bufferBytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < operand.elements(); i++) {
      numbers.putFloat((i * 37 % 256 - 128) / 128f);
    }
    return numbers.flip();
  }

  private void keepBusy() {
    CUevent[] ends = {new CUevent(), new CUevent()};
    try {
      device.enter();
      for (CUevent end : ends) {
        int flags = CUevent_flags.CU_EVENT_BLOCKING_SYNC | CUevent_flags.CU_EVENT_DISABLE_TIMING;
        check("cuEventCreate", JCudaDriver.cuEventCreate(end, flags));
      }
      for (int batch = 0; !stopped; batch++) {
        CUevent end = ends[batch % 2];
        if (batch >= 2) {
          check("cuEventSynchronize", JCudaDriver.cuEventSynchronize(end));
        }
        for (int i = 0; i < BATCH && !stopped; i++) {
          lane.work().forEach(work -> work.launch(lane.stream()));
        }
        check("cuEventRecord", JCudaDriver.cuEventRecord(end, lane.stream()));
      }
    } catch (RuntimeException e) {
      failure = e;
    } finally {
      for (CUevent end : ends) {
        JCudaDriver.cuEventDestroy(end);
      }
    }
  }

  /**
   * Waits until the stream has something to do. Called before every invocation, so that each begins
   * beside a product at work.
   *
   * @throws Op.NotHonouredException if it has had nothing for five seconds
   */
  void requireAtWork() {
    long end = System.nanoTime() + PATIENCE_NANOS;
    CUstream stream = lane.stream();
    while (true) {
      if (failure != null) {
        throw failure;
      }
      int code = JCudaDriver.cuStreamQuery(stream);
      if (code == CUresult.CUDA_ERROR_NOT_READY) {
        return;
      }
      check("cuStreamQuery", code);
      if (System.nanoTime() > end) {
        throw new Op.NotHonouredException(
            "condition load=gemm: the stream beside the case has had nothing to do for "
                + PATIENCE_NANOS / 1_000_000_000L
                + " s, so the device is not loaded");
      }
      Thread.onSpinWait();
    }
  }

  @Override
  public void close() {
    stopped = true;
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    JCudaDriver.cuStreamSynchronize(lane.stream()); // an error has been told by the case
    JCudaDriver.cuStreamDestroy(lane.stream());
    lane.owned().forEach(device::free);
    memory.forEach(DeviceMemory::close);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
