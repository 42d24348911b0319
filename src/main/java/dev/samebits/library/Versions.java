package dev.samebits.library;

import java.util.Comparator;

/** Version numbers written with dots, e.g. {@code 12.6.4.1}. */
final class Versions {
  /** By number, part by part; a missing part counts as 0. */
  static final Comparator<String> ORDER =
      (a, b) -> {
        int parts = Math.max(a.split("\\.").length, b.split("\\.").length);
        for (int i = 0; i < parts; i++) {
          int order = Integer.compare(part(a, i), part(b, i));
          if (order != 0) {
            return order;
          }
        }
        return 0;
      };

  private Versions() {}

  /** One part of a version; 0 if it is missing, the largest int if it does not fit one. */
  static int part(String version, int index) {
    String[] parts = version.split("\\.");
    if (index >= parts.length || parts[index].isEmpty()) {
      return 0;
    }
    return parts[index].length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(parts[index]);
  }

  /** Whether a version is the wanted one or a more exact form of it: 12.6.3 is 12.6, 12.60 not. */
  static boolean is(String version, String wanted) {
    return version.equals(wanted) || version.startsWith(wanted + ".");
  }

  /** The first two parts, or what there is of them. */
  static String majorMinor(String version) {
    String[] p = version.split("\\.");
    return p.length < 2 ? version : p[0] + "." + p[1];
  }
}
