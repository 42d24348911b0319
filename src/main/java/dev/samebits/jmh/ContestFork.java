package dev.samebits.jmh;

import dev.samebits.backend.Backends;
import dev.samebits.kernel.Backend;
import dev.samebits.kernel.BoundCase;
import dev.samebits.kernel.CaseId;
import dev.samebits.kernel.CaseKey;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.DeviceLostException;
import dev.samebits.kernel.Inputs;
import dev.samebits.kernel.Op;
import dev.samebits.kernel.Operand;
import dev.samebits.kernel.OutOfDeviceMemoryException;
import dev.samebits.metric.Fingerprint;
import dev.samebits.result.Record;
import dev.samebits.result.ResultStore;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Times the cases of one contest on a device, in turns, in a child process. Bound once, they take
 * turns for several rounds, in the opposite order in every other one. A JMH fork for each would
 * spend most of its time on drawing inputs and starting the driver, and the compiler and the heap
 * of a JVM, for which forks are there, have no part in what a device's own clock says.
 */
final class ContestFork {
  private final ForkJob job;
  private final ForkJob.Contest contest;
  private final Map<String, ByteBuffer> drawn = new HashMap<>();
  private final Map<CaseKey, BoundCase> bound = new LinkedHashMap<>();
  private String shape = "";
  private ForkRecords out;

  ContestFork(ForkJob job) {
    this.job = job;
    this.contest = job.contest();
  }

  void run() {
    ResultStore store = ResultStore.open(Path.of(job.store()));
    try (ForkRecords records =
        new ForkRecords(
            store,
            job.fork(),
            job.pass(),
            job.process(),
            job.deadlineSeconds(),
            job.env(),
            contest.keys())) {
      out = records;
      for (String key : contest.keys()) {
        if (!bind(CaseKey.parse(key))) {
          return; // another process goes on without it
        }
      }
      drawn.clear();
      for (int round = contest.from(); round < contest.to(); round++) {
        if (!round(round)) {
          return; // the device is lost, and what is bound on it: likewise
        }
      }
      bound.values().forEach(BoundCase::close);
      out.write(new Record.End(job.fork(), "", job.condition(), job.pass(), job.process()));
    }
  }

  /** Returns whether the device is still there. */
  private boolean bind(CaseKey key) {
    Backend backend = Backends.of(key.id().backend());
    if (!key.id().shape().toString().equals(shape)) {
      drawn.clear(); // cases with the same operands are next to each other
      shape = key.id().shape().toString();
    }
    try {
      BoundCase one = BoundCase.bind(backend, key.id(), key.conditions(), this::input);
      one.timeOnDevice();
      bound.put(key, one);
      out.bound(backend, key, one.effective());
    } catch (Op.NotHonouredException e) {
      fail(key, contest.from(), "MISTRUSTED", e);
    } catch (IllegalArgumentException e) {
      skip(key, e);
    } catch (DeviceLostException e) {
      fail(key, contest.from(), "FAILED", e);
      return false;
    } catch (OutOfMemoryError | RuntimeException e) {
      fail(key, contest.from(), "FAILED", e);
    }
    return true;
  }

  /** Operand i of a case; two of the same size that are drawn alike are one. */
  private ByteBuffer input(CaseId id, int i) {
    Operand operand = id.kernel().inputs(id.shape(), id.dtype()).get(i);
    if (operand.dtype() == DType.I32) {
      return Inputs.of(id, i); // what they may point at depends on the kernel
    }
    String how =
        operand.dtype() + " " + operand.elements() + " " + id.input() + "@" + id.seed() + " " + i;
    return drawn
        .computeIfAbsent(how, k -> Inputs.of(id, i))
        .duplicate()
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Whoever comes second finds a warmer device or other clocks: in odd rounds the last begins. */
  static <T> List<T> order(Collection<T> cases, int round) {
    List<T> order = new ArrayList<>(cases);
    if (round % 2 == 1) {
      Collections.reverse(order);
    }
    return order;
  }

  /** Returns whether the device is still there. */
  private boolean round(int round) {
    for (CaseKey key : order(bound.keySet(), round)) {
      try {
        time(key, bound.get(key), round);
      } catch (DeviceLostException e) {
        fail(key, round, "FAILED", e);
        return false;
      } catch (OutOfDeviceMemoryException e) {
        skip(key, e);
        bound.remove(key).close();
      } catch (OutOfMemoryError | RuntimeException e) {
        fail(key, round, "FAILED", e);
        bound.remove(key);
      }
    }
    return true;
  }

  private void time(CaseKey key, BoundCase one, int round) {
    ForkJob.Effort effort = contest.effort();
    List<Double> warmup = new ArrayList<>();
    List<Double> samples = new ArrayList<>();
    double spent = 0;
    for (int i = 0; i < effort.warmups() + effort.iterations(); i++) {
      boolean warm = i < effort.warmups();
      double seconds = warm ? effort.warmupSeconds() : effort.seconds();
      long start = System.nanoTime();
      long calls = 0;
      do {
        one.invoke();
        calls++;
      } while (System.nanoTime() - start < seconds * 1e9);
      double nanos = System.nanoTime() - start;
      (warm ? warmup : samples).add(nanos / calls);
      spent += nanos * 1e-9;
      int iteration = i;
      one.deviceSample()
          .ifPresent(
              s ->
                  out.write(
                      new Record.Device(job.fork(), id(key), condition(key), round, iteration, s)));
    }
    String print = fingerprint(one);
    write(key, round, warmup, samples, spent, print);
  }

  private static String fingerprint(BoundCase one) {
    ByteBuffer output = one.newOutputBuffer();
    one.readOutput(output);
    return Fingerprint.digest(output);
  }

  private void write(
      CaseKey key,
      int round,
      List<Double> warmup,
      List<Double> samples,
      double spent,
      String print) {
    out.write(
        new Record.Output(
            job.fork(),
            id(key),
            condition(key),
            job.pass(),
            round,
            0,
            1,
            print,
            List.of(),
            "",
            null));
    out.write(
        new Record.Timing(
            job.fork(),
            id(key),
            condition(key),
            round,
            "ns/op",
            warmup,
            samples,
            spent,
            List.of(print)));
    out.write(new Record.End(job.fork(), id(key), condition(key), job.pass(), round));
  }

  private void skip(CaseKey key, IllegalArgumentException e) {
    out.write(new Record.Skip(job.fork(), id(key), condition(key), "SKIPPED", e.getMessage(), ""));
  }

  /** No result from this round on. */
  private void fail(CaseKey key, int round, String verdict, Throwable e) {
    String why = e.getMessage() == null ? e.toString() : e.getMessage();
    for (int r = round; r < contest.to(); r++) {
      out.write(
          new Record.Failure(job.fork(), id(key), condition(key), job.pass(), r, verdict, why, ""));
    }
  }

  private static String id(CaseKey key) {
    return key.id().toString();
  }

  private static String condition(CaseKey key) {
    return key.conditions().toString();
  }
}
