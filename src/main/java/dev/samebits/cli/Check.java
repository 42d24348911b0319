package dev.samebits.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Locale;

/**
 * One line of {@code doctor}.
 *
 * @param what what was looked at
 * @param state whether it can be used
 * @param detail what was found, or why it cannot be used
 * @param remedy what to do about it; empty if nothing needs to be done
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record Check(String what, State state, String detail, String remedy) {
  /** How well it stands. */
  enum State {
    /** Works. */
    OK,
    /** Works less well than it could. */
    LIMITED,
    /** Does not work here. */
    MISSING;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Check ok(String what, String detail) {
    return new Check(what, State.OK, detail, "");
  }

  static Check limited(String what, String detail, String remedy) {
    return new Check(what, State.LIMITED, detail, remedy);
  }

  static Check missing(String what, String detail, String remedy) {
    return new Check(what, State.MISSING, detail, remedy);
  }
}
