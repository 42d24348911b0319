package dev.samebits.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.backend.jvm.JvmBackend;
import dev.samebits.kernel.Backend;
import dev.samebits.kernel.UnknownNameException;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

class BackendsTest {
  @Test
  void jvmIsFirstAndNamesAreUnique() {
    assertEquals("jvm", Backends.names().get(0));
    assertEquals(Backends.names().size(), new HashSet<>(Backends.names()).size());
    assertEquals("jvm", Backends.of("jvm").name());
  }

  @Test
  void unknownNameNamesTheNearest() {
    Exception e = assertThrows(UnknownNameException.class, () -> Backends.of("jvn"));
    assertTrue(e.getMessage().contains("did you mean 'jvm'"), e.getMessage());
  }

  @Test
  void appendsClassesByName() {
    int builtIn = Backends.load("").size();
    String extra = " " + Renamed.class.getName() + " ,";
    assertEquals("renamed", Backends.load(extra).get(builtIn).name());
  }

  @Test
  void saysWhyAClassCannotBeAppended() {
    assertMessage("no.such.Backend", "cannot create 'no.such.Backend'");
    assertMessage("java.lang.String", "implements dev.samebits.kernel.Backend");
    assertMessage(JvmBackend.class.getName(), "has the name 'jvm'");
  }

  private static void assertMessage(String extra, String part) {
    Exception e = assertThrows(IllegalArgumentException.class, () -> Backends.load(extra));
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  /** A backend from outside. */
  public static final class Renamed extends ForwardingBackend {
    /** Called by name. */
    public Renamed() {
      super("renamed", new JvmBackend());
    }
  }

  /** Passes everything on under another name. */
  static class ForwardingBackend implements Backend {
    private final String name;
    private final Backend to;

    ForwardingBackend(String name, Backend to) {
      this.name = name;
      this.to = to;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public java.util.List<dev.samebits.kernel.Variant> variants() {
      return to.variants();
    }

    @Override
    public dev.samebits.kernel.Availability availability() {
      return to.availability();
    }

    @Override
    public dev.samebits.kernel.ForkSettings forkSettings(
        dev.samebits.kernel.Variant variant, dev.samebits.kernel.Conditions conditions) {
      return to.forkSettings(variant, conditions);
    }

    @Override
    public dev.samebits.kernel.Memory allocate(dev.samebits.kernel.DType dtype, long elements) {
      return to.allocate(dtype, elements);
    }

    @Override
    public dev.samebits.kernel.BoundKernel bind(
        dev.samebits.kernel.Op op,
        dev.samebits.kernel.Conditions conditions,
        java.util.List<dev.samebits.kernel.Memory> inputs,
        java.util.List<dev.samebits.kernel.Memory> outputs) {
      return to.bind(op, conditions, inputs, outputs);
    }
  }
}
