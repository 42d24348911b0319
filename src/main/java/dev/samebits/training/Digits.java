package dev.samebits.training;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * The UCI digits that come with the jar: E. Alpaydin and C. Kaynak, Optical Recognition of
 * Handwritten Digits, 1998 (doi:10.24432/C50P49), its test part of 1 797 images of 8 x 8.
 *
 * <p>Images 0 to 1 436 in file order train, the last 360 test. Features are value / 16, exact in
 * f32.
 */
final class Digits {
  static final int FEATURES = 64;
  static final int CLASSES = 10;
  static final int TRAIN = 1437;
  static final int TEST = 360;

  private static final String RESOURCE = "/data/digits.csv.gz";
  private static final String SHA256 =
      "46abec6b12486ad9e51943373abcf22bbea1b5a51a1619b361570d8893f1464a";

  private final float[] pixels = new float[(TRAIN + TEST) * FEATURES];
  private final int[] labels = new int[TRAIN + TEST];

  private Digits() {}

  /**
   * Loads and checks the data.
   *
   * @throws IllegalStateException if the jar's copy is not what it should be
   */
  static Digits load() {
    try (InputStream in = Digits.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + RESOURCE + "; build it again");
      }
      return parse(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + RESOURCE + " of the jar", e);
    }
  }

  static Digits parse(byte[] compressed) throws IOException {
    String hash = sha256(compressed);
    if (!hash.equals(SHA256)) {
      throw new IllegalStateException(
          RESOURCE + ": SHA-256 is " + hash + ", not " + SHA256 + "; build the jar again");
    }
    String text;
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
      text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }
    return parse(text.lines().toList());
  }

  static Digits parse(List<String> lines) {
    if (lines.size() != TRAIN + TEST) {
      throw new IllegalStateException(
          RESOURCE + ": " + lines.size() + " lines, not " + (TRAIN + TEST));
    }
    Digits digits = new Digits();
    for (int i = 0; i < lines.size(); i++) {
      String[] p = lines.get(i).split(",", -1);
      if (p.length != FEATURES + 1) {
        throw new IllegalStateException(
            RESOURCE + " line " + (i + 1) + ": " + p.length + " values, not " + (FEATURES + 1));
      }
      for (int j = 0; j < FEATURES; j++) {
        digits.pixels[i * FEATURES + j] = number(p[j], 16, i) / 16f;
      }
      digits.labels[i] = number(p[FEATURES], CLASSES - 1, i);
    }
    return digits;
  }

  private static int number(String text, int max, int line) {
    if (!text.matches("\\d{1,2}") || Integer.parseInt(text) > max) {
      throw new IllegalStateException(
          RESOURCE + " line " + (line + 1) + ": '" + text + "' is not 0 to " + max);
    }
    return Integer.parseInt(text);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK lacks SHA-256", e);
    }
  }

  /** A feature of an image, 0 to 1. */
  float feature(int image, int feature) {
    return pixels[image * FEATURES + feature];
  }

  /** The label of an image. */
  int label(int image) {
    return labels[image];
  }
}
