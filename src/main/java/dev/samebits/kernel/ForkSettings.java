package dev.samebits.kernel;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a JVM must be started with. Equal settings can share a fork.
 *
 * @param env environment variables
 * @param jvmArgs flags
 */
public record ForkSettings(Map<String, String> env, List<String> jvmArgs) {
  /** Nothing special. */
  public static final ForkSettings NONE = new ForkSettings(Map.of(), List.of());

  /** Copies both. */
  public ForkSettings {
    env = Collections.unmodifiableMap(new TreeMap<>(env));
    jvmArgs = List.copyOf(jvmArgs);
  }
}
