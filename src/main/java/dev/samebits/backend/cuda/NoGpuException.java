package dev.samebits.backend.cuda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import jcuda.driver.CUresult;

/** Why there is no GPU to run on, and what would help. */
public final class NoGpuException extends Exception {
  private static final long serialVersionUID = 1L;

  /** The end of the loader's words when no folder that it looks into holds the file. */
  private static final String NOT_FOUND =
      ": " + DriverLibrary.SONAME + ": cannot open shared object file: No such file or directory";

  /** Exit codes of the driver that say how a machine is set up. */
  private static final int STUB = 34;

  private static final int MISMATCH = 803;
  private static final int COMPATIBILITY = 804;

  private final String remedy;

  /**
   * @param reason why, in one line
   * @param remedy what would help, in one line
   */
  NoGpuException(String reason, String remedy, Throwable cause) {
    super(reason, cause);
    this.remedy = remedy;
  }

  /**
   * What is looked at to say more than the driver does.
   *
   * @param root in place of the root folder
   * @param usable whether this process may read and write a file
   * @param visible the variable {@code CUDA_VISIBLE_DEVICES}; null if it is not set
   */
  record Machine(Path root, Predicate<Path> usable, String visible) {
    /** The one that this process runs on. */
    static Machine current() {
      return new Machine(
          Path.of("/"),
          f -> Files.isReadable(f) && Files.isWritable(f),
          System.getenv("CUDA_VISIBLE_DEVICES"));
    }

    /** The first of the driver's device files that this process may not use. */
    private Optional<Path> forbidden() {
      List<Path> nodes = new ArrayList<>();
      // Not those of MIG, which are in folders of their own, nor of modes that CUDA does not use.
      String names = "{nvidiactl,nvidia-uvm,nvidia[0-9],nvidia[0-9][0-9]}";
      try (DirectoryStream<Path> files = Files.newDirectoryStream(root.resolve("dev"), names)) {
        files.forEach(nodes::add);
      } catch (IOException | DirectoryIteratorException e) {
        return Optional.empty(); // nothing to be seen
      }
      return nodes.stream().sorted().filter(usable.negate()).findFirst();
    }

    /** Whether a device of vendor 10de, NVIDIA, is on the PCI bus. */
    private boolean onBus() {
      Path bus = root.resolve("sys/bus/pci/devices");
      try (DirectoryStream<Path> devices = Files.newDirectoryStream(bus)) {
        for (Path device : devices) {
          if (Files.readString(device.resolve("vendor")).strip().equals("0x10de")
              && Files.readString(device.resolve("class")).startsWith("0x03")) {
            return true;
          }
        }
      } catch (IOException | UncheckedIOException | DirectoryIteratorException e) {
        return false; // no bus to be seen
      }
      return false;
    }
  }

  /** What would help, in one line. */
  public String remedy() {
    return remedy;
  }

  /**
   * The driver's library is not there or cannot be opened.
   *
   * @param asked the path asked for; empty for the loader's own
   * @param cause with the path that was tried and the loader's words
   */
  static NoGpuException notOpened(String asked, IOException cause, Machine machine) {
    if (!asked.isEmpty()) {
      return new NoGpuException(
          "the CUDA driver asked for cannot be opened: " + cause.getMessage(),
          "correct -D" + DriverLibrary.PATH + "=PATH, or leave it away",
          cause);
    }
    if (!cause.getMessage().endsWith(NOT_FOUND)) {
      return new NoGpuException(
          "the CUDA driver is there but cannot be opened: " + cause.getMessage(),
          "install NVIDIA's driver anew, or give the path of another one with -D"
              + DriverLibrary.PATH
              + "=PATH",
          cause);
    }
    return machine.onBus()
        ? new NoGpuException(
            "no NVIDIA driver: libcuda.so.1 was not found, though an NVIDIA device is on the PCI bus",
            "install NVIDIA's driver; start a container with --gpus all; or give the path with -D"
                + DriverLibrary.PATH
                + "=PATH",
            cause)
        : new NoGpuException(
            "no NVIDIA driver and no NVIDIA device: libcuda.so.1 was not found",
            "use a machine with an NVIDIA GPU and its driver; into a container or virtual machine"
                + " the device has to be passed",
            cause);
  }

  /** JNA, which opens the driver, cannot be used. */
  static NoGpuException withoutJna(LinkageError cause) {
    return new NoGpuException(
        "JNA's native part cannot be loaded: " + firstLine(cause),
        "set -Djna.tmpdir to a folder where files can be written and loaded as code",
        cause);
  }

  private static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString());
  }

  /**
   * The driver is there but does not work.
   *
   * @param code what cuInit or cuDeviceGetCount returned
   * @param words the same in words
   * @param file the driver
   */
  static NoGpuException ofCode(int code, String words, Path file, Machine machine) {
    String said = "the CUDA driver returned " + words;
    Optional<Path> forbidden = machine.forbidden();
    if (forbidden.isPresent()) {
      return new NoGpuException(
          "no permission to use " + forbidden.get() + ": " + said,
          "join the group that owns it, or ask for access to the device",
          null);
    }
    String remedy =
        switch (code) {
          case CUresult.CUDA_ERROR_NO_DEVICE ->
              machine.visible() == null
                  ? "pass a device into this container or machine, and see what nvidia-smi says"
                  : "CUDA_VISIBLE_DEVICES=" + machine.visible() + " may hide the devices";
          case STUB -> file + " is the toolkit's stub: take it off the loader's path";
          case MISMATCH, COMPATIBILITY ->
              "library and kernel module differ: restart the machine after an update of the driver,"
                  + " or take a compatibility package off the loader's path";
          default -> "see what nvidia-smi and the kernel's log say";
        };
    return new NoGpuException(said, remedy, null);
  }
}
