package dev.samebits.result;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import oshi.SystemInfo;
import oshi.hardware.HardwareAbstractionLayer;

/** What OSHI finds on platforms that are not Linux. It may start tools and be slow. */
final class OshiProbe {
  private OshiProbe() {}

  /**
   * The hardware.
   *
   * @param cpu model name
   * @param physicalCores cores
   * @param gpus names with driver
   */
  record Hardware(String cpu, int physicalCores, List<String> gpus) {}

  /**
   * Asks OSHI, and leaves it behind on a daemon thread if it takes too long.
   *
   * @throws IllegalStateException with the reason if there is no answer
   */
  static Hardware within(long millis) {
    FutureTask<Hardware> task = new FutureTask<>(OshiProbe::read);
    Thread thread = new Thread(task, "oshi");
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get(millis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException("OSHI gave no answer within " + millis + " ms", e);
    } catch (ExecutionException e) {
      // Missing natives arrive as errors, not exceptions.
      throw new IllegalStateException("OSHI: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static Hardware read() {
    HardwareAbstractionLayer hardware = new SystemInfo().getHardware();
    return new Hardware(
        hardware.getProcessor().getProcessorIdentifier().getName().strip(),
        hardware.getProcessor().getPhysicalProcessorCount(),
        hardware.getGraphicsCards().stream()
            .map(g -> g.getName() + ", driver " + g.getVersionInfo())
            .toList());
  }
}
