package dev.samebits.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.samebits.result.Record;
import java.util.List;
import org.jfree.data.xy.XYDataset;
import org.junit.jupiter.api.Test;

/** A chart takes no two lines of one name. */
class DivergenceChartTest {
  @Test
  void twoRunsOfOneModeThatPartHaveALineEach() {
    Record.Training parted =
        SampleRun.summary().training().stream()
            .filter(t -> t.onset() > 0)
            .findFirst()
            .orElseThrow();
    XYDataset lines = DifferenceCharts.divergence(List.of(parted, parted)).getXYPlot().getDataset();
    assertEquals(2, lines.getSeriesCount());
    assertEquals("nondeterministic", lines.getSeriesKey(0));
    assertEquals("nondeterministic (2)", lines.getSeriesKey(1));
  }
}
