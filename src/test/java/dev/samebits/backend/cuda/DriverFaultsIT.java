package dev.samebits.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.kernel.Availability.Unavailable;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a process says of a driver that it cannot open or use, and of what it was asked for. */
class DriverFaultsIT {
  @TempDir private Path dir;

  /** The side of the child: asks the backend and prints the answer in two lines. */
  static final class Child {
    private Child() {}

    /** Prints reason and remedy. */
    public static void main(String[] args) {
      if (new CudaBackend().availability() instanceof Unavailable u) {
        System.out.println("reason: " + u.reason());
        System.out.println("remedy: " + u.remedy());
      }
    }
  }

  /** Reason, then remedy, each one line. */
  private static List<String> ask(Map<String, String> env, List<String> flags) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(flags);
    command.add("--enable-native-access=ALL-UNNAMED"); // else newer JDKs warn
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Child.class.getName()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(Redirect.DISCARD);
    builder.environment().putAll(env);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    List<String> lines = said.lines().toList();
    assertEquals(2, lines.size(), said);
    assertTrue(lines.get(0).startsWith("reason: "), said);
    assertTrue(lines.get(1).startsWith("remedy: "), said);
    return lines;
  }

  private static void says(List<String> said, String reason, String remedy) {
    assertTrue(said.get(0).contains(reason), said.toString());
    assertTrue(said.get(1).contains(remedy), said.toString());
  }

  /** A driver that is there is not said to be missing. */
  @Test
  void aDriverThatCannotBeOpenedIsNamedWithTheLoadersWords() throws Exception {
    Path broken = Files.writeString(dir.resolve("libcuda.so.1"), "no library");
    says(
        ask(Map.of("LD_LIBRARY_PATH", dir.toString()), List.of()),
        "is there but cannot be opened: cannot load libcuda.so.1: " + broken + ": file too short",
        "install NVIDIA's driver anew");
    says(
        ask(Map.of(), List.of("-Dsamebits.cuda.driver=" + broken)),
        "cannot be opened: cannot load " + broken + ": " + broken + ": file too short",
        "-Dsamebits.cuda.driver");
  }

  @Test
  void jnaThatCannotBeLoadedIsNoMissingDriver() throws Exception {
    says(
        ask(Map.of(), List.of("-Djna.tmpdir=/proc/nothing")),
        "JNA's native part cannot be loaded: ",
        "-Djna.tmpdir");
  }

  @Test
  void aDriverThatLacksAFunctionIsToBeUpdated() throws Exception {
    says(
        ask(Map.of("LD_BIND_NOW", "1"), FakeCuda.flags()),
        "undefined symbol: cu",
        "update the driver");
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamed() throws Exception {
    List<String> flags = new ArrayList<>(FakeCuda.flags());
    flags.addAll(List.of("-Djava.io.tmpdir=/proc/nothing", "-Djna.tmpdir=" + dir));
    says(
        ask(Map.of(), flags),
        "JCudaDriver cannot be loaded from /proc/nothing",
        "-Djava.io.tmpdir to a folder");
  }

  @ParameterizedTest
  @ValueSource(strings = {"one", "1", ""})
  void aDeviceThatIsNotThereIsRefused(String device) throws Exception {
    List<String> flags = new ArrayList<>(FakeCuda.flags());
    flags.add("-Dsamebits.cuda.device=" + device);
    says(
        ask(Map.of(), flags),
        "-Dsamebits.cuda.device=" + device + " names no device: there is 1",
        "give 0, or leave it away");
  }
}
