package dev.samebits.cli;

import dev.samebits.kernel.UnknownNameException;
import dev.samebits.result.NoRunException;
import dev.samebits.result.StoreException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Every error is one line on standard error; a stack trace only with {@code --debug}. */
final class Errors implements IParameterExceptionHandler, IExecutionExceptionHandler {
  /** How picocli ends its words about an option whose value has no equals sign. */
  private static final String NO_PAIR = "should be in KEY=VALUE format but was ";

  private final boolean debug;

  Errors(boolean debug) {
    this.debug = debug;
  }

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine verb = e.getCommandLine();
    print(verb.getErr(), verb.getCommandName() + ": " + parseMessage(e), e);
    return ExitCode.USAGE;
  }

  private static String parseMessage(ParameterException e) {
    if (e instanceof UnmatchedArgumentException u && !u.getUnmatched().isEmpty()) {
      String given = u.getUnmatched().get(0);
      return given.startsWith("-")
          ? unknownOption(given.replaceFirst("=.*", ""), e.getCommandLine())
          : "'" + given + "' is one argument too many; 'help " + name(e) + "' says what it takes";
    }
    if (e instanceof MissingParameterException m && !m.getMissing().isEmpty()) {
      return "missing " + m.getMissing().get(0).paramLabel() + "; 'help " + name(e) + "' says more";
    }
    String message = firstLine(e);
    int value = message.indexOf(NO_PAIR);
    return value >= 0 && e.getArgSpec() instanceof OptionSpec option
        ? "option '%s': expected %s, not '%s'"
            .formatted(
                option.longestName(),
                option.paramLabel(),
                message.substring(value + NO_PAIR.length()))
        : message;
  }

  private static String name(ParameterException e) {
    return e.getCommandLine().getCommandName();
  }

  private static String unknownOption(String given, CommandLine verb) {
    List<String> known =
        verb.getCommandSpec().options().stream()
            .filter(o -> !o.hidden())
            .map(o -> o.longestName())
            .sorted()
            .toList();
    return new UnknownNameException("option", given, known).getMessage();
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine verb, ParseResult parsed) {
    String name = verb.getCommandName() + ": ";
    if (e instanceof Refusal r) {
      print(verb.getErr(), name + firstLine(r), r);
      return r.code();
    }
    if (e instanceof NoRunException) {
      print(verb.getErr(), name + firstLine(e), e);
      return ExitCode.USAGE;
    }
    if (e instanceof StoreException || e instanceof UncheckedIOException) {
      print(verb.getErr(), name + firstLine(e), e);
    } else if (e instanceof IOException) {
      print(verb.getErr(), name + e.getClass().getSimpleName() + ": " + firstLine(e), e);
    } else {
      String hint = debug ? "" : " (a fault of Samebits; --debug prints where)";
      print(verb.getErr(), name + e.getClass().getSimpleName() + ": " + firstLine(e) + hint, e);
    }
    return ExitCode.ENVIRONMENT;
  }

  private static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private void print(PrintWriter err, String line, Throwable e) {
    err.println(line);
    if (debug) {
      e.printStackTrace(err);
    }
    err.flush();
  }
}
