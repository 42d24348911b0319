package dev.samebits.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.samebits.analysis.Summary;
import dev.samebits.result.Codec;

/** The {@code --json} form of a summary: one object, fields as in {@link Summary}. */
public final class ReportJson {
  private ReportJson() {}

  /** The object, indented. Unknown numbers are {@code "NaN"}, {@code "Infinity"}. */
  public static String of(Summary summary) {
    try {
      return Codec.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(summary);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write the summary: " + e.getOriginalMessage(), e);
    }
  }
}
