package dev.samebits.kernel;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a JVM must be started with. Equal settings can share a fork.
 *
 * @param env environment variables
 * @param jvmArgs flags
 * @param unset environment variables that it must not have, though its parent may
 */
public record ForkSettings(Map<String, String> env, List<String> jvmArgs, Set<String> unset) {
  /** Nothing special. */
  public static final ForkSettings NONE = new ForkSettings(Map.of(), List.of());

  /**
   * Copies all.
   *
   * @throws IllegalArgumentException if a variable is to be set and unset
   */
  public ForkSettings {
    env = Collections.unmodifiableMap(new TreeMap<>(env));
    jvmArgs = List.copyOf(jvmArgs);
    unset = Collections.unmodifiableSet(new TreeSet<>(unset));
    for (String name : unset) {
      if (env.containsKey(name)) {
        throw new IllegalArgumentException(
            "environment variable " + name + " is to be '" + env.get(name) + "' and to be unset");
      }
    }
  }

  /** Settings that take nothing from the parent's environment away. */
  public ForkSettings(Map<String, String> env, List<String> jvmArgs) {
    this(env, jvmArgs, Set.of());
  }

  /**
   * The environment as a list, those to be unset first: {@code NAME} must not be there, {@code
   * NAME=VALUE} has that value.
   */
  public List<String> environment() {
    List<String> all = new ArrayList<>(unset);
    env.forEach((name, value) -> all.add(name + "=" + value));
    return all;
  }
}
