package dev.samebits.analysis;

/**
 * A process or setting that gave no result that counts.
 *
 * @param outcome what happened instead
 * @param condition the conditions it happened under
 * @param pass the pass it happened in; empty for a skip
 * @param process which of the repeated processes; -1 for a skip
 * @param why the reason
 */
record Gap(Outcome outcome, String condition, String pass, int process, String why) {
  String describe() {
    StringBuilder text = new StringBuilder(why);
    if (process >= 0) {
      text.append(" (").append(pass).append(" process ").append(process);
      if (!condition.isEmpty()) {
        text.append(" at ").append(condition);
      }
      text.append(')');
    }
    return text.toString();
  }
}
