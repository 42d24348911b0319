package dev.samebits.plan;

import dev.samebits.kernel.DType;
import dev.samebits.kernel.InputKind;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Shape;
import dev.samebits.kernel.UnknownNameException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * A suite file as data: an experiment before it is known which backends and how many cores there
 * are. {@code formats.md} describes the grammar.
 *
 * @param name its name
 * @param about what it is for
 * @param needs backends without which it is of no use: as if they had been asked for by name
 * @param timing effort of the timed cases
 * @param groups cases
 * @param bars comparisons of speed with a bar to reach
 * @param training training runs
 */
public record Suite(
    String name,
    String about,
    List<String> needs,
    Plan.JmhSettings timing,
    List<CaseGroup> groups,
    List<BarSpec> bars,
    List<TrainingSpec> training) {

  /**
   * Suites that come with the jar: about bits, from short to long, about speed, about a GPU, and
   * the steps of {@code scripts/gpu-check.sh}.
   */
  public static final List<String> PRESETS =
      List.of(
          "smoke",
          "quick",
          "standard",
          "full",
          "speed",
          "scaling",
          "gpu",
          "gpu_contract",
          "gpu_sanitizer",
          "gpu_speed",
          "gpu_wall",
          "gpu_stress");

  /** Stands for the number of cores in a list of thread counts. */
  public static final String MAX = "max";

  /** Stands for every variant in a list of variants. */
  public static final String ALL = "all";

  private static final int MAX_BYTES = 1 << 20;

  /** Copies the lists. */
  public Suite {
    needs = List.copyOf(needs);
    groups = List.copyOf(groups);
    bars = List.copyOf(bars);
    training = List.copyOf(training);
  }

  /**
   * How often outputs are looked at.
   *
   * @param processes processes that repeat each case
   * @param repeats most invocations in a process
   * @param seconds most time in invocations of one case in a process
   * @param controlRepeats the same for controls offered two threads or more
   * @param controlSeconds the same for controls offered two threads or more
   */
  public record CaptureSettings(
      int processes, int repeats, double seconds, int controlRepeats, double controlSeconds) {}

  /**
   * The cases of one kernel: the product of its lists. Each is captured; if {@code timed}, those
   * with the first input and the first seed are timed too.
   *
   * @param where file and key, for messages
   * @param kernel the operation
   * @param dtypes element types
   * @param shapes sizes
   * @param inputs kinds of input
   * @param seeds their seeds
   * @param variants variant names, or {@code all}, by backend name or {@code name:*}; empty for
   *     every variant of every backend
   * @param timed whether JMH times them
   * @param timedThreads thread counts they are timed at; those above the number of cores are left
   *     out
   * @param once conditions, key and value, of which each has one more process at all threads
   * @param conditions values by condition; their product is captured
   * @param capture effort
   */
  public record CaseGroup(
      String where,
      Kernel kernel,
      List<DType> dtypes,
      List<Shape> shapes,
      List<InputKind> inputs,
      List<Long> seeds,
      Map<String, List<String>> variants,
      boolean timed,
      List<String> timedThreads,
      List<Map.Entry<String, String>> once,
      SortedMap<String, List<String>> conditions,
      CaptureSettings capture) {}

  /**
   * One model trained in several modes.
   *
   * @param where file and key, for messages
   * @param model name of the model
   * @param data name of the data
   * @param name tells runs of one model, data and mode apart; empty for the first
   * @param modes {@code backend/variant} by operation, by mode id
   * @param seed seed of all replicates
   * @param steps SGD iterations
   * @param replicates runs with the same seed
   * @param threads thread count, or {@code max}
   */
  public record TrainingSpec(
      String where,
      String model,
      String data,
      String name,
      Map<String, Map<String, String>> modes,
      long seed,
      int steps,
      int replicates,
      String threads) {}

  /**
   * A suite that comes with the jar.
   *
   * @throws UnknownNameException if there is none of that name
   */
  public static Suite preset(String name) {
    UnknownNameException.require("preset", name, PRESETS);
    String resource = "/suites/" + name + ".yaml";
    try (InputStream in = Suite.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + resource);
      }
      return SuiteReader.read(name + ".yaml", in.readAllBytes());
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + resource + " of the jar", e);
    }
  }

  /**
   * A suite file of the user's.
   *
   * @throws IllegalArgumentException naming file, key and what was expected
   */
  public static Suite file(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new IllegalArgumentException(file + ": larger than " + MAX_BYTES + " bytes");
      }
      return SuiteReader.read(file.toString(), bytes);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "cannot read suite file "
              + file
              + ": "
              + (e instanceof NoSuchFileException ? "it does not exist" : e.toString()),
          e);
    }
  }
}
