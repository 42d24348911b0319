package dev.samebits.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.library.LoadedLibraries;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each process unpacks JCuda's native parts for itself, and none leaves them behind for good. */
class JcudaNativesIT {
  @TempDir private Path dir;

  /** The side of the child: says where its native part is and waits for its input to end. */
  static final class Child {
    private Child() {}

    /** Prints the folder. */
    public static void main(String[] args) throws IOException {
      new CudaBackend().availability();
      LoadedLibraries.files().stream()
          .filter(f -> f.contains("JCudaDriver"))
          .forEach(f -> System.out.println(Path.of(f).getParent()));
      System.out.flush();
      while (System.in.read() >= 0) {
        Thread.onSpinWait();
      }
    }
  }

  private Process start() throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(FakeCuda.flags());
    command.add("-Djava.io.tmpdir=" + dir);
    command.add("--enable-native-access=ALL-UNNAMED"); // else newer JDKs warn
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Child.class.getName()));
    return new ProcessBuilder(command).redirectError(Redirect.DISCARD).start();
  }

  private static Path folder(Process child) throws IOException {
    BufferedReader said = child.inputReader();
    return Path.of(String.valueOf(said.readLine()));
  }

  private Set<Path> folders() throws IOException {
    try (Stream<Path> all = Files.list(dir)) {
      return all.filter(f -> f.getFileName().toString().startsWith("samebits-jcuda-"))
          .collect(Collectors.toSet());
    }
  }

  @Test
  void eachProcessHasAFolderThatGoesWithItOrWithTheNext() throws Exception {
    Process one = start();
    Process two = start();
    try {
      Path first = folder(one);
      Path second = folder(two);
      assertEquals(Set.of(first, second), folders());
      assertNotEquals(first, second);
      two.destroyForcibly().waitFor();
      one.getOutputStream().close();
      assertEquals(0, one.waitFor());
      assertEquals(Set.of(second), folders(), "what a killed process leaves");
      JcudaNatives.sweep(dir, Instant.now().minus(Duration.ofHours(1)));
      assertTrue(Files.exists(second), "too young");
      FileTime old = FileTime.from(Instant.now().minus(Duration.ofHours(2)));
      Files.setLastModifiedTime(second, old);
      Process three = start();
      try {
        assertEquals(Set.of(folder(three)), folders());
      } finally {
        three.destroyForcibly().waitFor();
      }
    } finally {
      one.destroyForcibly();
      two.destroyForcibly();
    }
  }

  @Test
  void whatBelongsToAProcessOrIsNoFolderOfOursStays() throws IOException {
    long pid = ProcessHandle.current().pid();
    Path alive = Files.createDirectory(dir.resolve("samebits-jcuda-" + pid + "-1"));
    Path other = Files.createDirectory(dir.resolve("samebits-jcuda-x"));
    Path target = Files.createDirectory(dir.resolve("target"));
    Path library = Files.createFile(target.resolve("libx.so"));
    Path link = Files.createSymbolicLink(dir.resolve("samebits-jcuda-999999999999-1"), target);
    Path stale = Files.createDirectory(dir.resolve("samebits-jcuda-999999999999-2"));
    Files.createFile(stale.resolve("libJCudaDriver.so"));
    JcudaNatives.sweep(dir, Instant.now().plusSeconds(60));
    assertTrue(Files.exists(alive) && Files.exists(other));
    assertTrue(Files.exists(library) && Files.isSymbolicLink(link));
    assertFalse(Files.exists(stale));
  }
}
