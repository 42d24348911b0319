package dev.samebits.backend.cuda;

import static dev.samebits.backend.cuda.Driver.check;

import dev.samebits.library.Platform;
import dev.samebits.library.SharedLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/**
 * Finds and opens the CUDA driver, and says why there is none.
 *
 * <p>JCuda's native part names {@code libcuda.so.1} as a library that it needs. One that is already
 * open under that name is taken for it, so the driver is opened first, by the path that is asked
 * for or the one that is found.
 */
final class DriverLibrary {
  /** System property: path of {@code libcuda.so.1}, in place of the one that the loader finds. */
  static final String PATH = "samebits.cuda.driver";

  /** System property: number of the device to use, from 0. */
  static final String DEVICE = "samebits.cuda.device";

  static final String SONAME = "libcuda.so.1";

  /** Folders that drivers are put into and that a loader may not know. */
  private static final List<Path> FOLDERS =
      List.of(
          Path.of("/usr/lib/x86_64-linux-gnu"),
          Path.of("/usr/lib64"),
          Path.of("/usr/lib/wsl/lib"),
          Path.of("/usr/local/nvidia/lib64"),
          Path.of("/run/opengl-driver/lib"));

  private final SharedLibrary library;
  private final int version;
  private final int devices;

  private DriverLibrary(SharedLibrary library, int version, int devices) {
    this.library = library;
    this.version = version;
    this.devices = devices;
  }

  /** The driver as a file. */
  SharedLibrary library() {
    return library;
  }

  /** The newest CUDA version that the driver supports, 1000 x major + 10 x minor. */
  int version() {
    return version;
  }

  /**
   * The device that is asked for, or the first one.
   *
   * @throws NoGpuException naming the property and the number of devices if there is no such one
   */
  Device device() throws NoGpuException {
    String asked = System.getProperty(DEVICE, "0");
    if (!asked.matches("[0-9]{1,4}") || Integer.parseInt(asked) >= devices) {
      throw new NoGpuException(
          "-D"
              + DEVICE
              + "="
              + asked
              + " names no device: there "
              + (devices == 1 ? "is 1" : "are " + devices),
          "give "
              + (devices == 1 ? "0" : "a number from 0 to " + (devices - 1))
              + ", or leave it away",
          null);
    }
    return new Device(Integer.parseInt(asked));
  }

  /** A version as people write it. */
  static String text(int version) {
    return version / 1000 + "." + version % 1000 / 10;
  }

  /**
   * Opens and initialises the driver.
   *
   * @throws NoGpuException saying why that cannot be done and what would help
   */
  static DriverLibrary open() throws NoGpuException {
    if (!Platform.current().hasBundledNatives()) {
      throw new NoGpuException(
          "JCuda's native part inside the jar is for "
              + Platform.BUNDLED
              + ", not "
              + Platform.current(),
          "run on Linux x86-64",
          null);
    }
    SharedLibrary library = find();
    load();
    int code = JCudaDriver.cuInit(0);
    int[] version = new int[1];
    int[] count = new int[1];
    if (code == CUresult.CUDA_SUCCESS) {
      check("cuDriverGetVersion", JCudaDriver.cuDriverGetVersion(version));
      code = JCudaDriver.cuDeviceGetCount(count);
      code = code == CUresult.CUDA_SUCCESS && count[0] == 0 ? CUresult.CUDA_ERROR_NO_DEVICE : code;
    }
    if (code != CUresult.CUDA_SUCCESS) {
      throw NoGpuException.ofCode(
          code, Driver.describe(code), library.file(), NoGpuException.Machine.current());
    }
    return new DriverLibrary(library, version[0], count[0]);
  }

  private static SharedLibrary find() throws NoGpuException {
    String asked = System.getProperty(PATH, "");
    try {
      if (!asked.isEmpty()) {
        return SharedLibrary.open(Path.of(asked));
      }
      Optional<Path> found =
          FOLDERS.stream().map(f -> f.resolve(SONAME)).filter(Files::isRegularFile).findFirst();
      return SharedLibrary.named(SONAME, found.orElse(null));
    } catch (IOException e) {
      throw NoGpuException.notOpened(asked, e, NoGpuException.Machine.current());
    } catch (LinkageError e) {
      throw NoGpuException.withoutJna(e);
    }
  }

  private static void load() throws NoGpuException {
    try {
      // The class loads it when it is initialised.
      JcudaNatives.load("JCudaDriver", () -> JCudaDriver.setExceptionsEnabled(false));
    } catch (IOException e) {
      throw new NoGpuException(e.getMessage(), remedy(e.getMessage()), e);
    }
  }

  /** What helps when JCuda's native part cannot be loaded, by the loader's words. */
  static String remedy(String words) {
    if (words.contains("undefined symbol")) {
      return "update the driver: it lacks a function that JCuda " + JcudaNatives.VERSION + " calls";
    }
    if (words.contains("version `")) { // of a symbol: GLIBC_2.14, GLIBCXX_3.4.20
      return "use a newer Linux: JCuda's native part needs a newer C or C++ library";
    }
    return "set -Djava.io.tmpdir to a folder where files can be written and loaded as code";
  }
}
