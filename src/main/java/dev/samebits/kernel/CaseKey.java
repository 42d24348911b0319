package dev.samebits.kernel;

/**
 * A case under conditions: the key of a record, written {@code case?k=v;k=v}.
 *
 * @param id the case
 * @param conditions the conditions
 */
public record CaseKey(CaseId id, Conditions conditions) {
  /** Parses {@code case?k=v;k=v}; without conditions the question mark is left out. */
  public static CaseKey parse(String text) {
    int q = text.indexOf('?');
    return q < 0
        ? new CaseKey(CaseId.parse(text), Conditions.NONE)
        : new CaseKey(CaseId.parse(text.substring(0, q)), Conditions.parse(text.substring(q + 1)));
  }

  @Override
  public String toString() {
    return conditions.values().isEmpty() ? id.toString() : id + "?" + conditions;
  }
}
