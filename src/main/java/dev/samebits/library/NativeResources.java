package dev.samebits.library;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Unpacks native libraries from the class path into {@code natives/HASH/} of the cache folder, HASH
 * being taken over the names and contents of all files, so that two builds never share a folder.
 *
 * <p>Processes may unpack the same files at the same time: each file is written under a temporary
 * name, compared with its hash and moved into place in one step. A file that was torn or altered is
 * found by its hash and replaced.
 */
public final class NativeResources {
  private NativeResources() {}

  /**
   * The unpacked files of a resource folder, in the order of the names.
   *
   * @param folder resource folder without slashes at its ends
   * @param names file names in it
   * @throws IOException if one is missing or cannot be written
   */
  public static List<Path> unpack(String folder, List<String> names) throws IOException {
    Map<String, URL> urls = new TreeMap<>();
    for (String name : names) {
      URL url = NativeResources.class.getClassLoader().getResource(folder + "/" + name);
      if (url == null) {
        throw new IOException("resource " + folder + "/" + name + " is not on the class path");
      }
      urls.put(name, url);
    }
    return unpack(urls, names, CacheFolder.get());
  }

  static List<Path> unpack(Map<String, URL> urls, List<String> names, Path cache)
      throws IOException {
    Map<String, String> hashes = new TreeMap<>();
    StringBuilder content = new StringBuilder();
    for (Map.Entry<String, URL> e : urls.entrySet()) {
      String hash = hash(e.getValue());
      hashes.put(e.getKey(), hash);
      content.append(hash).append(' ').append(e.getKey()).append('\n');
    }
    String all = Digests.sha256(content.toString().getBytes(StandardCharsets.UTF_8));
    Path target = cache.resolve("natives").resolve(all.substring(0, 32));
    Files.createDirectories(target);
    List<Path> files = new ArrayList<>();
    for (String name : names) {
      Path file = target.resolve(name);
      if (!Files.isRegularFile(file) || !Digests.sha256(file).equals(hashes.get(name))) {
        place(urls.get(name), hashes.get(name), file);
      }
      files.add(file);
    }
    return files;
  }

  private static void place(URL source, String hash, Path file) throws IOException {
    Path temp = Files.createTempFile(file.getParent(), file.getFileName() + ".", ".part");
    try {
      try (InputStream in = connect(source).getInputStream()) {
        Files.copy(in, temp, StandardCopyOption.REPLACE_EXISTING);
      }
      String got = Digests.read(Files.newInputStream(temp));
      if (!got.equals(hash)) {
        throw new IOException(
            source
                + ": hash "
                + got
                + " after unpacking, expected "
                + hash
                + "; is the disk full?");
      }
      Files.move(temp, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temp);
    }
  }

  /** For a file inside a jar the size is the entry's and the time the jar's. */
  private static String hash(URL url) throws IOException {
    URLConnection connection = connect(url);
    String key =
        Digests.key(
            url.toString(), connection.getContentLengthLong(), connection.getLastModified());
    // Asking for the size has opened a file handle.
    connection.getInputStream().close();
    var known = Digests.recall(key);
    if (known.isPresent()) {
      return known.get();
    }
    String hash = Digests.read(connect(url).getInputStream());
    Digests.remember(key, hash);
    return hash;
  }

  private static URLConnection connect(URL url) throws IOException {
    URLConnection connection = url.openConnection();
    // A cached connection would keep the jar open and return stale content after a rebuild.
    connection.setUseCaches(false);
    return connection;
  }
}
