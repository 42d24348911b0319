package dev.samebits.library;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Sees to it that a process loads at most one native math library: two of them can bind to each
 * other's symbols while names, versions and hashes all look right.
 */
public final class NativeMath {
  private static final Set<String> LOADED = new LinkedHashSet<>();
  private static boolean several;

  private NativeMath() {}

  /** For runs that mix backends on purpose; their records must say so. */
  public static synchronized void allowSeveral() {
    several = true;
  }

  /** What has been claimed, in order. */
  public static synchronized Set<String> loaded() {
    return Set.copyOf(LOADED);
  }

  /**
   * To be called before a native math library is loaded; the same one may claim again.
   *
   * @param backend the backend that loads it
   * @throws IllegalStateException if this process has another one
   */
  public static synchronized void claim(String backend) {
    if (!several && !LOADED.isEmpty() && !LOADED.contains(backend)) {
      throw new IllegalStateException(
          "backend "
              + backend
              + ": this process has already loaded the native math library of "
              + LOADED.iterator().next()
              + ", and one process holds one; run the two in processes of their own");
    }
    LOADED.add(backend);
  }
}
