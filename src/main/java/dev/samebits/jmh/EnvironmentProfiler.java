package dev.samebits.jmh;

import java.io.File;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.ExternalProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.Result;

/**
 * Not a profiler: the one way in JMH to start a fork with environment variables. Its init line is
 * {@code NAME;NAME=VALUE}, where a bare name is one that the fork must not have; its command then
 * begins with {@code env -u NAME NAME=VALUE}.
 */
public final class EnvironmentProfiler implements ExternalProfiler {
  private final List<String> variables;

  /** Called by JMH with the init line. */
  public EnvironmentProfiler(String line) {
    variables = line.isEmpty() ? List.of() : List.of(line.split(";"));
  }

  @Override
  public Collection<String> addJVMInvokeOptions(BenchmarkParams params) {
    if (variables.isEmpty()) {
      return List.of();
    }
    List<String> command = new ArrayList<>(List.of("env"));
    variables.stream()
        .filter(v -> v.indexOf('=') < 0)
        .forEach(name -> command.addAll(List.of("-u", name)));
    variables.stream().filter(v -> v.indexOf('=') >= 0).forEach(command::add);
    return command;
  }

  @Override
  public Collection<String> addJVMOptions(BenchmarkParams params) {
    return List.of();
  }

  @Override
  public void beforeTrial(BenchmarkParams params) {}

  @Override
  public Collection<? extends Result<?>> afterTrial(
      BenchmarkResult result, long pid, File stdOut, File stdErr) {
    return List.of();
  }

  @Override
  public boolean allowPrintOut() {
    return true;
  }

  @Override
  public boolean allowPrintErr() {
    return true;
  }

  @Override
  public String getDescription() {
    return "Starts forks with environment variables";
  }
}
