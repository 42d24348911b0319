package dev.samebits.cli;

import dev.samebits.result.BuildInfo;

/** What {@code --version} prints. */
final class Version {
  private Version() {}

  /** {@code Samebits 0.1.0 (commit 1234567)}. */
  static String line() {
    return "Samebits " + BuildInfo.version() + " (commit " + BuildInfo.commit() + ")";
  }
}
