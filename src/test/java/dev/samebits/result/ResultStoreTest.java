package dev.samebits.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultStoreTest {
  @TempDir Path temp;
  private ResultStore store;

  @BeforeEach
  void create() {
    store = ResultStore.create(temp.resolve("run"));
  }

  private void writePart(String fork, Record... records) {
    try (RecordWriter writer = store.part(fork)) {
      for (Record r : records) {
        writer.write(r);
      }
    }
  }

  private Path file(String name) {
    return store.dir().resolve(name);
  }

  @Test
  void partsAreReadInNameOrderAndFoldedOnce() {
    Record a = Samples.end("a", 0);
    Record b = Samples.end("b", 1);
    writePart("b", b);
    writePart("a", a);
    assertEquals(List.of(a, b), store.records());
    store.fold();
    assertEquals(List.of(a, b), store.records());
    store.fold();
    writePart("a", b);
    store.fold();
    assertEquals(List.of(a, b, b), ResultStore.open(store.dir()).records());
    assertFalse(Files.exists(store.partsDir().resolve("a.jsonl")));
  }

  @Test
  void foldKeepsFieldsOfNewerVersions() throws Exception {
    String line = Codec.line(Samples.end("a", 0)).replace("{\"schema\"", "{\"new\":1,\"schema\"");
    Files.writeString(store.partsDir().resolve("a.jsonl"), line + "\n");
    store.fold();
    assertEquals(line + "\n", Files.readString(file("records.jsonl")));
  }

  @Test
  void tornLastLineOfPartIsDroppedAndCutBeforeAppending() throws Exception {
    writePart("a", Samples.end("a", 0));
    Files.writeString(
        store.partsDir().resolve("a.jsonl"), "{\"schema\":1,\"ty", StandardOpenOption.APPEND);
    assertEquals(List.of(Samples.end("a", 0)), store.records());
    writePart("a", Samples.end("a", 1));
    assertEquals(List.of(Samples.end("a", 0), Samples.end("a", 1)), store.records());
  }

  @Test
  void badLineNamesFileAndLine() throws Exception {
    writePart("a", Samples.end("a", 0));
    Files.writeString(store.partsDir().resolve("a.jsonl"), "nonsense\n", StandardOpenOption.APPEND);
    StoreException e = assertThrows(StoreException.class, store::records);
    assertTrue(e.getMessage().contains("a.jsonl, line 2: "), e.getMessage());
    assertThrows(StoreException.class, store::fold);
  }

  @Test
  void tornRecordsFileIsAnError() throws Exception {
    Files.writeString(file("records.jsonl"), "{\"schema\":1");
    assertThrows(StoreException.class, store::records);
  }

  @Test
  void foldCutShortBeforeTheRenameNeverHappened() throws Exception {
    writePart("a", Samples.end("a", 0));
    Files.writeString(file("records.jsonl.tmp"), Codec.line(Samples.end("a", 0)) + "\n{\"sch");
    store.lock().close();
    assertEquals(List.of(Samples.end("a", 0)), store.records());
    store.fold();
    assertEquals(List.of(Samples.end("a", 0)), store.records());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void foldCutShortAfterTheRenameIsFinished(int partsDeleted) throws Exception {
    writePart("z", Samples.end("z", 9));
    store.fold();
    writePart("a", Samples.end("a", 0));
    writePart("b", Samples.end("b", 0));
    List<Record> all = store.records();
    Files.writeString(
        file("records.jsonl.folded"),
        String.join("\n", all.stream().map(Codec::line).toList()) + "\n");
    for (String part : List.of("a", "b").subList(0, partsDeleted)) {
      Files.delete(store.partsDir().resolve(part + ".jsonl"));
    }
    assertEquals(all, store.records());
    store.lock().close();
    assertEquals(all, store.records());
    assertFalse(Files.exists(file("records.jsonl.folded")));
    writePart("a", Samples.end("a", 1));
    assertEquals(all.size() + 1, store.records().size());
  }

  @Test
  void judgingAgainReplacesVerdicts() {
    writePart("a", Samples.end("a", 0));
    store.append(List.of(Samples.verdict("VARIES"), Samples.verdict("IDENTICAL")));
    store.append(List.of(Samples.verdict("MISTRUSTED")));
    assertEquals(List.of(Samples.end("a", 0), Samples.verdict("MISTRUSTED")), store.records());
    store.append(List.of(Samples.end("b", 0)));
    assertEquals(3, store.records().size());
  }

  @Test
  void createRefusesWhatIsNotEmptyOrNotAFolder() throws Exception {
    StoreException e = assertThrows(StoreException.class, () -> ResultStore.create(store.dir()));
    assertTrue(e.getMessage().contains("not empty"), e.getMessage());
    Path plain = Files.writeString(temp.resolve("plain"), "x");
    assertThrows(StoreException.class, () -> ResultStore.create(plain));
    assertThrows(StoreException.class, () -> ResultStore.create(plain.resolve("below")));
    assertThrows(StoreException.class, () -> ResultStore.open(temp.resolve("missing")));
    assertThrows(StoreException.class, () -> ResultStore.open(temp));
  }

  @Test
  void createRefusesWhereNothingCanBeWritten() {
    assumeTrue(Files.exists(Path.of("/proc/self")), "no /proc here");
    assertThrows(StoreException.class, () -> ResultStore.create(Path.of("/proc/samebits")));
  }

  @Test
  void lockIsExclusiveAndNamesItsHolder() {
    StoreLock lock = store.lock();
    StoreException e = assertThrows(StoreException.class, store::lock);
    assertTrue(e.getMessage().contains("process " + ProcessHandle.current().pid()), e.getMessage());
    lock.close();
    store.lock().close();
  }

  @Test
  void blobsComeBackAndNamesStayInside() throws Exception {
    String name = ResultStore.blobName("sb128:00ff");
    assertEquals("sb128-00ff", name);
    store.putBlob(name, ByteBuffer.wrap(new byte[] {1, 2, 3}));
    store.putBlob(name, ByteBuffer.wrap(new byte[] {1, 2, 3}));
    assertEquals(ByteBuffer.wrap(new byte[] {1, 2, 3}), store.blob(name).orElseThrow());
    assertEquals(Optional.empty(), store.blob("sb128-0100"));
    for (String bad : List.of("", ".", "..", "../x", "a/b", "a\\b", "sb128:1", "a\n")) {
      assertThrows(IllegalArgumentException.class, () -> store.blob(bad), bad);
      assertThrows(IllegalArgumentException.class, () -> store.part(bad), bad);
    }
    Files.writeString(file("blobs").resolve("broken.bin.gz"), "no gzip");
    assertThrows(StoreException.class, () -> store.blob("broken"));
    assertEquals(2, Files.list(file("blobs")).count());
  }

  @Test
  void linksOutOfTheFolderAreNotFollowed() throws Exception {
    Path outside =
        Files.writeString(temp.resolve("outside"), Codec.line(Samples.end("a", 0)) + "\n");
    Files.createSymbolicLink(store.partsDir().resolve("a.jsonl"), outside);
    assertThrows(StoreException.class, store::records);
    Files.delete(store.partsDir().resolve("a.jsonl"));
    Files.createSymbolicLink(file("records.jsonl"), outside);
    assertThrows(StoreException.class, store::records);
    Files.createSymbolicLink(file("manifest.json"), outside);
    assertThrows(StoreException.class, store::manifest);
    Files.createSymbolicLink(file("blobs"), Files.createDirectory(temp.resolve("elsewhere")));
    assertThrows(StoreException.class, () -> store.putBlob("x", ByteBuffer.allocate(1)));
    Files.delete(file("records.jsonl"));
    Files.delete(store.partsDir());
    Files.createSymbolicLink(file("parts"), temp.resolve("elsewhere"));
    assertThrows(StoreException.class, store::records);
    assertThrows(StoreException.class, () -> store.part("a"));
  }

  @Test
  void limitsHold() {
    writePart("a", Samples.end("a", 0), Samples.end("a", 1));
    long size = Codec.line(Samples.end("a", 0)).length();
    for (RecordLines.Limits tight :
        List.of(
            new RecordLines.Limits((int) size - 1, 1 << 20, 9),
            new RecordLines.Limits(1 << 20, 2 * size + 1, 9),
            new RecordLines.Limits(1 << 20, 1 << 20, 1))) {
      assertThrows(StoreException.class, () -> new ResultStore(store.dir(), tight).records());
    }
    RecordLines.Limits exact = new RecordLines.Limits((int) size, 2 * (size + 1), 2);
    assertEquals(2, new ResultStore(store.dir(), exact).records().size());
  }

  @Test
  void manifestIsReplacedWhole() throws Exception {
    assertEquals(Optional.empty(), store.manifest());
    store.write(manifest(Record.SCHEMA, "RUNNING"));
    store.write(manifest(Record.SCHEMA, "COMPLETE"));
    assertEquals(Optional.of(manifest(Record.SCHEMA, "COMPLETE")), store.manifest());
    assertFalse(Files.readString(file("manifest.json")).contains("\r"));
    store.write(manifest(Record.SCHEMA + 1, "COMPLETE"));
    assertThrows(StoreException.class, store::manifest);
    for (String bad : List.of("", "null", "[]", "{", "{}")) {
      Files.writeString(file("manifest.json"), bad);
      assertThrows(StoreException.class, store::manifest, bad);
    }
  }

  private static Manifest manifest(int schema, String status) {
    return new Manifest(
        schema,
        "quick",
        "d",
        "host",
        "c",
        List.of("run"),
        "2026-11-22T06:00:00Z",
        null,
        status,
        List.of(1L),
        1.5,
        1,
        0.5,
        0.25,
        2,
        3,
        3,
        Map.of("jvm", "available"),
        List.of(),
        null,
        null);
  }

  @Test
  void defaultFolderIsFreeAndSafe() throws Exception {
    LocalDate day = LocalDate.of(2026, 11, 22);
    Path first = ResultStore.defaultDir(temp, "box", day, "0123456789abcdef", "quick");
    assertEquals(temp.resolve("box/2026-11-22-0123456-quick"), first);
    Files.createDirectories(first);
    Path second = ResultStore.defaultDir(temp, "box", day, "0123456789abcdef", "quick");
    assertEquals(temp.resolve("box/2026-11-22-0123456-quick-2"), second);
    Path hostile = ResultStore.defaultDir(temp, "../../etc", day, "abc", "a/b");
    assertTrue(hostile.normalize().startsWith(temp), hostile.toString());
    assertEquals(temp, hostile.getParent().getParent());
  }
}
