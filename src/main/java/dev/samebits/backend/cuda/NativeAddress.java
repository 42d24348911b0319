package dev.samebits.backend.cuda;

import jcuda.NativePointerObject;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;

/**
 * Addresses between JCuda's objects and libraries that are bound by other means. JCuda keeps them
 * from all but its subclasses.
 */
public final class NativeAddress {
  private NativeAddress() {}

  /** Where a pointer points to. */
  public static long of(CUdeviceptr pointer) {
    return new Address(pointer).value();
  }

  /** A handle; a stream's is the same in the driver and in the runtime. */
  public static long of(NativePointerObject handle) {
    return new Handle(handle).value();
  }

  /** A pointer to an address, on the host or on the device. */
  public static Pointer pointer(long address) {
    return new Address(address);
  }

  private static final class Address extends Pointer {
    Address(Pointer other) {
      super(other, 0);
    }

    Address(long address) {
      super(address);
    }

    long value() {
      return getNativePointer() + getByteOffset();
    }
  }

  private static final class Handle extends NativePointerObject {
    Handle(NativePointerObject other) {
      super(other);
    }

    long value() {
      return getNativePointer();
    }
  }
}
