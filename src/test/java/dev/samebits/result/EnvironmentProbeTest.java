package dev.samebits.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvironmentProbeTest {
  private final String os = System.getProperty("os.name");
  private final String arch = System.getProperty("os.arch");
  @TempDir Path root;

  @AfterEach
  void restore() {
    System.setProperty("os.name", os);
    System.setProperty("os.arch", arch);
  }

  private void put(String file, String text) throws Exception {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private Environment probe(Map<String, String> env) {
    return new EnvironmentProbe(root, env).probe();
  }

  @Test
  void readsWhatLinuxTells() throws Exception {
    System.setProperty("os.name", "Linux");
    put(
        "proc/cpuinfo",
        "model name\t: Test CPU\nphysical id\t: 0\ncore id\t: 0\nflags\t: fpu fma avx2 avx512f\n\n"
            + "model name\t: Test CPU\nphysical id\t: 0\ncore id\t: 0\n\n"
            + "model name\t: Test CPU\nphysical id\t: 1\ncore id\t: 0\n");
    put("etc/os-release", "NAME=Test\nPRETTY_NAME=\"Test Linux 1\"\n");
    put("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "powersave\n");
    put("proc/driver/nvidia/version", "NVRM version: NVIDIA UNIX Kernel Module  580.1  x\nGCC\n");
    put("proc/driver/nvidia/gpus/0000:01:00.0/information", "Model: \t\t NVIDIA Test\n");
    put("sys/class/drm/card1/device/uevent", "DRIVER=amdgpu\nPCI_ID=1002:73BF\n");
    put("sys/class/drm/card0/device/uevent", "DRIVER=nvidia\nPCI_ID=10DE:1\n");
    Environment e = probe(Map.of());
    assertEquals("Test CPU", e.cpu());
    assertEquals(2, e.physicalCores());
    assertEquals(List.of("avx2", "avx512f", "fma"), e.isa());
    assertEquals("Test Linux 1", e.os());
    assertEquals("powersave", e.governor());
    assertEquals(
        List.of(
            "NVIDIA Test, driver NVIDIA UNIX Kernel Module 580.1 x",
            "PCI 1002:73BF, driver amdgpu"),
        e.gpus());
    assertEquals(List.of(), e.notes());
    assertTrue(e.memoryBytes() > 0);
  }

  @Test
  void missingFilesAreNotes() {
    System.setProperty("os.name", "Linux");
    Environment e = probe(Map.of());
    assertEquals("unknown", e.cpu());
    assertEquals(3, e.notes().size(), e.notes().toString());
    assertTrue(e.governor().startsWith("unknown: "));
  }

  @ParameterizedTest
  @CsvSource({"Mac OS X,aarch64", "Windows 11,amd64", "SunOS,sparcv9", "Plan 9,mips"})
  void anyPlatformGetsAnAnswer(String name, String cpu) {
    System.setProperty("os.name", name);
    System.setProperty("os.arch", cpu);
    Environment e = EnvironmentProbe.read();
    assertTrue(e.os().startsWith(name));
    assertEquals(cpu, e.arch());
    assertEquals(Runtime.getRuntime().availableProcessors(), e.logicalCores());
    assertFalse(e.notes().isEmpty());
  }

  @Test
  void onlyVariablesThatMatterAreKept() {
    Environment e =
        probe(
            Map.of(
                "OMP_NUM_THREADS", "2",
                "OPENBLAS_CORETYPE", "Haswell",
                "_JAVA_OPTIONS", "-Xlog:gc:file=" + System.getProperty("user.home") + "/x.log",
                "SECRET_TOKEN", "s",
                "MY_OMP_X", "1"));
    assertEquals(
        Map.of(
            "OMP_NUM_THREADS", "2",
            "OPENBLAS_CORETYPE", "Haswell",
            "_JAVA_OPTIONS", "-Xlog:gc:file=~/x.log"),
        e.env());
  }

  @Test
  void pathsInCommandLinesAreAbbreviated() {
    String home = System.getProperty("user.home");
    assertEquals("--out=~/a/b", PathText.abbreviate("--out=" + home + "/a/b"));
    assertEquals("~/a:~/b c/d", PathText.abbreviate(home + "/a:" + home + "/b c/d"));
    assertEquals("matmul/f32/m1n1k1", PathText.abbreviate("matmul/f32/m1n1k1"));
    assertEquals("$REPO/pom.xml", PathText.abbreviate(Path.of("pom.xml").toAbsolutePath() + ""));
  }

  @Test
  void theCommitIsKnownToTheBuild() {
    assertTrue(BuildInfo.commit().matches("[0-9a-f]{40}(-dirty)?|unknown"), BuildInfo.commit());
    assertTrue(BuildInfo.version().matches("[0-9]+\\.[0-9]+\\.[0-9]+|unknown"));
  }
}
