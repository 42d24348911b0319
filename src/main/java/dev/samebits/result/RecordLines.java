package dev.samebits.result;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.function.BiConsumer;

/** Reads record files that may come from anywhere, within limits. */
final class RecordLines {
  private final Limits limits;
  private long records;

  /** Counts records over all the files it is given. */
  RecordLines(Limits limits) {
    this.limits = limits;
  }

  /**
   * What is accepted from one folder.
   *
   * @param lineBytes longest line
   * @param fileBytes largest file
   * @param records most records in all files of a folder
   */
  record Limits(int lineBytes, long fileBytes, long records) {
    static final Limits DEFAULT = new Limits(Codec.MAX_LINE, 1L << 30, 2_000_000);
  }

  /**
   * Gives every line and its record to {@code sink}.
   *
   * @param tornTail whether a last line without line feed is dropped (a part whose process was
   *     killed) or an error
   * @throws StoreException naming file and line
   */
  void read(Path file, boolean tornTail, BiConsumer<String, Record> sink) {
    requireRegular(file);
    int number = 1;
    try (InputStream in =
        new BufferedInputStream(Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS), 1 << 16)) {
      if (Files.size(file) > limits.fileBytes()) {
        throw new StoreException(file + " is larger than " + limits.fileBytes() + " bytes", null);
      }
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int b = in.read(); b >= 0; b = in.read()) {
        if (b != '\n') {
          line.write(b);
          if (line.size() > limits.lineBytes()) {
            throw bad(file, number, "longer than " + limits.lineBytes() + " bytes", null);
          }
        } else {
          accept(file, number++, line, sink);
        }
      }
      if (line.size() > 0 && !tornTail) {
        throw bad(file, number, "the file ends inside it", null);
      }
    } catch (IOException e) {
      throw new StoreException("cannot read " + file + ": " + e, e);
    }
  }

  private void accept(
      Path file, int number, ByteArrayOutputStream line, BiConsumer<String, Record> sink) {
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(line.toByteArray()))
              .toString();
      line.reset();
      if (++records > limits.records()) {
        throw bad(file, number, "more than " + limits.records() + " records in the folder", null);
      }
      sink.accept(text, Codec.parse(text));
    } catch (CharacterCodingException e) {
      throw bad(file, number, "not UTF-8", e);
    } catch (IllegalArgumentException e) {
      throw bad(file, number, e.getMessage(), e);
    }
  }

  private static StoreException bad(Path file, int number, String why, Throwable cause) {
    return new StoreException(file + ", line " + number + ": " + why, cause);
  }

  /** Links could lead out of the folder, pipes and devices could block. */
  static void requireRegular(Path file) {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new StoreException(file + " is not a regular file", null);
    }
  }
}
