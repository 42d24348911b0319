package dev.samebits.plan;

import dev.samebits.kernel.Backend;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.ForkSettings;
import dev.samebits.kernel.UnknownNameException;
import dev.samebits.kernel.Variant;
import dev.samebits.plan.Plan.TrainingRun;
import dev.samebits.plan.Suite.TrainingSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Plans training runs: one process per mode, started so that every operation can be honoured. */
final class TrainingPlanner {
  private final List<Backend> backends;
  private final int cores;

  TrainingPlanner(List<Backend> backends, int cores) {
    this.backends = backends;
    this.cores = cores;
  }

  /** One run per mode, in the order of the suite file. */
  List<TrainingRun> runs(List<TrainingSpec> specs) {
    List<TrainingRun> all = new ArrayList<>();
    for (TrainingSpec spec : specs) {
      int threads =
          spec.threads().equals(Suite.MAX)
              ? cores
              : Math.min(cores, Integer.parseInt(spec.threads()));
      Conditions conditions = Conditions.of(Conditions.THREADS, Integer.toString(threads));
      spec.modes()
          .forEach(
              (mode, ops) ->
                  all.add(
                      new TrainingRun(
                          spec.model(),
                          spec.data(),
                          mode,
                          spec.name(),
                          ops,
                          conditions,
                          settings(spec.where() + ": " + mode, ops, conditions),
                          spec.seed(),
                          spec.steps(),
                          spec.replicates())));
    }
    long distinct = all.stream().map(r -> r.id() + "?" + r.conditions()).distinct().count();
    if (distinct < all.size()) {
      throw new IllegalArgumentException(
          specs.get(0).where()
              + ": one model, data and mode is planned twice; give one of them a `name`");
    }
    return all;
  }

  private ForkSettings settings(String where, Map<String, String> ops, Conditions conditions) {
    Map<String, String> env = new TreeMap<>();
    Set<String> unset = new TreeSet<>();
    List<String> jvmArgs = new ArrayList<>();
    ops.forEach(
        (op, backendVariant) -> {
          for (ForkSettings one : settings(where + ": " + op, backendVariant, conditions)) {
            one.env()
                .forEach(
                    (name, value) -> {
                      String before = env.put(name, value);
                      if (before != null && !before.equals(value)) {
                        throw new IllegalArgumentException(
                            where
                                + ": the operations need "
                                + name
                                + "="
                                + before
                                + " and "
                                + value);
                      }
                    });
            unset.addAll(one.unset());
            one.jvmArgs().stream().filter(a -> !jvmArgs.contains(a)).forEach(jvmArgs::add);
          }
        });
    for (String name : unset) {
      if (env.containsKey(name)) {
        throw new IllegalArgumentException(
            "%s: the operations need %s=%s and %s unset"
                .formatted(where, name, env.get(name), name));
      }
    }
    return new ForkSettings(env, jvmArgs, unset);
  }

  private List<ForkSettings> settings(String where, String backendVariant, Conditions conditions) {
    String[] p = backendVariant.split("/", 2);
    List<String> names = backends.stream().map(Backend::name).toList();
    if (!names.contains(p[0])) {
      throw Fields.at(where, new UnknownNameException("backend", p[0], names));
    }
    Backend backend = backends.get(names.indexOf(p[0]));
    List<Variant> variants =
        backend.variants().stream().filter(v -> v.name().equals(p[1])).toList();
    if (variants.isEmpty()) {
      throw Fields.at(
          where,
          new UnknownNameException(
              "variant of " + p[0],
              p[1],
              backend.variants().stream().map(Variant::name).distinct().toList()));
    }
    return variants.stream().map(v -> backend.forkSettings(v, conditions)).toList();
  }
}
