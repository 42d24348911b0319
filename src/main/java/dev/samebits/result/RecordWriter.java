package dev.samebits.result;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Appends records to one part file, a line at a time, each line in a single write, so that a killed
 * process leaves whole lines and at most one torn one at the end. A write that fails, as on a full
 * disk, is taken back, and the writer refuses all further ones: nothing may stand behind half a
 * line.
 */
public final class RecordWriter implements AutoCloseable {
  private final SeekableByteChannel channel;
  private final Path path;
  private IOException failure;

  /** Opens or creates the file for appending, cutting off a last line torn by an earlier death. */
  public RecordWriter(Path path) {
    this(path, open(path));
  }

  /** Writes to the end of an open file; tests give one that fails. */
  RecordWriter(Path path, SeekableByteChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  private static SeekableByteChannel open(Path path) {
    try {
      cutTornLine(path);
      return FileChannel.open(
          path,
          StandardOpenOption.CREATE,
          StandardOpenOption.WRITE,
          StandardOpenOption.APPEND,
          LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + path + ": " + e, e);
    }
  }

  private static void cutTornLine(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (FileChannel file =
        FileChannel.open(
            path, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      ByteBuffer last = ByteBuffer.allocate(1);
      long end = file.size();
      while (end > 0) {
        last.clear();
        file.read(last, end - 1);
        if (last.get(0) == '\n') {
          break;
        }
        end--;
      }
      file.truncate(end);
    }
  }

  /**
   * Appends one record, whole or not at all.
   *
   * @throws UncheckedIOException naming the file, if this write or an earlier one failed
   */
  public synchronized void write(Record record) {
    ByteBuffer bytes =
        ByteBuffer.wrap((Codec.line(record) + "\n").getBytes(StandardCharsets.UTF_8));
    if (failure != null) {
      throw new UncheckedIOException(
          "nothing more is written to " + path + ", a write failed: " + failure.getMessage(),
          failure);
    }
    try {
      append(bytes);
    } catch (IOException e) {
      failure = e;
      throw new UncheckedIOException("cannot write " + path + ": " + e.getMessage(), e);
    }
  }

  private void append(ByteBuffer bytes) throws IOException {
    long end = channel.size();
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      try {
        channel.truncate(end);
      } catch (IOException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close " + path, e);
    }
  }
}
