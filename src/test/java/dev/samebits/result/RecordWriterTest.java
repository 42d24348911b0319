package dev.samebits.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordWriterTest {
  @TempDir Path temp;

  /** A disk with room for so many bytes, to which some is given back later. */
  private static final class SmallDisk implements SeekableByteChannel {
    private final FileChannel file;
    private long room;

    SmallDisk(Path path, long room) throws IOException {
      this.file =
          FileChannel.open(
              path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
      this.room = room;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      if (room == 0) {
        throw new IOException("No space left on device");
      }
      ByteBuffer some = bytes.slice();
      some.limit((int) Math.min(room, some.limit()));
      int written = file.write(some);
      room -= written;
      bytes.position(bytes.position() + written);
      return written;
    }

    @Override
    public SeekableByteChannel truncate(long size) throws IOException {
      file.truncate(size);
      return this;
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public int read(ByteBuffer bytes) throws IOException {
      return file.read(bytes);
    }

    @Override
    public long position() throws IOException {
      return file.position();
    }

    @Override
    public SeekableByteChannel position(long position) throws IOException {
      file.position(position);
      return this;
    }

    @Override
    public boolean isOpen() {
      return file.isOpen();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  @Test
  void aFullDiskLeavesWholeLinesAndEndsTheWriting() throws Exception {
    Record record = Samples.all().get(0);
    String line = Codec.line(record) + "\n";
    Path path = temp.resolve("capture-000.jsonl");
    SmallDisk disk = new SmallDisk(path, 2L * line.length() + 40);
    try (RecordWriter writer = new RecordWriter(path, disk)) {
      writer.write(record);
      writer.write(record);
      UncheckedIOException full =
          assertThrows(UncheckedIOException.class, () -> writer.write(record));
      assertEquals("cannot write " + path + ": No space left on device", full.getMessage());
      assertEquals(line.repeat(2), Files.readString(path));
      disk.room = 1 << 20;
      UncheckedIOException refused =
          assertThrows(UncheckedIOException.class, () -> writer.write(record));
      assertTrue(
          refused.getMessage().startsWith("nothing more is written to " + path),
          refused.getMessage());
    }
    assertEquals(line.repeat(2), Files.readString(path));
  }

  @Test
  void anOpenedFileIsCutAndGrows() throws Exception {
    Record record = Samples.all().get(0);
    String line = Codec.line(record);
    Path path = Files.writeString(temp.resolve("part.jsonl"), line + "\n" + line.substring(9));
    try (RecordWriter writer = new RecordWriter(path)) {
      writer.write(record);
    }
    assertEquals(List.of(line, line), Files.readAllLines(path));
  }
}
