package dev.samebits;

import static org.junit.jupiter.api.Assertions.fail;

import dev.samebits.kernel.Availability.Unavailable;
import dev.samebits.kernel.Backend;
import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;

/**
 * What a test needs of the machine. A test that cannot run says why; {@code
 * -Drequire.backends=jvm,nd4j,openblas} turns that into a failure for the things named.
 */
public final class Requires {
  /** The system property that lists what must not be skipped. */
  public static final String PROPERTY = "require.backends";

  private Requires() {}

  /** Goes on if the backend is available here, else skips or fails. */
  public static void available(Backend backend) {
    if (backend.availability() instanceof Unavailable u) {
      missing(backend.name(), u.reason() + "; " + u.remedy());
    }
  }

  /** Goes on if the condition holds, else skips or fails. */
  public static void that(boolean holds, String what, String why) {
    if (!holds) {
      missing(what, why);
    }
  }

  private static void missing(String what, String why) {
    boolean required = Arrays.asList(System.getProperty(PROPERTY, "").split(",")).contains(what);
    if (required) {
      fail(PROPERTY + " names " + what + ", but: " + why);
    }
    Assumptions.abort(what + ": " + why);
  }
}
