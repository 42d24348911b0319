package dev.samebits.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import org.junit.jupiter.api.Test;

class LaunchTest {
  /** As kernels/common/launch.cuh: block b does the work of block b step mod blocks. */
  private static int distinctTurns(Launch.Grid grid, int step) {
    BitSet turns = new BitSet();
    for (long b = 0; b < grid.blocks(); b++) {
      turns.set((int) (b * step % grid.blocks()));
    }
    return turns.cardinality();
  }

  @Test
  void aStepGivesEveryBlockTheWorkOfAnother() {
    for (int step : new int[] {1, 2, 3, 6, 7, 30, 210, 65_537, 1 << 30}) {
      for (int blocks = 1; blocks <= 300; blocks++) {
        Launch.Grid grid = new Launch.Grid(blocks, 64).forStep(step);
        String what = blocks + " blocks, step " + step + ": " + grid;
        assertTrue(grid.blocks() >= blocks && grid.threads() == 64, what);
        assertEquals(grid.blocks(), distinctTurns(grid, step), what);
      }
    }
  }

  @Test
  void noMoreBlocksAreAddedThanAreNeeded() {
    assertEquals(8, new Launch.Grid(8, 32).forStep(3).blocks());
    assertEquals(10, new Launch.Grid(9, 32).forStep(3).blocks());
    assertEquals(11, new Launch.Grid(8, 32).forStep(210).blocks());
    Launch.Grid grid = new Launch.Grid(6, 32);
    assertEquals(grid, grid.forStep(1));
  }

  @Test
  void gridsHaveAtLeastOneBlockAndNoMoreThanGainSomething() {
    assertEquals(1, Launch.Grid.of(0, 32).blocks());
    assertEquals(Launch.Grid.MOST_BLOCKS, Launch.Grid.of(1L << 40, 32).blocks());
  }
}
