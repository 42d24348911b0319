package dev.samebits.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * How many cores others kept busy while a session ran: the ticks that Linux counts as not idle,
 * less those of this process and of its children that have ended (proc(5), {@code /proc/stat} and
 * {@code /proc/PID/stat}). Time stolen by a hypervisor is others' work.
 */
final class OtherWork {
  /** Ticks of {@code /proc/stat} a second, USER_HZ: 100 on every platform that Linux has. */
  private static final double TICKS = 100;

  private final Path proc;
  private final int cores;
  private final long start = System.nanoTime();
  private final long[] before;

  private OtherWork(Path proc, int cores) {
    this.proc = proc;
    this.cores = cores;
    before = ticks();
  }

  /** Begins to count. */
  static OtherWork begin() {
    return new OtherWork(Path.of("/proc"), Runtime.getRuntime().availableProcessors());
  }

  /**
   * Cores busy with others' work since the beginning, on average; null where that cannot be known:
   * not on Linux, or where the machine has more cores than this process may use.
   */
  Double cores() {
    long[] now = ticks();
    double seconds = (System.nanoTime() - start) * 1e-9;
    if (before.length == 0 || now.length == 0 || seconds < 1) {
      return null;
    }
    double others = (now[0] - before[0] - (now[1] - before[1])) / TICKS / seconds;
    return Math.min(cores, Math.max(0, others));
  }

  private long[] ticks() {
    try {
      return ticks(
          Files.readAllLines(proc.resolve("stat")),
          Files.readString(proc.resolve("self/stat")),
          cores);
    } catch (IOException | RuntimeException e) {
      return new long[0];
    }
  }

  /**
   * Ticks that the machine was busy, and those of it that are ours.
   *
   * @param machine lines of {@code /proc/stat}
   * @param process line of {@code /proc/self/stat}
   * @return empty if the machine has other cores than {@code cores}
   */
  static long[] ticks(List<String> machine, String process, int cores) {
    long all = machine.stream().filter(l -> l.matches("cpu\\d+ .*")).count();
    if (all != cores) {
      return new long[0];
    }
    long[] t =
        Arrays.stream(machine.get(0).trim().split("\\s+"))
            .skip(1)
            .mapToLong(Long::parseLong)
            .toArray();
    long busy = t[0] + t[1] + t[2] + t[5] + t[6] + t[7]; // guests' time is part of t[0] and t[1]
    // The second field is the command in parentheses, which may hold anything.
    String[] p = process.substring(process.lastIndexOf(')') + 2).split(" ");
    long ours = 0;
    for (int i = 11; i <= 14; i++) { // utime, stime and those of ended children: fields 14 to 17
      ours += Long.parseLong(p[i]);
    }
    return new long[] {busy, ours};
  }
}
