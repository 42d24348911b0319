package dev.samebits.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.backend.PortableCases.Level;
import dev.samebits.backend.jvm.JvmBackend;
import dev.samebits.kernel.BoundKernel;
import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.InputKind;
import dev.samebits.kernel.Inputs;
import dev.samebits.kernel.Memory;
import dev.samebits.kernel.Mode;
import dev.samebits.kernel.Op;
import dev.samebits.kernel.Operand;
import dev.samebits.metric.Fingerprint;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The bits of every canonical and exact kernel do not depend on where its operands lie. Arrays on
 * Java's heap begin at multiples of 8 bytes: every operand is put at each of the 8 such places in a
 * cache line of 64 bytes, and no two operands of a call move in step.
 */
class AlignmentTest {
  private static final JvmBackend JVM = new JvmBackend();
  private static final int STEP = 8;
  private static final int LINE = 64;

  /** A collection of garbage moves arrays; then the call is made again. */
  private static final int ATTEMPTS = 20;

  private static final Addresses ADDRESSES = new Addresses();

  @TestFactory
  Stream<DynamicTest> operandsAtEveryPlaceOfACacheLine() {
    return PortableCases.of(Level.SMALL).stream()
        .filter(id -> id.input() == InputKind.WIDE)
        .filter(id -> JVM.variant(id.kernel(), id.variant()).mode() == Mode.REPRODUCIBLE)
        .map(id -> DynamicTest.dynamicTest(id.toString(), () -> check(id)));
  }

  private static void check(CaseId id) {
    Op op = Op.of(id.kernel(), id.dtype(), id.shape(), id.variant());
    String expected = PortableCases.plainFingerprint(id);
    for (int place = 0; place < LINE / STEP; place++) {
      assertEquals(expected, fingerprint(op, id, place), id + " place " + place);
    }
  }

  /** Operand i at place (2 i + 1) place + 3 i: all places for each, all distances for a pair. */
  private static String fingerprint(Op op, CaseId id, int place) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      List<Memory> memory = new ArrayList<>();
      List<Integer> wanted = new ArrayList<>();
      for (Operand operand : Stream.of(op.inputs(), op.outputs()).flatMap(List::stream).toList()) {
        int i = memory.size();
        wanted.add(((2 * i + 1) * place + 3 * i) * STEP % LINE);
        memory.add(ADDRESSES.allocate(operand, wanted.get(i)));
      }
      List<Memory> inputs = memory.subList(0, op.inputs().size());
      List<Memory> outputs = memory.subList(op.inputs().size(), memory.size());
      for (int i = 0; i < inputs.size(); i++) {
        inputs.get(i).write(Inputs.of(id, i));
      }
      try (BoundKernel bound = op.bind(JVM, Conditions.of("threads", "2"), inputs, outputs)) {
        bound.invoke();
      }
      if (memory.stream().map(ADDRESSES::of).toList().equals(wanted)) {
        return digest(outputs);
      }
    }
    throw new AssertionError(id + ": its operands were moved " + ATTEMPTS + " times");
  }

  private static String digest(List<Memory> outputs) {
    long bytes = outputs.stream().mapToLong(Memory::bytes).sum();
    ByteBuffer all = ByteBuffer.allocate((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
    outputs.forEach(m -> m.read(all));
    return Fingerprint.digest(all.flip());
  }

  /**
   * Where arrays lie in memory, by {@code sun.misc.Unsafe}, which reads a reference as a number.
   */
  private static final class Addresses {
    private static final int TRIES = 10_000;

    private final Random random = new Random(8);
    private final Object unsafe;
    private final Method getInt;
    private final Method getLong;
    private final Method arrayBase;
    private final long references;
    private final boolean narrow;
    private final int scale;

    /** Fillers that are kept, so that they are really allocated. */
    private byte[] filler = new byte[0];

    Addresses() {
      try {
        Class<?> type = Class.forName("sun.misc.Unsafe");
        Field field = type.getDeclaredField("theUnsafe");
        field.setAccessible(true);
        unsafe = field.get(null);
        getInt = type.getMethod("getInt", Object.class, long.class);
        getLong = type.getMethod("getLong", Object.class, long.class);
        arrayBase = type.getMethod("arrayBaseOffset", Class.class);
        references = base(Object[].class);
        Method width = type.getMethod("arrayIndexScale", Class.class);
        narrow = (int) width.invoke(unsafe, Object[].class) == Integer.BYTES;
        scale = scale();
      } catch (ReflectiveOperationException e) {
        throw new AssertionError("no sun.misc.Unsafe in this JVM", e);
      }
    }

    private int base(Class<?> array) throws ReflectiveOperationException {
      return (int) arrayBase.invoke(unsafe, array);
    }

    /** A reference as it is stored: of 8 bytes the address; of 4 the address or an eighth of it. */
    private long stored(Object object) throws ReflectiveOperationException {
      Object[] holder = {object};
      return narrow
          ? (int) getInt.invoke(unsafe, holder, references) & 0xFFFFFFFFL
          : (long) getLong.invoke(unsafe, holder, references);
    }

    /** Bytes that a stored reference counts: arrays of 4 KiB one after another tell. */
    private int scale() throws ReflectiveOperationException {
      int bytes = 4096;
      int length = bytes - base(byte[].class);
      for (int i = 0; narrow && i < TRIES; i++) {
        byte[] first = new byte[length];
        byte[] second = new byte[length];
        long distance = stored(second) - stored(first);
        if (distance == bytes || distance == bytes / STEP) {
          return (int) (bytes / distance);
        }
      }
      assertTrue(!narrow, "arrays do not follow each other here");
      return 1;
    }

    /** The first element's address modulo a cache line. */
    int of(Memory memory) {
      try {
        Object array = array(memory);
        assertEquals(memory.elements(), Array.getLength(array));
        return (int) ((stored(array) * scale + base(array.getClass())) % LINE);
      } catch (ReflectiveOperationException e) {
        throw new AssertionError("memory without an array: " + memory.getClass(), e);
      }
    }

    private static Object array(Memory memory) throws ReflectiveOperationException {
      for (Field field : memory.getClass().getDeclaredFields()) {
        if (field.getType().isArray()
            && !java.lang.reflect.Modifier.isStatic(field.getModifiers())) {
          field.setAccessible(true);
          return field.get(memory);
        }
      }
      throw new NoSuchFieldException("an array");
    }

    /** Memory at a place, by trying. */
    Memory allocate(Operand operand, int place) {
      for (int i = 0; i < TRIES; i++) {
        filler = new byte[STEP * random.nextInt(LINE)];
        Memory memory = JVM.allocate(operand.dtype(), operand.elements());
        if (of(memory) == place) {
          return memory;
        }
      }
      DType dtype = operand.dtype();
      throw new AssertionError(
          "no "
              + operand.elements()
              + " "
              + dtype.id()
              + " came to lie at "
              + place
              + " of "
              + LINE);
    }
  }
}
