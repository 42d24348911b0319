package dev.samebits.library;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Gives an ELF library a name of its own. The dynamic linker takes a library that is needed by name
 * (DT_NEEDED) to be any one already loaded with that DT_SONAME, local symbols or not; so ND4J,
 * which needs {@code libopenblas.so.0}, was seen to call another OpenBLAS that had been loaded
 * before it. A copy whose DT_SONAME is another string of the same length cannot be taken for it.
 * Nothing else in the file changes. See the System V ABI, chapter 5, "Dynamic Section".
 */
public final class Soname {
  private static final int PT_LOAD = 1;
  private static final int PT_DYNAMIC = 2;
  private static final int DT_STRTAB = 5;
  private static final int DT_SONAME = 14;

  private Soname() {}

  /**
   * A copy in the same folder whose DT_SONAME begins with {@code sb-} and the hash of the original.
   *
   * @throws IOException if it cannot be written, or the file is no 64-bit little-endian ELF library
   *     with a DT_SONAME
   */
  public static Path isolate(Path library) throws IOException {
    String original = Digests.sha256(library);
    Path copy = library.resolveSibling("isolated-" + library.getFileName());
    String key = Digests.key("isolated copy of " + original, 0, 0);
    var known = Digests.recall(key);
    if (known.isPresent() && Files.exists(copy) && Digests.sha256(copy).equals(known.get())) {
      return copy;
    }
    byte[] content = Files.readAllBytes(library);
    rename(ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN), "sb-" + original, library);
    Path temp = Files.createTempFile(copy.getParent(), copy.getFileName() + ".", ".part");
    try {
      Files.write(temp, content);
      Files.move(temp, copy, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temp);
    }
    Digests.remember(key, Digests.sha256(content));
    return copy;
  }

  private static void rename(ByteBuffer elf, String name, Path library) throws IOException {
    try {
      int at = offset(elf);
      int length = 0;
      while (elf.get(at + length) != 0) {
        length++;
      }
      elf.put(at, name.substring(0, length).getBytes(StandardCharsets.US_ASCII));
    } catch (IndexOutOfBoundsException e) {
      throw new IOException(library + " is no 64-bit ELF library with a name (DT_SONAME)", e);
    }
  }

  /** Where the text of DT_SONAME lies in the file; past its end if there is none. */
  private static int offset(ByteBuffer elf) {
    // magic, 64 bits, little-endian
    if (elf.getInt(0) != 0x464C457F || elf.get(4) != 2 || elf.get(5) != 1) {
      return elf.limit();
    }
    int dynamic = segment(elf, PT_DYNAMIC, 0);
    long strings = -1;
    long soname = -1;
    for (int d = (int) elf.getLong(dynamic + 8); elf.getLong(d) != 0; d += 16) {
      if (elf.getLong(d) == DT_STRTAB) {
        strings = elf.getLong(d + 8);
      } else if (elf.getLong(d) == DT_SONAME) {
        soname = elf.getLong(d + 8);
      }
    }
    if (strings < 0 || soname < 0) {
      return elf.limit();
    }
    int load = segment(elf, PT_LOAD, strings);
    return Math.toIntExact(strings - elf.getLong(load + 16) + elf.getLong(load + 8) + soname);
  }

  /** The program header of a type; for PT_LOAD the one that holds an address. */
  private static int segment(ByteBuffer elf, int type, long address) {
    int header = Math.toIntExact(elf.getLong(32));
    for (int i = 0; i < elf.getShort(56); i++, header += 56) {
      long from = elf.getLong(header + 16);
      boolean holds =
          type != PT_LOAD || (address >= from && address - from < elf.getLong(header + 32));
      if (elf.getInt(header) == type && holds) {
        return header;
      }
    }
    return elf.limit();
  }
}
