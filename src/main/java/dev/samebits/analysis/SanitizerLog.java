package dev.samebits.analysis;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code compute-sanitizer} printed; its lines begin with {@code =========}. A summary without
 * errors is no proof that anything was watched: see {@link #refusal}, and what was run.
 *
 * @param summaries lines with a sum of errors or hazards
 * @param errors their total
 * @param finding the first error or hazard; empty if there is none
 * @param refusal why the tool did not watch; empty if it says nothing of the kind
 */
public record SanitizerLog(int summaries, long errors, String finding, String refusal) {
  private static final String MARK = "=========";

  /** {@code ERROR SUMMARY: 2 errors}; {@code RACECHECK SUMMARY: 1 hazard displayed (...)}. */
  private static final Pattern SUMMARY =
      Pattern.compile("(?:ERROR|RACECHECK) SUMMARY: ([0-9]+) (?:error|hazard)s?\\b");

  private static final Pattern REFUSAL =
      Pattern.compile(
          "not supported|unsupported|internal sanitizer error|terminated before first instrumented"
              + "|no attachable process|failed to|unable to|could not|insufficient permissions",
          Pattern.CASE_INSENSITIVE);

  /** Reads what was printed, the program's own lines among it. */
  public static SanitizerLog parse(List<String> lines) {
    int summaries = 0;
    long errors = 0;
    String finding = "";
    String refusal = "";
    for (String line : lines) {
      int at = line.indexOf(MARK);
      String text = at < 0 ? "" : line.substring(at + MARK.length());
      Matcher summary = SUMMARY.matcher(text);
      if (summary.find()) {
        summaries++;
        errors += Long.parseLong(summary.group(1));
      } else if (REFUSAL.matcher(text).find()) {
        refusal = refusal.isEmpty() ? text.strip() : refusal;
      } else if (finding.isEmpty() && headline(text)) {
        finding = text.strip();
      }
    }
    return new SanitizerLog(summaries, errors, finding, refusal);
  }

  /** What is said about a finding is indented; its first line is not. */
  private static boolean headline(String text) {
    return text.matches(" \\S.*") && !text.strip().equals("COMPUTE-SANITIZER");
  }
}
