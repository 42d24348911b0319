package dev.samebits.library;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * SHA-256 of files, remembered by path, size and modification time in {@code sha256.tsv} in the
 * cache folder, so that a fork need not read again what an earlier one has read.
 */
public final class Digests {
  private static final String FILE = "sha256.tsv";

  /** Beyond this the file is begun anew; it holds about 10 000 entries then. */
  private static final long MOST_BYTES = 2_000_000;

  private static Map<String, String> known;
  private static Path knownFrom;

  private Digests() {}

  /** A new SHA-256 computation. */
  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** SHA-256 of some bytes, in lower-case hex. */
  public static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  /**
   * SHA-256 of a file, in lower-case hex.
   *
   * @throws IOException if it cannot be read
   */
  public static String sha256(Path file) throws IOException {
    Path real = file.toRealPath();
    String key =
        key(
            real.toString(),
            Files.size(real),
            Files.getLastModifiedTime(real).to(TimeUnit.NANOSECONDS));
    Optional<String> remembered = recall(key);
    if (remembered.isPresent()) {
      return remembered.get();
    }
    String hash = read(Files.newInputStream(real));
    remember(key, hash);
    return hash;
  }

  /** SHA-256 of everything in a stream, which is closed. */
  static String read(InputStream stream) throws IOException {
    MessageDigest digest = sha256();
    try (DigestInputStream in = new DigestInputStream(stream, digest)) {
      byte[] buffer = new byte[1 << 16];
      while (in.read(buffer) >= 0) {
        // the digest is updated by reading
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The key of something that is taken as unchanged while its name, size and time are. */
  static String key(String name, long size, long time) {
    return size + "\t" + time + "\t" + name.replaceAll("[\\t\\n\\r]", "?");
  }

  /** The hash remembered under a key. */
  static synchronized Optional<String> recall(String key) {
    return Optional.ofNullable(load().get(key));
  }

  /** Remembers a hash for later processes. A cache that cannot be written only costs time. */
  static synchronized void remember(String key, String hash) {
    load().put(key, hash);
    if (knownFrom == null) {
      return;
    }
    try {
      // One write in append mode: lines of processes that write at the same time do not mix.
      byte[] line = (hash + "\t" + key + "\n").getBytes(StandardCharsets.UTF_8);
      Files.write(knownFrom, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      knownFrom = null;
    }
  }

  /** Forgets what this process has read of the cache. */
  static synchronized void reload() {
    known = null;
  }

  private static Map<String, String> load() {
    if (known != null) {
      return known;
    }
    known = new HashMap<>();
    knownFrom = null;
    try {
      Path file = CacheFolder.get().resolve(FILE);
      if (Files.exists(file) && Files.size(file) > MOST_BYTES) {
        Files.delete(file);
      }
      knownFrom = file;
      if (Files.exists(file)) {
        for (String line : Files.readString(file).split("\n")) {
          // A torn or foreign line is skipped: it can only cost a reading.
          if (line.matches("[0-9a-f]{64}\t\\d+\t-?\\d+\t.+")) {
            known.put(line.substring(65), line.substring(0, 64));
          }
        }
      }
    } catch (IOException e) {
      known.clear();
    }
    return known;
  }
}
