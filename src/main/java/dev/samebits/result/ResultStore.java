package dev.samebits.result;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * One folder a run: {@code manifest.json}, {@code records.jsonl}, {@code parts/<fork>.jsonl} while
 * it runs, {@code blobs/<name>.bin.gz} and {@code lock}. {@code formats.md} describes the files.
 *
 * <p>Folding is crash-safe: everything is written to a temporary file, which is renamed to {@code
 * records.jsonl.folded}. That rename is the one moment at which the parts stop counting; while the
 * file exists it is the whole truth. The parts are then deleted and the file takes its final name.
 * A fold cut short before the rename never happened; one cut short after it is finished by the next
 * {@link #lock}.
 */
public final class ResultStore {
  private static final String MANIFEST = "manifest.json";
  private static final String RECORDS = "records.jsonl";
  private static final String FOLDED = "records.jsonl.folded";
  private static final int MAX_MANIFEST = 16 << 20;
  private static final int MAX_BLOB = 256 << 20;
  private static final int PROBE_BYTES = 1 << 20;
  private static final String NAME = "[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}";

  private final Path dir;
  private final RecordLines.Limits limits;

  ResultStore(Path dir, RecordLines.Limits limits) {
    this.dir = dir;
    this.limits = limits;
  }

  /**
   * Makes the folder of a new run, after writing and deleting a probe of 1 MiB in it.
   *
   * @throws StoreException if it exists and is not empty, is read-only, or the disk is full
   */
  public static ResultStore create(Path dir) {
    try {
      Files.createDirectories(dir);
      try (Stream<Path> files = Files.list(dir)) {
        if (files.findAny().isPresent()) {
          throw new StoreException(
              "results folder "
                  + dir
                  + " is not empty; give another --out, or go on with it by --resume",
              null);
        }
      }
      Path probe = dir.resolve(".probe");
      try {
        WholeFiles.writeForced(probe, new byte[PROBE_BYTES]);
      } finally {
        Files.deleteIfExists(probe);
      }
      Path real = dir.toRealPath();
      Files.createDirectory(real.resolve("parts"));
      return new ResultStore(real, RecordLines.Limits.DEFAULT);
    } catch (IOException e) {
      throw new StoreException(
          "cannot write results to " + dir + ": " + WholeFiles.reason(e) + "; give another --out",
          e);
    }
  }

  /**
   * Opens the folder of an earlier or running run.
   *
   * @throws NoRunException if it is not there or holds no run
   * @throws StoreException if it cannot be read
   */
  public static ResultStore open(Path dir) {
    try {
      Path real = dir.toRealPath();
      if (!Files.exists(real.resolve(MANIFEST))
          && !Files.exists(real.resolve(RECORDS))
          && !Files.isDirectory(real.resolve("parts"))) {
        throw new NoRunException(
            dir + " holds no results: neither " + MANIFEST + " nor " + RECORDS + " is there", null);
      }
      return new ResultStore(real, RecordLines.Limits.DEFAULT);
    } catch (NoSuchFileException e) {
      throw new NoRunException("results folder " + dir + " does not exist", e);
    } catch (IOException e) {
      throw new StoreException(
          "cannot open results folder " + dir + ": " + WholeFiles.reason(e), e);
    }
  }

  /**
   * The folder that a run takes if none is given: {@code <base>/<host>/<date>-<commit7>-<suite>},
   * with {@code -2}, {@code -3}, ... if that is taken.
   */
  public static Path defaultDir(
      Path base, String host, LocalDate date, String commit, String suite) {
    String commit7 = commit.substring(0, Math.min(7, commit.length()));
    Path parent = base.resolve(fileName(host));
    String name = fileName(date + "-" + commit7 + "-" + suite);
    Path free = parent.resolve(name);
    for (int i = 2; Files.exists(free, LinkOption.NOFOLLOW_LINKS); i++) {
      free = parent.resolve(name + "-" + i);
    }
    return free;
  }

  private static String fileName(String text) {
    String safe = text.replaceAll("[^A-Za-z0-9._-]", "_").replaceAll("^\\.+", "_");
    return safe.isEmpty() ? "unknown" : safe;
  }

  /** The folder, without symbolic links. */
  public Path dir() {
    return dir;
  }

  /** Where the processes of the run write. */
  public Path partsDir() {
    return folder("parts");
  }

  /** Opens the part of a process for appending; a line torn by an earlier death is cut off. */
  public RecordWriter part(String fork) {
    return new RecordWriter(partsDir().resolve(checkName("fork", fork) + ".jsonl"));
  }

  /** Takes the right to write, and finishes a fold that was cut short. */
  public StoreLock lock() {
    StoreLock lock = StoreLock.acquire(dir.resolve("lock"));
    try {
      recover();
      return lock;
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /**
   * Everything recorded: {@code records.jsonl}, then the parts by name. The last line of a part is
   * dropped if it is torn.
   *
   * @throws StoreException naming file and line of anything that is no record
   */
  public List<Record> records() {
    List<Record> all = new ArrayList<>();
    read((line, record) -> all.add(record));
    return all;
  }

  private void read(BiConsumer<String, Record> sink) {
    RecordLines reader = new RecordLines(limits);
    Path folded = dir.resolve(FOLDED);
    if (Files.exists(folded, LinkOption.NOFOLLOW_LINKS)) {
      reader.read(folded, false, sink);
      return;
    }
    Path records = dir.resolve(RECORDS);
    if (Files.exists(records, LinkOption.NOFOLLOW_LINKS)) {
      reader.read(records, false, sink);
    }
    parts().forEach(part -> reader.read(part, true, sink));
  }

  private List<Path> parts() {
    if (!Files.exists(dir.resolve("parts"), LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(partsDir())) {
      return files.filter(p -> p.toString().endsWith(".jsonl")).sorted().toList();
    } catch (IOException e) {
      throw new StoreException(
          "cannot list " + dir.resolve("parts") + ": " + WholeFiles.reason(e), e);
    }
  }

  /** Moves all parts into {@code records.jsonl}. No process may be writing one. */
  public void fold() {
    rewrite(record -> true, List.of());
  }

  /** Folds, and leaves out the records that fail the test: the traces of work to be done again. */
  public void retain(Predicate<Record> keep) {
    rewrite(keep, List.of());
  }

  /**
   * Folds, and adds records made from the others. If there are verdicts or bars among them, all
   * earlier ones are replaced.
   */
  public void append(List<? extends Record> more) {
    boolean rejudged = more.stream().anyMatch(ResultStore::isJudgement);
    rewrite(record -> !(rejudged && isJudgement(record)), more);
  }

  private static boolean isJudgement(Record record) {
    return record instanceof Record.Verdict || record instanceof Record.Bar;
  }

  private void rewrite(Predicate<Record> keep, List<? extends Record> more) {
    recover();
    Path temp = dir.resolve(RECORDS + ".tmp");
    try {
      Files.deleteIfExists(temp);
      try (FileChannel channel = WholeFiles.newFile(temp);
          OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel))) {
        read(
            (line, record) -> {
              if (keep.test(record)) {
                writeLine(out, line);
              }
            });
        more.forEach(record -> writeLine(out, Codec.line(record)));
        out.flush();
        channel.force(true);
      }
      WholeFiles.move(temp, dir.resolve(FOLDED));
      recover();
    } catch (UncheckedIOException e) {
      throw new StoreException(
          "cannot fold the records of " + dir + ": " + WholeFiles.reason(e.getCause()), e);
    } catch (IOException e) {
      throw new StoreException(
          "cannot fold the records of " + dir + ": " + WholeFiles.reason(e), e);
    }
  }

  private static void writeLine(OutputStream out, String line) {
    try {
      out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void recover() {
    Path folded = dir.resolve(FOLDED);
    if (!Files.exists(folded, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try {
      RecordLines.requireRegular(folded);
      for (Path part : parts()) {
        Files.delete(part);
      }
      WholeFiles.move(folded, dir.resolve(RECORDS));
    } catch (IOException e) {
      throw new StoreException("cannot finish folding " + dir + ": " + WholeFiles.reason(e), e);
    }
  }

  /** What the run was; empty if it has not begun. */
  public Optional<Manifest> manifest() {
    Path file = dir.resolve(MANIFEST);
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    RecordLines.requireRegular(file);
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      Manifest manifest =
          Codec.mapper().readValue(WholeFiles.upTo(in, MAX_MANIFEST, file), Manifest.class);
      if (manifest == null || manifest.schema() < 1 || manifest.schema() > Record.SCHEMA) {
        throw new StoreException(
            file
                + ": schema "
                + (manifest == null ? "missing" : manifest.schema())
                + "; this version reads 1 to "
                + Record.SCHEMA,
            null);
      }
      return Optional.of(manifest);
    } catch (JsonProcessingException e) {
      throw new StoreException(file + " is not a manifest: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new StoreException("cannot read " + file + ": " + WholeFiles.reason(e), e);
    }
  }

  /** Writes the manifest, replacing an earlier one in a single step. */
  public void write(Manifest manifest) {
    DefaultIndenter indent = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter().withObjectIndenter(indent).withArrayIndenter(indent);
    try {
      byte[] json = Codec.mapper().writer(printer).writeValueAsBytes(manifest);
      WholeFiles.replace(dir.resolve(MANIFEST), json);
    } catch (IOException e) {
      throw new StoreException(
          "cannot write " + dir.resolve(MANIFEST) + ": " + WholeFiles.reason(e), e);
    }
  }

  /** The blob name of a fingerprint: {@code sb128:<hex>} becomes {@code sb128-<hex>}. */
  public static String blobName(String fingerprint) {
    return fingerprint.replace(':', '-');
  }

  /** Keeps a raw output. One that is already there is left alone: equal names, equal bits. */
  public void putBlob(String name, ByteBuffer bytes) {
    Path file = blobFile(name, true);
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try {
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      try (var gzip = Channels.newChannel(new GZIPOutputStream(packed))) {
        gzip.write(bytes.duplicate());
      }
      WholeFiles.replace(file, packed.toByteArray());
    } catch (IOException e) {
      throw new StoreException("cannot write " + file + ": " + WholeFiles.reason(e), e);
    }
  }

  /** A raw output, little-endian elements; empty if it was not kept. */
  public Optional<ByteBuffer> blob(String name) {
    Path file = blobFile(name, false);
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    RecordLines.requireRegular(file);
    try (InputStream packed = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
        InputStream in = new GZIPInputStream(packed)) {
      return Optional.of(
          ByteBuffer.wrap(WholeFiles.upTo(in, MAX_BLOB, file)).order(ByteOrder.LITTLE_ENDIAN));
    } catch (IOException e) {
      throw new StoreException("cannot read " + file + ": " + WholeFiles.reason(e), e);
    }
  }

  private Path blobFile(String name, boolean make) {
    checkName("blob", name);
    if (!make && !Files.exists(dir.resolve("blobs"), LinkOption.NOFOLLOW_LINKS)) {
      return dir.resolve("blobs").resolve(name + ".bin.gz");
    }
    return folder("blobs").resolve(name + ".bin.gz");
  }

  /** A folder of ours, made if missing; a link in its place is refused. */
  private Path folder(String name) {
    Path folder = dir.resolve(name);
    try {
      if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectories(folder);
      }
    } catch (IOException e) {
      throw new StoreException("cannot make " + folder + ": " + WholeFiles.reason(e), e);
    }
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      throw new StoreException(folder + " is not a folder", null);
    }
    return folder;
  }

  private static String checkName(String what, String name) {
    if (!name.matches(NAME)) {
      throw new IllegalArgumentException(what + " name '" + name + "' does not match " + NAME);
    }
    return name;
  }
}
