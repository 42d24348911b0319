package dev.samebits.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class DigitsTest {
  @Test
  void allImagesHaveValuesOnTheGridAndEveryClassIsThere() {
    Digits digits = Digits.load();
    int[] counts = new int[Digits.CLASSES];
    for (int i = 0; i < Digits.TRAIN + Digits.TEST; i++) {
      counts[digits.label(i)]++;
      for (int j = 0; j < Digits.FEATURES; j++) {
        float f = digits.feature(i, j);
        assertTrue(f >= 0 && f <= 1 && f * 16 == Math.rint(f * 16), "image " + i);
      }
    }
    for (int count : counts) {
      assertTrue(count > 150 && count < 200, "images of a class: " + count);
    }
    // the file's first image: 0,0,5,13,9,1,0,0,... label 0
    assertEquals(13 / 16f, digits.feature(0, 3));
    assertEquals(0, digits.label(0));
  }

  @Test
  void damagedDataIsRefused() {
    assertThrows(IllegalStateException.class, () -> Digits.parse(new byte[10]));
    String good = "0,".repeat(64) + "9";
    List<String> lines = new ArrayList<>(Collections.nCopies(1797, good));
    assertEquals(9, Digits.parse(lines).label(1796));
    for (String bad : List.of("0,".repeat(63) + "9", "17," + good.substring(2), good + "9", "")) {
      lines.set(5, bad);
      assertThrows(IllegalStateException.class, () -> Digits.parse(lines), bad);
    }
    assertThrows(IllegalStateException.class, () -> Digits.parse(lines.subList(0, 10)));
  }
}
