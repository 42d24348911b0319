package dev.samebits.report;

/** Whether reports can be written; apart from {@link HtmlReport}, which cannot even load if not. */
public final class Rendering {
  private Rendering() {}

  /** Whether what reports are rendered with is there; the portable bundle leaves it out. */
  public static boolean available() {
    return available(Rendering.class.getClassLoader());
  }

  static boolean available(ClassLoader loader) {
    return loader.getResource("freemarker/template/Configuration.class") != null;
  }
}
