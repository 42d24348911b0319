package dev.samebits.result;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files written whole or not at all, and why that failed. */
public final class WholeFiles {
  private WholeFiles() {}

  static byte[] upTo(InputStream in, int limit, Path file) throws IOException {
    byte[] bytes = in.readNBytes(limit + 1);
    if (bytes.length > limit) {
      throw new StoreException(file + " is larger than " + limit + " bytes", null);
    }
    return bytes;
  }

  /**
   * Whole or not at all: a new temporary file beside it, forced to disk, then renamed over it. No
   * link is followed: one of either name is itself replaced.
   */
  public static void replace(Path file, byte[] bytes) throws IOException {
    Path temp = file.resolveSibling("." + file.getFileName() + "." + ProcessHandle.current().pid());
    try {
      Files.deleteIfExists(temp);
      writeForced(temp, bytes);
      move(temp, file);
    } finally {
      Files.deleteIfExists(temp);
    }
  }

  static void writeForced(Path file, byte[] bytes) throws IOException {
    try (FileChannel channel = newFile(file)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
  }

  static FileChannel newFile(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      throw new IOException("this file system cannot rename atomically", e);
    }
  }

  static String reason(IOException e) {
    String message = e instanceof FileSystemException f ? f.getReason() : null;
    if (e instanceof NoSuchFileException) {
      return "it does not exist";
    } else if (e instanceof AccessDeniedException) {
      return "permission denied";
    } else if (e instanceof FileAlreadyExistsException) {
      return "there is a file of that name";
    }
    return message != null ? message : String.valueOf(e.getMessage());
  }
}
