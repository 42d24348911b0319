package dev.samebits.library;

import java.nio.file.Path;

/** Points the cache at a folder of the test for as long as it is open. */
final class CacheProperty implements AutoCloseable {
  private final String before = System.getProperty(CacheFolder.PROPERTY);

  CacheProperty(Path folder) {
    System.setProperty(CacheFolder.PROPERTY, folder.toString());
    Digests.reload();
  }

  @Override
  public void close() {
    if (before == null) {
      System.clearProperty(CacheFolder.PROPERTY);
    } else {
      System.setProperty(CacheFolder.PROPERTY, before);
    }
    Digests.reload();
  }
}
