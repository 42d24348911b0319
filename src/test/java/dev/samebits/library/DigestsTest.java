package dev.samebits.library;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DigestsTest {
  /** FIPS 180-2, example B.1. */
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @TempDir Path folder;
  private CacheProperty property;

  @BeforeEach
  void ownCache() {
    property = new CacheProperty(folder.resolve("cache"));
  }

  @AfterEach
  void restore() {
    property.close();
  }

  @Test
  void isSha256() throws IOException {
    assertEquals(ABC, Digests.sha256("abc".getBytes(UTF_8)));
    assertEquals(ABC, Digests.sha256(Files.writeString(folder.resolve("f"), "abc")));
  }

  @Test
  void remembersByPathSizeAndTime() throws IOException {
    Path file = Files.writeString(folder.resolve("f"), "abc");
    FileTime time = Files.getLastModifiedTime(file);
    assertEquals(ABC, Digests.sha256(file));
    Digests.reload();

    // Same size and time: the hash can only come from the cache file.
    Files.writeString(file, "xyz");
    Files.setLastModifiedTime(file, time);
    assertEquals(ABC, Digests.sha256(file));

    Files.setLastModifiedTime(file, FileTime.fromMillis(time.toMillis() + 1));
    assertEquals(Digests.sha256("xyz".getBytes(UTF_8)), Digests.sha256(file));
    Files.writeString(file, "abcd");
    assertEquals(Digests.sha256("abcd".getBytes(UTF_8)), Digests.sha256(file));
  }

  @Test
  void aTornCacheCostsAReadingAndNoMore() throws IOException {
    Path file = Files.writeString(folder.resolve("f"), "abc");
    Path cache = Files.createDirectories(folder.resolve("cache")).resolve("sha256.tsv");
    Digests.sha256(file);
    String whole = Files.readString(cache);
    Files.writeString(cache, whole.substring(10) + "\u0000\nrubbish\n");
    Digests.reload();
    assertEquals(ABC, Digests.sha256(file));
    assertNotEquals("", Files.readString(cache));
  }

  @Test
  void worksWithoutACache() throws IOException {
    Files.createDirectories(folder.resolve("cache/sha256.tsv"));
    assertEquals(ABC, Digests.sha256(Files.writeString(folder.resolve("f"), "abc")));
  }
}
