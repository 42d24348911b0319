package dev.samebits.backend.cuda;

import static dev.samebits.backend.cuda.Driver.check;

import dev.samebits.kernel.Op;
import dev.samebits.kernel.Operand;
import java.util.List;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/** One of the streams on which a call of a library runs, with operands by address. */
public final class LibraryLane {
  private final Device device;
  private final Op op;
  private final Surroundings around;
  private final int number;
  private final CUstream stream;
  private final Rotation in;
  private final List<CUdeviceptr> out;
  private final List<CUdeviceptr> owned;

  LibraryLane(
      Device device,
      Op op,
      Surroundings around,
      int number,
      CUstream stream,
      Rotation in,
      List<CUdeviceptr> out,
      List<CUdeviceptr> owned) {
    this.device = device;
    this.op = op;
    this.around = around;
    this.number = number;
    this.stream = stream;
    this.in = in;
    this.out = out;
    this.owned = owned;
  }

  /** Which of the streams, from 0. */
  public int number() {
    return number;
  }

  /** How many streams there are. */
  public int count() {
    return around.streams();
  }

  /** Elements of padding behind each row of every operand. */
  public int padding() {
    return around.padding();
  }

  /** The stream. */
  public CUstream stream() {
    return stream;
  }

  /** Address of an input in the invocation that is being submitted; another one in the next. */
  public long in(int index) {
    return in.address(index)[0];
  }

  /** Address of an output, that of the case in lane 0, of the lane's own in others. */
  public long out(int index) {
    return NativeAddress.of(out.get(index));
  }

  /**
   * Allocates memory that is freed with the kernel.
   *
   * @return its address; 0 for no bytes
   * @throws IllegalArgumentException naming the needed and the free bytes if there are too few
   */
  public long own(long bytes) {
    if (bytes == 0) {
      return 0;
    }
    CUdeviceptr pointer = device.allocate(bytes);
    owned.add(pointer);
    return NativeAddress.of(pointer);
  }

  /** Copies an input to an output. */
  Runnable copy(int input, int output, long bytes) {
    CUdeviceptr to = out.get(output);
    return bytes == 0
        ? () -> {}
        : () -> {
          CUdeviceptr from = new CUdeviceptr().withByteOffset(in(input));
          check("cuMemcpyDtoD", JCudaDriver.cuMemcpyDtoDAsync(to, from, bytes, stream));
        };
  }

  /** Fills an output with +0: what a library does not do where it has nothing to add. */
  public Runnable zero(int output) {
    CUdeviceptr pointer = out.get(output);
    Operand operand = op.outputs().get(output);
    Pitch pitch = Pitch.of(operand, padding());
    long bytes = operand.bytes();
    long rows = pitch.rows(bytes);
    return bytes == 0
        ? () -> {}
        : () ->
            check(
                "cuMemsetD2D8",
                JCudaDriver.cuMemsetD2D8Async(
                    pointer, pitch.step(bytes), (byte) 0, bytes / rows, rows, stream));
  }
}
