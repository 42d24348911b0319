package dev.samebits.result;

import dev.samebits.library.Paths;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** Command lines as they are recorded: absolute paths inside them say nothing about the user. */
public final class PathText {
  private static final Pattern ABSOLUTE = Pattern.compile("(?<![\\w.~$/-])/[^\\s:;,\"']+");

  private PathText() {}

  /** The text with every absolute path abbreviated as {@link Paths#abbreviate} does. */
  public static String abbreviate(String text) {
    return ABSOLUTE
        .matcher(text)
        .replaceAll(m -> java.util.regex.Matcher.quoteReplacement(abbreviatePath(m.group())));
  }

  /** Each text abbreviated. */
  public static List<String> abbreviate(List<String> texts) {
    return texts.stream().map(PathText::abbreviate).toList();
  }

  private static String abbreviatePath(String path) {
    try {
      return Paths.abbreviate(Path.of(path));
    } catch (java.nio.file.InvalidPathException e) {
      return path;
    }
  }
}
