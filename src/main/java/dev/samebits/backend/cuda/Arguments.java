package dev.samebits.backend.cuda;

import dev.samebits.kernel.DType;
import java.util.ArrayList;
import java.util.List;
import jcuda.NativePointerObject;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;

/** The parameters of a launch, in order, as the driver takes them. */
final class Arguments {
  private final DType dtype;
  private final List<NativePointerObject> all = new ArrayList<>();

  /**
   * @param dtype the type of the call; {@link #real} parameters are of its result's
   */
  Arguments(DType dtype) {
    this.dtype = dtype;
  }

  Arguments pointer(CUdeviceptr pointer) {
    all.add(Pointer.to(pointer));
    return this;
  }

  /** An address that may change between launches. */
  Arguments address(long[] address) {
    all.add(Pointer.to(address));
    return this;
  }

  Arguments int32(long value) {
    all.add(Pointer.to(new int[] {Math.toIntExact(value)}));
    return this;
  }

  Arguments int64(long value) {
    all.add(Pointer.to(new long[] {value}));
    return this;
  }

  Arguments real(double value) {
    all.add(
        dtype.result() == DType.F32
            ? Pointer.to(new float[] {(float) value})
            : Pointer.to(new double[] {value}));
    return this;
  }

  Pointer toPointer() {
    return Pointer.to(all.toArray(NativePointerObject[]::new));
  }
}
