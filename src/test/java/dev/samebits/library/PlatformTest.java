package dev.samebits.library;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformTest {
  @ParameterizedTest
  @CsvSource({
    "Linux, amd64, linux-x86_64, true",
    "Linux, aarch64, linux-arm64, false",
    "Mac OS X, x86_64, macosx-x86_64, false",
    "Windows 11, amd64, windows-x86_64, false",
    "LINUX, x86_64, linux-x86_64, true",
    "Plan 9, mips, plan 9-mips, false",
  })
  void namesFoldersAsTheyAreBundled(String os, String arch, String classifier, boolean bundled) {
    String oldOs = System.getProperty("os.name");
    String oldArch = System.getProperty("os.arch");
    try {
      System.setProperty("os.name", os);
      System.setProperty("os.arch", arch);
      assertEquals(classifier, Platform.current().classifier());
      assertEquals(bundled, Platform.current().hasBundledNatives());
    } finally {
      System.setProperty("os.name", oldOs);
      System.setProperty("os.arch", oldArch);
    }
  }

  @Test
  void namesTheFolderThatTheBuildFills() {
    assertEquals("linux-x86_64", Platform.BUNDLED.toString());
  }
}
