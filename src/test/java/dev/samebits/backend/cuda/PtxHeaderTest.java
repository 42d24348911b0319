package dev.samebits.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PtxHeaderTest {
  /** From the table "PTX Release History" of the PTX manual. */
  @ParameterizedTest
  @CsvSource({
    "6.0,9000",
    "6.1,9010",
    "6.2,9020",
    "6.3,10000",
    "6.4,10010",
    "6.5,10020",
    "7.0,11000",
    "7.1,11010",
    "7.8,11080",
    "8.0,12000",
    "8.5,12050",
    "8.6,12070",
    "8.7,12080",
    "8.8,12090",
    "9.0,13000"
  })
  void theVersionTellsTheOldestDriver(String version, int driver) {
    assertEquals(driver, PtxHeader.of(".version " + version + "\n.target sm_75\n").driver());
  }

  @Test
  void whatTheCompilerWritesIsRead() {
    PtxHeader h =
        PtxHeader.of(
            "//\n// Cuda compilation tools, release 13.0, V13.0.88\n//\n\n.version 6.3\n"
                + ".target sm_75\n.address_size 64\n");
    assertEquals(new PtxHeader(6, 3, 75, "release 13.0, V13.0.88"), h);
    assertThrows(IllegalArgumentException.class, () -> PtxHeader.of("no PTX"));
  }
}
