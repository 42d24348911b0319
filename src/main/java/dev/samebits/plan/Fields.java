package dev.samebits.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.samebits.kernel.UnknownNameException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The fields of one mapping of a suite file. Every error names the file and the key. */
final class Fields {
  private final String where;
  private final Map<String, JsonNode> fields = new LinkedHashMap<>();

  /** Checks that {@code node} is a mapping with none but the known keys. */
  Fields(String where, JsonNode node, List<String> known) {
    this(where, node);
    for (String key : fields.keySet()) {
      if (!known.contains(key)) {
        throw at(where, new UnknownNameException("key", key, known));
      }
    }
  }

  /** Checks that {@code node} is a mapping; its keys are names. */
  Fields(String where, JsonNode node) {
    this.where = where;
    if (node == null || !node.isObject()) {
      throw new IllegalArgumentException(where + ": expected keys with values");
    }
    node.properties().forEach(e -> fields.put(e.getKey(), e.getValue()));
  }

  /** The same error with its place in front. */
  static IllegalArgumentException at(String where, IllegalArgumentException e) {
    return new IllegalArgumentException(where + ": " + e.getMessage(), e);
  }

  String where() {
    return where;
  }

  String where(String key) {
    return where + ": " + key;
  }

  List<String> keys() {
    return List.copyOf(fields.keySet());
  }

  boolean has(String key) {
    return fields.containsKey(key);
  }

  JsonNode node(String key) {
    JsonNode node = fields.get(key);
    if (node == null || node.isNull()) {
      throw new IllegalArgumentException(where + ": '" + key + "' is missing");
    }
    return node;
  }

  /** The mapping under a key. */
  Fields map(String key, List<String> known) {
    return new Fields(where(key), node(key), known);
  }

  /** The mappings in the list under a key; none if the key is missing. */
  List<Fields> maps(String key, List<String> known) {
    List<Fields> all = new ArrayList<>();
    if (has(key)) {
      JsonNode list = node(key);
      if (!list.isArray()) {
        throw new IllegalArgumentException(where(key) + ": expected a list");
      }
      for (int i = 0; i < list.size(); i++) {
        all.add(new Fields(where + ": " + key + "[" + (i + 1) + "]", list.get(i), known));
      }
    }
    return all;
  }

  /** One scalar, parsed. */
  <T> T one(String key, Function<String, T> parse) {
    return parse(where(key), node(key), parse);
  }

  /** A list of scalars, or a single one, parsed; never empty. */
  <T> List<T> list(String key, Function<String, T> parse) {
    JsonNode node = node(key);
    if (!node.isArray()) {
      return List.of(one(key, parse));
    }
    List<T> all = new ArrayList<>();
    for (JsonNode item : node) {
      T value = parse(where(key), item, parse);
      if (all.contains(value)) {
        throw new IllegalArgumentException(where(key) + ": " + value + " is given twice");
      }
      all.add(value);
    }
    if (all.isEmpty()) {
      throw new IllegalArgumentException(where(key) + ": the list is empty");
    }
    return List.copyOf(all);
  }

  private static <T> T parse(String where, JsonNode node, Function<String, T> parse) {
    if (!node.isValueNode() || node.isNull()) {
      throw new IllegalArgumentException(where + ": expected a single value");
    }
    try {
      return parse.apply(node.asText());
    } catch (IllegalArgumentException e) {
      throw at(where, e);
    }
  }

  int integer(String key, int min, int fallback) {
    return has(key) ? one(key, text -> Math.toIntExact(whole(text, min))) : fallback;
  }

  double seconds(String key, double fallback) {
    return has(key) ? one(key, Fields::positive) : fallback;
  }

  boolean flag(String key, boolean fallback) {
    return has(key) ? one(key, Fields::truth) : fallback;
  }

  static long whole(String text, long min) {
    if (!text.matches("[0-9]{1,9}") || Long.parseLong(text) < min) {
      throw new IllegalArgumentException(
          "expected a whole number from " + min + " to 999999999, got '" + text + "'");
    }
    return Long.parseLong(text);
  }

  private static double positive(String text) {
    if (!text.matches("[0-9]{1,6}(\\.[0-9]{1,6})?") || !(Double.parseDouble(text) > 0)) {
      throw new IllegalArgumentException("expected seconds above 0, got '" + text + "'");
    }
    return Double.parseDouble(text);
  }

  private static boolean truth(String text) {
    if (!text.equals("true") && !text.equals("false")) {
      throw new IllegalArgumentException("expected true or false, got '" + text + "'");
    }
    return text.equals("true");
  }
}
