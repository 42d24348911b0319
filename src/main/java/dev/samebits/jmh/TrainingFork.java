package dev.samebits.jmh;

import dev.samebits.backend.Backends;
import dev.samebits.kernel.Availability;
import dev.samebits.kernel.Backend;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.OutOfDeviceMemoryException;
import dev.samebits.library.NativeMath;
import dev.samebits.result.Record;
import dev.samebits.result.ResultStore;
import dev.samebits.training.TrainingExperiment;
import dev.samebits.training.TrainingResult;
import dev.samebits.training.TrainingSpec;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The training pass in a child process: all replicates of one mode. */
final class TrainingFork {
  private final ForkJob job;
  private final ResultStore store;

  TrainingFork(ForkJob job) {
    this.job = job;
    this.store = ResultStore.open(Path.of(job.store()));
  }

  void run() {
    ForkJob.Training t = job.training();
    String id = t.id();
    try (ForkRecords out =
        new ForkRecords(
            store,
            job.fork(),
            job.pass(),
            job.process(),
            job.deadlineSeconds(),
            job.env(),
            List.of(id))) {
      TrainingSpec spec =
          new TrainingSpec(
              t.model(),
              t.data(),
              t.mode(),
              t.ops(),
              Conditions.parse(job.condition()),
              t.seed(),
              t.steps(),
              t.replicates());
      Optional<Record.Skip> skip = load(spec, id, out);
      if (skip.isPresent()) {
        out.write(skip.get());
      } else {
        train(spec, id, out);
      }
      out.write(new Record.End(job.fork(), "", job.condition(), job.pass(), job.process()));
    }
  }

  private void train(TrainingSpec spec, String id, ForkRecords out) {
    try {
      out.write(record(job.training(), TrainingExperiment.run(spec, Backends::of, step -> {})));
      out.write(new Record.End(job.fork(), id, job.condition(), job.pass(), job.process()));
    } catch (OutOfDeviceMemoryException e) {
      out.write(new Record.Skip(job.fork(), id, job.condition(), "SKIPPED", e.getMessage(), ""));
    }
  }

  /**
   * Loads every backend that an operation runs on and says what it is. A run may mix native
   * backends on purpose: the one exception to one native math library in a process. ND4J comes
   * first, as it refuses to load behind another library of its OpenBLAS's name.
   */
  private Optional<Record.Skip> load(TrainingSpec spec, String id, ForkRecords out) {
    List<String> names =
        spec.ops().values().stream().map(o -> o.split("/")[0]).distinct().sorted().toList();
    if (names.stream().filter(n -> !n.equals("jvm")).count() > 1) {
      NativeMath.allowSeveral();
    }
    for (String name :
        names.stream().sorted(Comparator.comparing(n -> !n.equals("nd4j"))).toList()) {
      Backend backend = Backends.of(name);
      if (backend.availability() instanceof Availability.Unavailable no) {
        return Optional.of(
            new Record.Skip(
                job.fork(),
                id,
                job.condition(),
                "UNAVAILABLE",
                "backend " + name + ": " + no.reason(),
                no.remedy()));
      }
      out.bound(backend, id, job.condition(), spec.ops());
    }
    return Optional.empty();
  }

  private Record.Training record(ForkJob.Training t, TrainingResult r) {
    return new Record.Training(
        job.fork(),
        t.model(),
        t.data(),
        t.mode(),
        r.ops(),
        job.condition(),
        t.seed(),
        t.steps(),
        t.replicates(),
        r.onset(),
        r.distinctFinal(),
        r.accuracy(),
        r.churn(),
        r.curve().stream()
            .map(p -> new Record.CurvePoint(p.step(), p.l2(), p.cosine(), p.changed(), p.loss()))
            .toList(),
        r.growthRate(),
        r.fingerprints(),
        r.secondsPerStep(),
        r.seconds());
  }
}
