package dev.samebits.backend.cuda;

import com.sun.jna.Function;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import dev.samebits.library.SharedLibrary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Clocks, power, temperature and reasons for low clocks, as NVML tells them. A machine without
 * NVML, or a value that a device does not tell, leaves a gap and nothing else.
 */
final class Nvml {
  /** System property: path of the library, in place of the one that the loader finds. */
  static final String PATH = "samebits.cuda.nvml";

  private static final int SUCCESS = 0;
  private static final int SM_CLOCK = 1;
  private static final int MEMORY_CLOCK = 2;

  /** Why clocks are low, in the order of NVML's bits. */
  private static final List<String> REASONS =
      List.of(
          "gpu_idle",
          "applications_clocks_setting",
          "sw_power_cap",
          "hw_slowdown",
          "sync_boost",
          "sw_thermal_slowdown",
          "hw_thermal_slowdown",
          "hw_power_brake_slowdown",
          "display_clock_setting");

  /** Bits that make times incomparable: sw_power_cap and every kind of slowdown. */
  private static final long THROTTLED = 0x4 | 0x8 | 0x20 | 0x40 | 0x80;

  private final SharedLibrary library;
  private final com.sun.jna.Pointer device;

  private Nvml(SharedLibrary library, com.sun.jna.Pointer device) {
    this.library = library;
    this.device = device;
  }

  /**
   * The state of a device at one time.
   *
   * @param smMhz clock of the multiprocessors; -1 if not told
   * @param memoryMhz clock of the memory; -1 if not told
   * @param watts power drawn; -1 if not told
   * @param celsius temperature; -1 if not told
   * @param reasons why clocks are lower than they could be, in NVML's words
   * @param throttled whether one of the reasons makes times incomparable
   */
  record Sample(
      int smMhz,
      int memoryMhz,
      double watts,
      int celsius,
      List<String> reasons,
      boolean throttled) {
    /** Nothing is told. */
    static final Sample NONE = new Sample(-1, -1, -1, -1, List.of(), false);
  }

  /** NVML for the device with this PCI address; empty if there is none that works. */
  static Optional<Nvml> open(String pciBusId) {
    String asked = System.getProperty(PATH, "");
    try {
      SharedLibrary library =
          asked.isEmpty()
              ? SharedLibrary.named("libnvidia-ml.so.1", null)
              : SharedLibrary.open(Path.of(asked));
      Optional<Function> init = library.function("nvmlInit_v2");
      Optional<Function> find = library.function("nvmlDeviceGetHandleByPciBusId_v2");
      if (init.isEmpty() || find.isEmpty() || init.get().invokeInt(new Object[0]) != SUCCESS) {
        return Optional.empty();
      }
      PointerByReference device = new PointerByReference();
      int code = find.get().invokeInt(new Object[] {pciBusId, device});
      return code == SUCCESS ? Optional.of(new Nvml(library, device.getValue())) : Optional.empty();
    } catch (IOException | LinkageError e) {
      return Optional.empty();
    }
  }

  /** Version of the driver, e.g. {@code 560.35.03}; empty if not told. */
  String driverVersion() {
    byte[] text = new byte[80];
    return call("nvmlSystemGetDriverVersion", text, text.length)
        ? com.sun.jna.Native.toString(text)
        : "";
  }

  /** Reads everything now. */
  Sample sample() {
    LongByReference bits = new LongByReference();
    // Renamed in driver 545; the bits stayed.
    boolean told =
        call("nvmlDeviceGetCurrentClocksThrottleReasons", device, bits)
            || call("nvmlDeviceGetCurrentClocksEventReasons", device, bits);
    long reasons = told ? bits.getValue() : 0;
    int milliwatts = number("nvmlDeviceGetPowerUsage", device);
    return new Sample(
        number("nvmlDeviceGetClockInfo", device, SM_CLOCK),
        number("nvmlDeviceGetClockInfo", device, MEMORY_CLOCK),
        milliwatts < 0 ? -1 : milliwatts / 1e3,
        number("nvmlDeviceGetTemperature", device, 0),
        names(reasons),
        (reasons & THROTTLED) != 0);
  }

  /** The names of the bits; bits without a name by their number. */
  static List<String> names(long bits) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < Long.SIZE; i++) {
      if ((bits >>> i & 1) != 0) {
        names.add(i < REASONS.size() ? REASONS.get(i) : "bit_" + i);
      }
    }
    return names;
  }

  /** What a function tells by its last argument; -1 if it does not. */
  private int number(String name, Object... args) {
    IntByReference value = new IntByReference();
    List<Object> all = new ArrayList<>(List.of(args));
    all.add(value);
    return call(name, all.toArray()) ? value.getValue() : -1;
  }

  private boolean call(String name, Object... args) {
    return library.function(name).map(f -> f.invokeInt(args) == SUCCESS).orElse(false);
  }
}
