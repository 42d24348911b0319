package dev.samebits.jmh;

import dev.samebits.kernel.Availability;
import dev.samebits.kernel.Backend;
import dev.samebits.kernel.CaseKey;
import dev.samebits.kernel.Receipt;
import dev.samebits.library.LoadedLibraries;
import dev.samebits.library.LoadedLibrary;
import dev.samebits.result.PathText;
import dev.samebits.result.Record;
import dev.samebits.result.RecordWriter;
import dev.samebits.result.ResultStore;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The child's side of the wire: one part file, begun before anything else is done. */
final class ForkRecords implements AutoCloseable {
  private final RecordWriter writer;
  private final String fork;
  private List<LoadedLibrary> libraries = List.of();
  private Record.Bound last;

  /** Opens the fork's part of the store and writes its start record. */
  ForkRecords(
      ResultStore store,
      String fork,
      String pass,
      int process,
      long deadlineSeconds,
      Map<String, String> env,
      List<String> keys) {
    this.fork = fork;
    this.writer = store.part(fork);
    Instant now = Instant.now();
    writer.write(
        new Record.Start(
            fork,
            pass,
            process,
            ProcessHandle.current().pid(),
            now.toString(),
            now.plusSeconds(deadlineSeconds).toString(),
            jvm(),
            PathText.abbreviate(ManagementFactory.getRuntimeMXBean().getInputArguments()),
            env,
            keys));
  }

  private static String jvm() {
    return System.getProperty("java.vendor")
        + " "
        + System.getProperty("java.vm.name")
        + " "
        + Runtime.version();
  }

  /** Writes a record; before the one that ends the fork, what has been loaded by then. */
  void write(Record record) {
    if (record instanceof Record.End end && end.caseId().isEmpty() && last != null) {
      lateLibraries();
    }
    writer.write(record);
  }

  /** A library may load parts of itself when it is called first: cuDNN does. */
  private void lateLibraries() {
    List<LoadedLibrary> now = LoadedLibraries.list();
    if (!now.equals(libraries)) {
      writer.write(
          new Record.Bound(
              fork, last.caseId(), last.condition(), last.effective(), last.receipt(), now));
    }
  }

  /** Says what a bound case really runs on. */
  void bound(Backend backend, CaseKey key, Map<String, String> effective) {
    bound(backend, key.id().toString(), key.conditions().toString(), effective);
  }

  /** The same for a training run: one record a backend, with the operations as settings. */
  void bound(Backend backend, String id, String condition, Map<String, String> effective) {
    List<LoadedLibrary> now = LoadedLibraries.list();
    List<LoadedLibrary> news = now.equals(libraries) ? List.of() : now;
    libraries = now;
    Receipt receipt =
        backend.availability() instanceof Availability.Available a ? a.receipt() : null;
    last = new Record.Bound(fork, id, condition, effective, receipt, news);
    writer.write(last);
  }

  @Override
  public void close() {
    writer.close();
  }
}
