package dev.samebits.result;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** Records and manifests to JSON and back. Unknown fields of newer versions are passed over. */
public final class Codec {
  /** Longest line accepted from a file, in characters. */
  public static final int MAX_LINE = 32 << 20;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false)
          .configure(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, true)
          .configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true)
          .build();

  static {
    MAPPER
        .getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(64)
                .maxStringLength(1 << 20)
                .maxDocumentLength(MAX_LINE)
                .build());
  }

  /** Fields left out of a record because they were empty come back empty, not null. */
  private static final ObjectMapper RECORDS = MAPPER.copy();

  static {
    for (Class<?> type : List.of(String.class, List.class, Map.class)) {
      RECORDS.configOverride(type).setSetterInfo(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY));
    }
  }

  private Codec() {}

  /** One line without its line feed, {@code schema} first. */
  public static String line(Record record) {
    try {
      ObjectNode node = MAPPER.createObjectNode().put("schema", Record.SCHEMA);
      node.setAll(
          (ObjectNode) MAPPER.readTree(MAPPER.writerFor(Record.class).writeValueAsString(record)));
      return MAPPER.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write " + record, e);
    }
  }

  /**
   * Parses one line.
   *
   * @throws IllegalArgumentException if it is no record, or of a newer schema
   */
  public static Record parse(String line) {
    try {
      JsonNode node = RECORDS.readTree(line);
      if (!node.isObject()) {
        throw new IllegalArgumentException("not a record: no JSON object");
      }
      int schema = node.path("schema").asInt(0);
      if (schema < 1 || schema > Record.SCHEMA) {
        throw new IllegalArgumentException(
            "record of schema " + schema + "; this version reads 1 to " + Record.SCHEMA);
      }
      return RECORDS.treeToValue(node, Record.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a record: " + e.getOriginalMessage(), e);
    }
  }

  /** The shared mapper, for manifests and {@code --json} output. */
  public static ObjectMapper mapper() {
    return MAPPER;
  }
}
