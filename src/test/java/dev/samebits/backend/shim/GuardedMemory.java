package dev.samebits.backend.shim;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.Memory;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Memory that shows what was done to it: bytes around the elements that must not change, a page
 * behind them that no one may touch (reading it ends the process), and elements that are NaN until
 * they are written.
 */
final class GuardedMemory implements Memory {
  private static final NativeLibrary C = NativeLibrary.getInstance("c");
  private static final int PAGE = 4096;
  private static final byte GUARD = (byte) 0xA5;

  private final DType dtype;
  private final long elements;
  private final Pointer base;
  private final long mapped;
  private final long at;
  private byte[] written;

  /**
   * @param tight whether the elements end where the page begins, else they begin on a boundary of
   *     256 bytes as on a GPU
   */
  GuardedMemory(DType dtype, long elements, boolean tight) {
    this.dtype = dtype;
    this.elements = elements;
    mapped = (bytes() + 256 + PAGE - 1) / PAGE * PAGE;
    base = map(mapped + PAGE);
    at = tight ? mapped - bytes() : 256 * ((mapped - bytes()) / 256);
    base.setMemory(0, mapped, GUARD);
    base.setMemory(at, bytes(), (byte) 0xFF);
  }

  private static Pointer map(long length) {
    int readWrite = 3;
    int privateAnonymous = 0x22;
    Object[] arguments = {Pointer.NULL, length, readWrite, privateAnonymous, -1, 0L};
    Pointer all = C.getFunction("mmap").invokePointer(arguments);
    Object[] last = {all.share(length - PAGE), (long) PAGE, 0};
    if (Pointer.nativeValue(all) == -1 || C.getFunction("mprotect").invokeInt(last) != 0) {
      throw new IllegalStateException("cannot map " + length + " bytes");
    }
    return all;
  }

  /** Where the elements begin. */
  Pointer pointer() {
    return base.share(at);
  }

  /** Requires that nothing around the elements has changed. */
  void checkGuards(String what) {
    byte[] before = base.getByteArray(0, (int) at);
    byte[] after = base.getByteArray(at + bytes(), (int) (mapped - at - bytes()));
    for (byte[] guard : new byte[][] {before, after}) {
      for (byte b : guard) {
        if (b != GUARD) {
          throw new AssertionError(what + ": a byte outside of its elements was written");
        }
      }
    }
  }

  /** Requires that the elements are those that were written last. */
  void checkUnchanged(String what) {
    if (written != null && !Arrays.equals(written, base.getByteArray(at, (int) bytes()))) {
      throw new AssertionError(what + ": an input was written");
    }
  }

  @Override
  public DType dtype() {
    return dtype;
  }

  @Override
  public long elements() {
    return elements;
  }

  @Override
  public void write(ByteBuffer source) {
    Memory.requireSource(bytes(), source);
    written = new byte[source.remaining()];
    source.get(written);
    base.write(at, written, 0, written.length);
  }

  @Override
  public void read(ByteBuffer target) {
    Memory.requireRoom(bytes(), target);
    target.put(base.getByteArray(at, (int) bytes()));
  }

  @Override
  public void close() {
    C.getFunction("munmap").invokeInt(new Object[] {base, mapped + PAGE});
  }
}
