package dev.samebits.backend.cuda;

import static dev.samebits.backend.cuda.Driver.check;

import dev.samebits.kernel.DeviceLostException;
import dev.samebits.kernel.OutOfDeviceMemoryException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUctx_flags;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;

/**
 * A device and its primary context, which libraries that use the CUDA runtime share. Copies wait
 * for the work before them and are done when they return.
 */
public final class Device {
  private static final int STAGING_BYTES = 8 << 20;

  private final CUdevice device;
  private final CUcontext context = new CUcontext();
  private final ThreadLocal<Boolean> entered = new ThreadLocal<>();
  private final CUstream stream;
  private ByteBuffer staging;

  /** Opens a device; the driver is initialised. */
  Device(int ordinal) {
    device = new CUdevice();
    check("cuDeviceGet", JCudaDriver.cuDeviceGet(device, ordinal));
    // A thread that spins sees the end of a kernel before one that sleeps.
    int code = JCudaDriver.cuDevicePrimaryCtxSetFlags(device, CUctx_flags.CU_CTX_SCHED_SPIN);
    if (code != CUresult.CUDA_ERROR_PRIMARY_CONTEXT_ACTIVE) { // a library was here first
      check("cuDevicePrimaryCtxSetFlags", code);
    }
    check("cuDevicePrimaryCtxRetain", JCudaDriver.cuDevicePrimaryCtxRetain(context, device));
    stream = newStream();
  }

  /** Makes the context current in this thread. */
  public void enter() {
    if (entered.get() == null) {
      check("cuCtxSetCurrent", JCudaDriver.cuCtxSetCurrent(context));
      entered.set(Boolean.TRUE);
    }
  }

  /** The stream on which cases run. */
  CUstream stream() {
    return stream;
  }

  /** Another stream, for work beside that of the case. */
  CUstream newStream() {
    enter();
    CUstream other = new CUstream();
    check(
        "cuStreamCreate", JCudaDriver.cuStreamCreate(other, CUstream_flags.CU_STREAM_NON_BLOCKING));
    return other;
  }

  /** Gives another stream back; a status would only say that the device is lost. */
  void destroy(CUstream other) {
    enter();
    JCudaDriver.cuStreamDestroy(other);
  }

  /** Waits for all work on the stream of the cases. */
  public void await() {
    await(stream);
  }

  /** Waits for all work on a stream. */
  void await(CUstream other) {
    int code = JCudaDriver.cuStreamSynchronize(other);
    if (code != 0) {
      check("cuStreamSynchronize", code);
    }
  }

  /** One of {@link CUdevice_attribute}. */
  int attribute(int attribute) {
    int[] value = new int[1];
    check("cuDeviceGetAttribute", JCudaDriver.cuDeviceGetAttribute(value, attribute, device));
    return value[0];
  }

  /** Compute capability, 10 times the major plus the minor number. */
  int capability() {
    return 10 * attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)
        + attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
  }

  /** Its name, as the driver tells it. */
  public String name() {
    byte[] name = new byte[256];
    check("cuDeviceGetName", JCudaDriver.cuDeviceGetName(name, name.length, device));
    return com.sun.jna.Native.toString(name);
  }

  /** Domain, bus, device and function, e.g. {@code 0000:01:00.0}. */
  String pciBusId() {
    String[] id = new String[1];
    check("cuDeviceGetPCIBusId", JCudaDriver.cuDeviceGetPCIBusId(id, 64, device));
    return id[0];
  }

  /** Free and total bytes of the device. */
  public long[] memory() {
    enter();
    long[] free = new long[1];
    long[] total = new long[1];
    check("cuMemGetInfo", JCudaDriver.cuMemGetInfo(free, total));
    return new long[] {free[0], total[0]};
  }

  /**
   * Allocates, uninitialised.
   *
   * @throws OutOfDeviceMemoryException naming the needed and the free bytes if there are too few
   */
  CUdeviceptr allocate(long bytes) {
    enter();
    CUdeviceptr pointer = new CUdeviceptr();
    int code = JCudaDriver.cuMemAlloc(pointer, bytes);
    if (code == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
      throw Driver.outOfMemory("an array on " + name() + " needs " + bytes + " bytes");
    }
    check("cuMemAlloc", code);
    return pointer;
  }

  /** Frees; after the device is lost there is nothing to be freed. */
  void free(CUdeviceptr pointer) {
    enter();
    try {
      check("cuMemFree", JCudaDriver.cuMemFree(pointer));
    } catch (DeviceLostException e) {
      // the error that lost it has been reported, and the process is about to end
    }
  }

  void zero(CUdeviceptr pointer, long bytes) {
    enter();
    set(pointer, bytes);
    await();
  }

  /** Sets bytes to zero, on the stream of the cases, and does not wait. */
  void set(CUdeviceptr pointer, long bytes) {
    check("cuMemsetD8", JCudaDriver.cuMemsetD8Async(pointer, (byte) 0, bytes, stream));
  }

  void copy(CUdeviceptr to, CUdeviceptr from, long bytes) {
    enter();
    check("cuMemcpyDtoD", JCudaDriver.cuMemcpyDtoDAsync(to, from, bytes, stream));
    await();
  }

  /** Copies all that is left in the source, which is read to its end. */
  synchronized void toDevice(CUdeviceptr to, ByteBuffer source) {
    enter();
    await();
    long done = 0;
    while (source.hasRemaining()) {
      ByteBuffer chunk = staging();
      chunk.limit(Math.min(chunk.capacity(), source.remaining()));
      int end = source.limit();
      source.limit(source.position() + chunk.limit());
      chunk.put(source);
      source.limit(end);
      check(
          "cuMemcpyHtoD",
          JCudaDriver.cuMemcpyHtoD(
              to.withByteOffset(done), Pointer.to(chunk.rewind()), chunk.limit()));
      done += chunk.limit();
    }
  }

  /** Appends bytes to the target. */
  synchronized void fromDevice(ByteBuffer target, CUdeviceptr from, long bytes) {
    enter();
    await();
    for (long done = 0; done < bytes; ) {
      ByteBuffer chunk = staging();
      chunk.limit((int) Math.min(chunk.capacity(), bytes - done));
      check(
          "cuMemcpyDtoH",
          JCudaDriver.cuMemcpyDtoH(Pointer.to(chunk), from.withByteOffset(done), chunk.limit()));
      target.put(chunk);
      done += chunk.limit();
    }
  }

  private ByteBuffer staging() {
    if (staging == null) {
      staging = ByteBuffer.allocateDirect(STAGING_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }
    return staging.clear();
  }
}
