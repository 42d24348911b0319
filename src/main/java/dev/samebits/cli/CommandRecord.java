package dev.samebits.cli;

import dev.samebits.library.Paths;
import dev.samebits.result.Manifest;
import dev.samebits.result.PathText;
import dev.samebits.result.ResultStore;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * The command line of a run as it is recorded: what would measure the same again, without where the
 * results went.
 *
 * @param words the words, beginning with {@code java -jar benchmarks.jar}
 */
record CommandRecord(List<String> words) {
  private static final List<String> PREFIX = List.of("java", "-jar", "benchmarks.jar");

  /** Options that say where results go or how they are shown, with whether they take a value. */
  private static final List<String> WITH_VALUE = List.of("--out", "--resume", "--host");

  private static final List<String> FLAGS = List.of("--json", "--require-bars");

  /** The record of our arguments, the verb first. */
  static CommandRecord of(List<String> args) {
    List<String> words = new ArrayList<>(PREFIX);
    for (int i = 0; i < args.size(); i++) {
      String name = args.get(i).replaceFirst("=.*", "");
      if (WITH_VALUE.contains(name)) {
        i += args.get(i).contains("=") ? 0 : 1;
      } else if (!FLAGS.contains(args.get(i))) {
        boolean path = isPath(name) || i > 0 && isPath(args.get(i - 1));
        words.add(path ? PathText.abbreviate(args.get(i)) : args.get(i));
      }
    }
    return new CommandRecord(List.copyOf(words));
  }

  /** Options whose value is a path, which is recorded without the user's folders. */
  private static boolean isPath(String option) {
    return List.of("--suite", "--cblas", "--cuda-home").contains(option);
  }

  /** What the manifest of an earlier run says. */
  static CommandRecord recorded(ResultStore store) {
    List<String> words = store.manifest().map(Manifest::command).orElse(null);
    if (words == null || words.size() <= PREFIX.size()) {
      throw new Refusal(
          ExitCode.ENVIRONMENT,
          store.dir() + " does not say how it was begun; give the options it was begun with",
          null);
    }
    return new CommandRecord(List.copyOf(words));
  }

  /** What the words select. */
  Selection selection() {
    try {
      CommandLine root = Samebits.build(false);
      ParseResult parsed =
          root.parseArgs(
              words.stream().skip(PREFIX.size()).map(Paths::expand).toArray(String[]::new));
      if (parsed.hasSubcommand()
          && parsed.subcommand().commandSpec().userObject() instanceof RunVerb run) {
        return run.selection();
      }
    } catch (ParameterException e) {
      throw new Refusal(
          ExitCode.ENVIRONMENT, "the recorded command cannot be read: " + e.getMessage(), e);
    }
    throw new Refusal(
        ExitCode.ENVIRONMENT, "the recorded command is no run: " + String.join(" ", words), null);
  }
}
