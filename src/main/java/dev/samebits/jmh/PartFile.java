package dev.samebits.jmh;

import dev.samebits.result.Codec;
import dev.samebits.result.Record;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** The parent's side of the wire: whole lines of a part file that may still be growing. */
final class PartFile {
  private PartFile() {}

  /**
   * Some lines.
   *
   * @param records the records of the whole lines
   * @param end offset after the last whole line
   */
  record Chunk(List<Record> records, long end) {}

  /** The whole lines from an offset on; a line without its line feed is left for the next call. */
  static Chunk readFrom(Path file, long offset) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(channel.size() - offset));
      channel.position(offset);
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
        // read on
      }
      String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
      int whole = text.lastIndexOf('\n') + 1;
      List<Record> records =
          text.substring(0, whole).lines().filter(l -> !l.isBlank()).map(Codec::parse).toList();
      int length = text.substring(0, whole).getBytes(StandardCharsets.UTF_8).length;
      return new Chunk(records, offset + length);
    }
  }
}
