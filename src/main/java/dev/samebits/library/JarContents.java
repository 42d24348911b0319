package dev.samebits.library;

/**
 * What lies on the class path. The portable bundle leaves parts of the jar out; what needs them
 * asks here before it uses their classes.
 */
public final class JarContents {
  private JarContents() {}

  /** Whether a resource, a class file for one, is there; {@code a/b/C.class} without a slash. */
  public static boolean has(String resource) {
    return has(JarContents.class.getClassLoader(), resource);
  }

  /** The same with another class loader. */
  public static boolean has(ClassLoader loader, String resource) {
    return loader.getResource(resource) != null;
  }
}
