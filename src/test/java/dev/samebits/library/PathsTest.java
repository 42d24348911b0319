package dev.samebits.library;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PathsTest {
  @Test
  void replacesTheLongestKnownFolder() {
    Path home = Path.of(System.getProperty("user.home"));
    Path temp = Path.of(System.getProperty("java.io.tmpdir"));
    Path cache = temp.resolve("a").resolve("cache");
    CacheProperty property = new CacheProperty(cache);
    try {
      assertEquals("~/x/y.so", Paths.abbreviate(home.resolve("x/y.so")));
      assertEquals("$TMP/z", Paths.abbreviate(temp.resolve("z")));
      assertEquals("$TMP/a/z", Paths.abbreviate(temp.resolve("a/z")));
      assertEquals("$CACHE/n/z", Paths.abbreviate(cache.resolve("n/z")));
      assertEquals("$REPO/pom.xml", Paths.abbreviate(Path.of("pom.xml")));
      assertEquals("/nowhere/lib.so", Paths.abbreviate(Path.of("/nowhere/../nowhere/lib.so")));
    } finally {
      property.close();
    }
  }

  @Test
  void aNeighbourWithTheSamePrefixIsNotInside() {
    Path home = Path.of(System.getProperty("user.home"));
    Path neighbour = home.resolveSibling(home.getFileName() + "2").resolve("f");
    assertEquals(neighbour.toString(), Paths.abbreviate(neighbour));
  }
}
