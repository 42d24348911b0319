package dev.samebits.backend;

import dev.samebits.backend.blas.BlasBackend;
import dev.samebits.backend.cuda.CudaBackend;
import dev.samebits.backend.cuda.blas.CublasBackend;
import dev.samebits.backend.cuda.dnn.CudnnBackend;
import dev.samebits.backend.jvm.JvmBackend;
import dev.samebits.backend.nd4j.Nd4jBackend;
import dev.samebits.kernel.Backend;
import dev.samebits.kernel.UnknownNameException;
import java.util.ArrayList;
import java.util.List;

/**
 * Every backend, in the order to show them. The list is explicit: nothing is found by scanning the
 * class path.
 *
 * <p>The system property {@value #EXTRA} appends backends from outside: class names separated by
 * commas, each a {@link Backend} with a public constructor without arguments.
 */
public final class Backends {
  /** The system property that names further backend classes. */
  public static final String EXTRA = "samebits.backends";

  private Backends() {}

  private static final class Holder {
    static final List<Backend> ALL = load(System.getProperty(EXTRA, ""));
  }

  /** Every backend, in order. Creating them loads no native library. */
  public static List<Backend> all() {
    return Holder.ALL;
  }

  /** The names of {@link #all}. */
  public static List<String> names() {
    return all().stream().map(Backend::name).toList();
  }

  /**
   * The backend with the given name.
   *
   * @throws UnknownNameException if there is none
   */
  public static Backend of(String name) {
    return all().stream()
        .filter(b -> b.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new UnknownNameException("backend", name, names()));
  }

  /** The built-in backends, then those named by {@code extra}. */
  static List<Backend> load(String extra) {
    List<Backend> all = new ArrayList<>();
    all.add(new JvmBackend());
    all.add(new Nd4jBackend());
    BlasBackend.all().forEach(backend -> add(all, backend));
    all.add(new CudaBackend());
    CublasBackend.all().forEach(backend -> add(all, backend));
    add(all, new CudnnBackend());
    for (String className : extra.split(",")) {
      if (!className.isBlank()) {
        add(all, create(className.strip()));
      }
    }
    return List.copyOf(all);
  }

  private static void add(List<Backend> all, Backend backend) {
    for (Backend other : all) {
      if (other.name().equals(backend.name())) {
        throw new IllegalArgumentException(
            "system property "
                + EXTRA
                + ": "
                + backend.getClass().getName()
                + " has the name '"
                + backend.name()
                + "', which "
                + other.getClass().getName()
                + " already has; give it another");
      }
    }
    all.add(backend);
  }

  private static Backend create(String className) {
    try {
      return Class.forName(className)
          .asSubclass(Backend.class)
          .getDeclaredConstructor()
          .newInstance();
    } catch (ReflectiveOperationException | ClassCastException | LinkageError e) {
      throw new IllegalArgumentException(
          "system property "
              + EXTRA
              + ": cannot create '"
              + className
              + "' ("
              + e
              + "); name a public class on the class path that implements "
              + Backend.class.getName()
              + " and has a public constructor without arguments",
          e);
    }
  }
}
