package dev.samebits.result;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** What this jar was built from, as the build wrote it into {@code META-INF}. */
public final class BuildInfo {
  private static final Properties VALUES = load();

  private BuildInfo() {}

  private static Properties load() {
    Properties values = new Properties();
    try (InputStream in = BuildInfo.class.getResourceAsStream("/META-INF/samebits.properties")) {
      if (in != null) {
        values.load(in);
      }
    } catch (IOException | IllegalArgumentException e) {
      values.clear(); // unreadable is as good as missing
    }
    return values;
  }

  /** The version of the project; {@code unknown} if the build did not say. */
  public static String version() {
    return value("git.build.version");
  }

  /**
   * The full commit id, with {@code -dirty} if files differed from it; {@code unknown} if the build
   * was not made in a repository.
   */
  public static String commit() {
    String commit = value("git.commit.id.full");
    return commit.matches("[0-9a-f]+") && VALUES.getProperty("git.dirty", "").equals("true")
        ? commit + "-dirty"
        : commit;
  }

  /** The plugin leaves {@code ${...}} behind where it knew nothing. */
  private static String value(String key) {
    String value = VALUES.getProperty(key, "");
    return value.isBlank() || value.startsWith("$") ? "unknown" : value;
  }
}
