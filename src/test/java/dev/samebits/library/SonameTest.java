package dev.samebits.library;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.Requires;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SonameTest {
  @TempDir Path folder;

  @Test
  void changesTheNameAndNothingElse() throws IOException {
    Path source = Path.of("target/classes/natives/openblas-0.3.31/linux-x86_64/libquadmath.so.0");
    Requires.that(Files.exists(source), "openblas", source + " has not been unpacked");
    Path library = Files.copy(source, folder.resolve("libquadmath.so.0"));
    CacheProperty property = new CacheProperty(folder.resolve("cache"));
    try {
      byte[] before = Files.readAllBytes(library);
      Path copy = Soname.isolate(library);
      byte[] after = Files.readAllBytes(copy);
      assertEquals(before.length, after.length);
      String name = "libquadmath.so.0";
      String other = ("sb-" + Digests.sha256(library)).substring(0, name.length());
      String text = new String(after, StandardCharsets.ISO_8859_1);
      assertTrue(text.contains("\0" + other + "\0"), other);
      byte[] back = text.replace("\0" + other, "\0" + name).getBytes(StandardCharsets.ISO_8859_1);
      assertArrayEquals(before, back);
      assertArrayEquals(before, Files.readAllBytes(library));

      // A torn copy is made again.
      Files.write(copy, new byte[10]);
      assertArrayEquals(after, Files.readAllBytes(Soname.isolate(library)));
    } finally {
      property.close();
    }
  }

  @Test
  void refusesWhatIsNoLibrary() throws IOException {
    Path text = Files.writeString(folder.resolve("a.so"), "not a library ".repeat(10));
    CacheProperty property = new CacheProperty(folder.resolve("cache"));
    try {
      IOException e = assertThrows(IOException.class, () -> Soname.isolate(text));
      assertTrue(e.getMessage().contains("no 64-bit ELF library"), e.getMessage());
    } finally {
      property.close();
    }
  }
}
