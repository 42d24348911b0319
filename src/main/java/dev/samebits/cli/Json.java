package dev.samebits.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.samebits.result.Codec;

/** JSON for {@code --json}. */
final class Json {
  private Json() {}

  static String pretty(Object value) throws JsonProcessingException {
    return Codec.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(value);
  }
}
