package dev.samebits.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.samebits.jmh.Probe;
import dev.samebits.kernel.Receipt;
import dev.samebits.result.Environment;
import dev.samebits.result.EnvironmentProbe;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what is available here, what is not, why, and what to do about it. */
@Command(
    name = "doctor",
    description = "Say what is available on this machine, what is not, why, and what to do.")
final class DoctorVerb implements Callable<Integer> {
  @Mixin private ExtraLibraries extra;

  @Option(names = "--json", description = "print the findings as JSON")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws JsonProcessingException {
    Environment environment = EnvironmentProbe.read();
    List<Check> checks = new ArrayList<>(Checkup.machine(environment));
    Map<String, Probe.Result> probes = Probe.all(extra.backends());
    probes.forEach((name, result) -> checks.add(backend(name, result)));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("version", Version.line());
      all.put("environment", environment);
      all.put("checks", checks);
      all.put("backends", probes);
      out.println(Json.pretty(all));
    } else {
      print(checks, out);
    }
    out.flush();
    return ExitCode.OK;
  }

  private static Check backend(String name, Probe.Result result) {
    String what = "backend " + name;
    return result.available()
        ? Check.ok(what, describe(result.receipt()))
        : Check.missing(what, result.reason(), result.remedy());
  }

  private static String describe(Receipt r) {
    List<String> parts = new ArrayList<>(List.of((r.library() + " " + r.version()).strip()));
    if (!r.core().isEmpty()) {
      parts.add("core " + r.core());
    }
    if (r.threads() > 0) {
      parts.add(r.threads() + (r.threads() == 1 ? " thread" : " threads"));
    }
    return String.join(", ", parts);
  }

  static void print(List<Check> checks, PrintWriter out) {
    out.println(Version.line());
    int width = checks.stream().mapToInt(c -> c.what().length()).max().orElse(0);
    String indent = " ".repeat(width + 11);
    for (Check c : checks) {
      out.println(
          String.format(
              Locale.ROOT, "%-" + width + "s  %-7s  %s", c.what(), c.state(), c.detail()));
      if (c.remedy() != null && !c.remedy().isEmpty()) {
        out.println(indent + "-> " + c.remedy());
      }
    }
    long missing = checks.stream().filter(c -> c.state() != Check.State.OK).count();
    out.println(
        missing == 0
            ? "Everything Samebits knows of can be used here."
            : missing + " of " + checks.size() + " have a remark; the run goes on without them.");
  }
}
