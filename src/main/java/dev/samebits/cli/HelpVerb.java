package dev.samebits.cli;

import dev.samebits.kernel.UnknownNameException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code help} and {@code help VERB}. */
@Command(name = "help", description = "Print this help, or that of a verb.")
final class HelpVerb implements Callable<Integer> {
  @Parameters(arity = "0..1", paramLabel = "VERB", description = "verb to explain")
  private String verb;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    CommandLine root = spec.commandLine().getParent();
    List<String> verbs = new ArrayList<>(Samebits.verbs(root));
    CommandLine shown =
        verb == null
            ? root
            : root.getSubcommands()
                .get(Refusal.usage(() -> UnknownNameException.require("verb", verb, verbs)));
    shown.usage(spec.commandLine().getOut());
    return ExitCode.OK;
  }
}
