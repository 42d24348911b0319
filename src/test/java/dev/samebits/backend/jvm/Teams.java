package dev.samebits.backend.jvm;

/** Gives tests of other packages a team of threads. */
public final class Teams {
  private Teams() {}

  /** The shared team of a size. */
  public static ThreadTeam of(int size) {
    return ThreadTeam.shared(size);
  }

  /** How often the shared team of a size has been given work to share. */
  public static long calls(int size) {
    return ThreadTeam.shared(size).calls();
  }
}
