package dev.samebits.jmh;

import dev.samebits.backend.Backends;
import dev.samebits.kernel.Conditions;
import dev.samebits.result.Record;
import dev.samebits.result.ResultStore;
import dev.samebits.training.TrainingExperiment;
import dev.samebits.training.TrainingResult;
import dev.samebits.training.TrainingSpec;
import java.nio.file.Path;
import java.util.List;

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
    String id = t.model() + "/" + t.data() + "/" + t.mode();
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
      TrainingResult r = TrainingExperiment.run(spec, Backends::of, step -> {});
      out.write(record(t, r));
      out.write(new Record.End(job.fork(), id, job.condition(), job.pass(), job.process()));
      out.write(new Record.End(job.fork(), "", job.condition(), job.pass(), job.process()));
    }
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
