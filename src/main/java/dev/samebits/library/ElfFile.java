package dev.samebits.library;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What the header of an ELF file says. See the System V ABI, chapter 4, "ELF Header". */
final class ElfFile {
  private static final int HEADER = 20;
  private static final int MAGIC = 0x464C457F;
  private static final int SHARED = 3;

  /** Numbers of e_machine, in the words of {@link Platform}. */
  private static final Map<Integer, String> MACHINES =
      Map.of(3, "x86", 21, "ppc64", 40, "arm", 62, "x86_64", 183, "arm64", 243, "riscv");

  private ElfFile() {}

  /**
   * The processor that a 64-bit little-endian shared library is for, in the words of {@link
   * Platform}.
   *
   * @throws IOException if it cannot be read or is something else, saying what
   */
  static String machine(Path file) throws IOException {
    byte[] header;
    try (InputStream in = Files.newInputStream(file)) {
      header = in.readNBytes(HEADER);
    }
    ByteBuffer elf = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
    if (header.length < HEADER || elf.getInt(0) != MAGIC) {
      throw new IOException("no ELF library");
    } else if (elf.get(4) != 2 || elf.get(5) != 1) {
      throw new IOException("no 64-bit little-endian library");
    } else if (elf.getShort(16) != SHARED) {
      throw new IOException("no shared library");
    }
    int machine = elf.getShort(18) & 0xFFFF;
    return MACHINES.getOrDefault(machine, "processor number " + machine);
  }
}
