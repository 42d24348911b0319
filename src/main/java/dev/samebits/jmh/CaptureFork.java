package dev.samebits.jmh;

import dev.samebits.backend.Backends;
import dev.samebits.kernel.Availability;
import dev.samebits.kernel.Backend;
import dev.samebits.kernel.BoundCase;
import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.CaseKey;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.DeviceLostException;
import dev.samebits.kernel.Op;
import dev.samebits.metric.ExactError;
import dev.samebits.metric.Fingerprint;
import dev.samebits.result.Record;
import dev.samebits.result.ResultStore;
import dev.samebits.result.StoreException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The capture pass in a child process: repeats many cases of one backend under one set of
 * conditions and looks at the bits of every output. Nothing is timed here but the budget.
 */
final class CaptureFork {
  /** Outputs up to this size are kept whole, so that later metrics can be applied to old runs. */
  private static final int MAX_BLOB_BYTES = 8 << 20;

  /** Outputs of a case whose error against the exact result is computed, at most. */
  private static final int ACCURACY_SAMPLE = 256;

  private final ForkJob job;
  private final Conditions conditions;
  private final ResultStore store;

  CaptureFork(ForkJob job) {
    this.job = job;
    this.conditions = Conditions.parse(job.condition());
    this.store = ResultStore.open(Path.of(job.store()));
  }

  void run() {
    List<String> keys =
        job.cases().stream().map(c -> new CaseKey(CaseId.parse(c.id()), conditions) + "").toList();
    try (ForkRecords out =
        new ForkRecords(
            store, job.fork(), job.pass(), job.process(), job.deadlineSeconds(), job.env(), keys)) {
      Backend backend = Backends.of(job.backend());
      if (backend.availability() instanceof Availability.Unavailable no) {
        job.cases().forEach(c -> out.write(skip(c, "UNAVAILABLE", no.reason(), no.remedy())));
      } else {
        for (ForkJob.Case c : job.cases()) {
          if (!capture(backend, c, out)) {
            break; // what is left is done by another process
          }
        }
      }
      out.write(new Record.End(job.fork(), "", job.condition(), job.pass(), job.process()));
    }
  }

  private Record.Skip skip(ForkJob.Case c, String verdict, String why, String remedy) {
    return new Record.Skip(job.fork(), c.id(), job.condition(), verdict, why, remedy);
  }

  /** Returns whether this process can go on to another case. */
  private boolean capture(Backend backend, ForkJob.Case c, ForkRecords out) {
    CaseId id = CaseId.parse(c.id());
    try (BoundCase bound = BoundCase.bind(backend, id, conditions)) {
      out.bound(backend, new CaseKey(id, conditions), bound.effective());
      repeat(bound, c, out);
      out.write(new Record.End(job.fork(), c.id(), job.condition(), job.pass(), job.process()));
    } catch (Op.NotHonouredException e) {
      out.write(failure(c, "MISTRUSTED", e));
    } catch (IllegalArgumentException e) {
      out.write(skip(c, "SKIPPED", e.getMessage(), ""));
    } catch (StoreException | UncheckedIOException e) {
      throw e; // results cannot be written: no fault of the case
    } catch (DeviceLostException e) {
      out.write(failure(c, "FAILED", e));
      return false;
    } catch (OutOfMemoryError | RuntimeException e) {
      out.write(failure(c, "FAILED", e));
    }
    return true;
  }

  private Record.Failure failure(ForkJob.Case c, String verdict, Throwable e) {
    String why = e.getMessage() == null ? e.toString() : e.getMessage();
    String where =
        Arrays.stream(e.getStackTrace())
            .limit(8)
            .map(StackTraceElement::toString)
            .collect(Collectors.joining("\n"));
    return new Record.Failure(
        job.fork(), c.id(), job.condition(), job.pass(), job.process(), verdict, why, where);
  }

  /**
   * Invokes until the repeats or the time are used up, at least twice. The first invocation, in
   * which classes are loaded and libraries start their threads, does not count against the time.
   */
  private void repeat(BoundCase bound, ForkJob.Case c, ForkRecords out) {
    ByteBuffer output = bound.newOutputBuffer();
    DistinctOutputs outputs =
        new DistinctOutputs(bound.id().dtype().result(), bound.outputRowBytes());
    long budget = (long) (c.seconds() * 1e9);
    long first = invoke(bound, output, outputs);
    long wallEnd = System.nanoTime() + 2 * budget;
    long spent = 0;
    long n = 1;
    while (n < 2 || n < c.repeats() && spent < budget && System.nanoTime() < wallEnd) {
      spent += invoke(bound, output, outputs);
      n++;
    }
    String blob = keepBlob(outputs);
    for (DistinctOutputs.Pattern p : outputs.patterns()) {
      boolean isFirst = p.invocation() == 0;
      out.write(
          new Record.Output(
              job.fork(),
              c.id(),
              job.condition(),
              job.pass(),
              job.process(),
              p.invocation(),
              p.count(),
              p.fingerprint(),
              isFirst ? outputs.referenceBlocks() : List.of(),
              isFirst ? blob : "",
              p.difference()));
    }
    out.write(
        new Record.Capture(
            job.fork(),
            c.id(),
            job.condition(),
            job.process(),
            n,
            outputs.distinct(),
            outputs.everChangedShare(),
            outputs.maxUlp(),
            (first + spent) * 1e-9));
    if (job.process() == 0) {
      accuracy(bound.id(), outputs.reference(), out);
    }
  }

  /** One invocation and a look at its output; returns the invocation's nanoseconds. */
  private static long invoke(BoundCase bound, ByteBuffer output, DistinctOutputs outputs) {
    long t0 = System.nanoTime();
    bound.invoke();
    long nanos = System.nanoTime() - t0;
    bound.readOutput(output);
    outputs.add(output);
    return nanos;
  }

  private String keepBlob(DistinctOutputs outputs) {
    ByteBuffer reference = outputs.reference();
    if (reference.remaining() > MAX_BLOB_BYTES) {
      return "";
    }
    String name = Fingerprint.digest(reference).replace(':', '-');
    store.putBlob(name, reference);
    return name;
  }

  private void accuracy(CaseId id, ByteBuffer reference, ForkRecords out) {
    ExactError.measure(id, reference, ACCURACY_SAMPLE)
        .ifPresent(
            e ->
                out.write(
                    new Record.Accuracy(
                        job.fork(),
                        id.toString(),
                        job.condition(),
                        e.sampled(),
                        e.outputs(),
                        e.maxUlp(),
                        e.meanUlp(),
                        e.correctlyRounded())));
  }
}
