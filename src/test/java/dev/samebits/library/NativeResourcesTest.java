package dev.samebits.library;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeResourcesTest {
  private static final List<String> NAMES = List.of("lib_b.so", "lib_a.so");

  @TempDir Path folder;
  private CacheProperty property;
  private Path cache;
  private Map<String, URL> urls;
  private final byte[] a = new byte[300_000];
  private final byte[] b = new byte[3_000_000];

  @BeforeEach
  void resources() throws IOException {
    cache = Files.createDirectories(folder.resolve("cache"));
    property = new CacheProperty(cache);
    new Random(1).nextBytes(a);
    new Random(2).nextBytes(b);
    Path source = Files.createDirectories(folder.resolve("source"));
    urls =
        Map.of(
            "lib_a.so", Files.write(source.resolve("lib_a.so"), a).toUri().toURL(),
            "lib_b.so", Files.write(source.resolve("lib_b.so"), b).toUri().toURL());
  }

  @AfterEach
  void restore() {
    property.close();
  }

  @Test
  void unpacksOnceInTheOrderAskedFor() throws IOException {
    List<Path> files = NativeResources.unpack(urls, NAMES, cache);
    assertArrayEquals(b, Files.readAllBytes(files.get(0)));
    assertArrayEquals(a, Files.readAllBytes(files.get(1)));
    var time = Files.getLastModifiedTime(files.get(0));
    assertEquals(files, NativeResources.unpack(urls, NAMES, cache));
    assertEquals(time, Files.getLastModifiedTime(files.get(0)));
  }

  @Test
  void anotherContentGetsAnotherFolder() throws IOException {
    Path first = NativeResources.unpack(urls, NAMES, cache).get(1);
    Files.write(folder.resolve("source/lib_a.so"), new byte[] {1, 2, 3});
    Path second = NativeResources.unpack(urls, NAMES, cache).get(1);
    assertNotEquals(first, second);
    assertArrayEquals(a, Files.readAllBytes(first));
  }

  @Test
  void replacesATornFile() throws IOException {
    Path file = NativeResources.unpack(urls, NAMES, cache).get(0);
    Files.write(file, java.util.Arrays.copyOf(b, 1_000_000));
    Digests.reload();
    assertEquals(file, NativeResources.unpack(urls, NAMES, cache).get(0));
    assertArrayEquals(b, Files.readAllBytes(file));
  }

  @Test
  void manyMayUnpackAtOnce() throws Exception {
    int threads = 8;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    CyclicBarrier together = new CyclicBarrier(threads);
    try {
      List<Future<List<Path>>> all = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        all.add(
            pool.submit(
                () -> {
                  together.await();
                  List<Path> files = NativeResources.unpack(urls, NAMES, cache);
                  // What one caller was given must be whole while the others still write.
                  assertArrayEquals(b, Files.readAllBytes(files.get(0)));
                  return files;
                }));
      }
      for (Future<List<Path>> one : all) {
        assertEquals(all.get(0).get(), one.get());
      }
      Path target = all.get(0).get().get(0).getParent();
      try (Stream<Path> left = Files.list(target)) {
        assertEquals(2, left.count(), "temporary files left in " + target);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void saysWhichResourceIsMissing() {
    IOException e =
        assertThrows(IOException.class, () -> NativeResources.unpack("natives/no", NAMES));
    assertTrue(e.getMessage().contains("natives/no/lib_b.so"), e.getMessage());
  }

  @Test
  void fallsBackToTheTempFolder() throws IOException {
    Path file = Files.createFile(folder.resolve("a_file"));
    CacheProperty blocked = new CacheProperty(file.resolve("cache"));
    try {
      Path got = CacheFolder.get();
      assertTrue(got.startsWith(System.getProperty("java.io.tmpdir")), got.toString());
      assertTrue(Files.isWritable(got));
    } finally {
      blocked.close();
    }
  }
}
