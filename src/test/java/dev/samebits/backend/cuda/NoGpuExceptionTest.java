package dev.samebits.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.backend.cuda.NoGpuException.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The line that says why there is no GPU, and the one that says what would help. */
class NoGpuExceptionTest {
  private static final Path DRIVER = Path.of("/lib/libcuda.so.1");
  private static final IOException MISSING =
      new IOException(
          "cannot load libcuda.so.1: libcuda.so.1: cannot open shared object file: No such file or"
              + " directory");

  @TempDir private Path root;

  private Machine machine(String visible) {
    return new Machine(root, file -> true, visible);
  }

  private static void says(NoGpuException e, String reason, String remedy) {
    assertEquals(reason, e.getMessage());
    assertEquals(remedy, e.remedy());
  }

  private void onBus(String vendor, String type) throws IOException {
    Path device = Files.createDirectories(root.resolve("sys/bus/pci/devices/0000:01:00.0"));
    Files.writeString(device.resolve("vendor"), vendor + "\n");
    Files.writeString(device.resolve("class"), type + "\n");
  }

  @Test
  void neitherDriverNorDevice() {
    says(
        NoGpuException.notOpened("", MISSING, machine(null)),
        "no NVIDIA driver and no NVIDIA device: libcuda.so.1 was not found",
        "use a machine with an NVIDIA GPU and its driver; into a container or virtual machine the"
            + " device has to be passed");
  }

  @ParameterizedTest
  @CsvSource({
    "0x10de, 0x030200, true", // a 3D controller
    "0x10de, 0x030000, true",
    "0x10de, 0x040300, false", // its sound
    "0x1002, 0x030000, false",
  })
  void aDeviceOnTheBusWithoutADriver(String vendor, String type, boolean device)
      throws IOException {
    onBus(vendor, type);
    NoGpuException e = NoGpuException.notOpened("", MISSING, machine(null));
    boolean said =
        e.getMessage()
            .equals(
                "no NVIDIA driver: libcuda.so.1 was not found, though an NVIDIA device is on the PCI"
                    + " bus");
    assertEquals(device, said, e.getMessage());
    assertEquals(device, e.remedy().startsWith("install NVIDIA's driver; start a container with"));
  }

  @Test
  void aDriverThatIsThereButBroken() {
    NoGpuException e =
        NoGpuException.notOpened(
            "", new IOException("libcuda.so.1: file too short"), machine(null));
    assertEquals(
        "the CUDA driver is there but cannot be opened: libcuda.so.1: file too short",
        e.getMessage());
    assertTrue(e.remedy().startsWith("install NVIDIA's driver anew"), e.remedy());
  }

  @ParameterizedTest
  @ValueSource(strings = {"nvidiactl", "nvidia-uvm", "nvidia0", "nvidia12"})
  void aDeviceFileThatIsForbidden(String name) throws IOException {
    Files.createDirectories(root.resolve("dev"));
    for (String file : new String[] {"nvidiactl", "nvidia-uvm", "nvidia0", "nvidia12", "null"}) {
      Files.createFile(root.resolve("dev").resolve(file));
    }
    Path forbidden = root.resolve("dev").resolve(name);
    Machine machine = new Machine(root, file -> !file.equals(forbidden), null);
    says(
        NoGpuException.ofCode(999, "999 CUDA_ERROR_UNKNOWN", DRIVER, machine),
        "no permission to use " + forbidden + ": the CUDA driver returned 999 CUDA_ERROR_UNKNOWN",
        "join the group that owns it, or ask for access to the device");
    says(
        NoGpuException.ofCode(999, "999 CUDA_ERROR_UNKNOWN", DRIVER, machine(null)),
        "the CUDA driver returned 999 CUDA_ERROR_UNKNOWN",
        "see what nvidia-smi and the kernel's log say");
  }

  @Test
  void otherFilesOfTheDriverAreNotNeeded() throws IOException {
    Files.createDirectories(root.resolve("dev"));
    Files.createFile(root.resolve("dev/nvidia-modeset"));
    Machine machine = new Machine(root, file -> false, null);
    assertEquals(
        "the CUDA driver returned 100",
        NoGpuException.ofCode(100, "100", DRIVER, machine).getMessage());
  }

  @Test
  void theStubOfTheToolkitIsNamed() {
    assertEquals(
        "/lib/libcuda.so.1 is the toolkit's stub: take it off the loader's path",
        NoGpuException.ofCode(34, "34", DRIVER, machine(null)).remedy());
  }

  @Test
  void devicesThatAreHiddenOrMissing() {
    assertEquals(
        "pass a device into this container or machine, and see what nvidia-smi says",
        NoGpuException.ofCode(100, "100", DRIVER, machine(null)).remedy());
    assertEquals(
        "CUDA_VISIBLE_DEVICES=-1 may hide the devices",
        NoGpuException.ofCode(100, "100", DRIVER, machine("-1")).remedy());
  }

  @ParameterizedTest
  @ValueSource(ints = {803, 804})
  void aDriverThatDoesNotFitItsKernelModule(int code) {
    String remedy = NoGpuException.ofCode(code, "" + code, DRIVER, machine(null)).remedy();
    assertTrue(remedy.startsWith("library and kernel module differ: restart"), remedy);
  }
}
