package dev.samebits.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.Requires;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** ND4J's OpenBLAS and ours are both in the jar a user runs, each where its loader looks. */
class ShadedJarIT {
  private static final Pattern VERSION = Pattern.compile("OpenBLAS (\\d+\\.\\d+\\.\\d+)");

  @Test
  void holdsBothOpenBlas() throws IOException {
    Path jar = Path.of(System.getProperty("samebits.jar", "target/benchmarks.jar"));
    Requires.that(Files.exists(jar), "openblas", jar + " has not been built");
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      byte[] nd4j = read(zip, "org/bytedeco/openblas/linux-x86_64/libopenblas.so.0");
      byte[] ours = read(zip, "natives/openblas-0.3.31/linux-x86_64/libopenblas.so.0");
      assertEquals("0.3.19", version(nd4j));
      assertEquals("0.3.31", version(ours));
      assertNotEquals(Digests.sha256(nd4j), Digests.sha256(ours));
    }
  }

  private static byte[] read(ZipFile zip, String name) throws IOException {
    assertTrue(zip.getEntry(name) != null, name);
    return zip.getInputStream(zip.getEntry(name)).readAllBytes();
  }

  private static String version(byte[] library) {
    Matcher m = VERSION.matcher(new String(library, StandardCharsets.ISO_8859_1));
    assertTrue(m.find(), "no version string");
    return m.group(1);
  }
}
