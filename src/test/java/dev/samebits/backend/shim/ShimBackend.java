package dev.samebits.backend.shim;

import dev.samebits.kernel.Availability;
import dev.samebits.kernel.Backend;
import dev.samebits.kernel.BoundKernel;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.ForkSettings;
import dev.samebits.kernel.Guarantee;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Memory;
import dev.samebits.kernel.Mode;
import dev.samebits.kernel.Op;
import dev.samebits.kernel.Receipt;
import dev.samebits.kernel.Variant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The kernels of {@code kernels/} on the CPU. Every launch has another order of blocks and threads,
 * and, where the order of the sum does not depend on them, another grid and size of block; every
 * other array ends where a page begins that must not be read.
 */
final class ShimBackend implements Backend {
  private static final int[] BLOCKS = {32, 64, 96, 128};

  private final Shim shim;
  private final Random random = new Random(1);
  private final boolean ascending;
  private final int sumBlock;
  private long allocations;

  /** Every launch in another order. */
  ShimBackend() {
    this(false);
  }

  /**
   * @param ascending whether blocks and threads run in ascending order, always
   */
  ShimBackend(boolean ascending) {
    this(Shim.get(), ascending, Launches.SUM_BLOCK);
  }

  private ShimBackend(Shim shim, boolean ascending, int sumBlock) {
    this.shim = shim;
    this.ascending = ascending;
    this.sumBlock = sumBlock;
  }

  /** The reductions in small blocks, on few of them: threads have much to do. */
  static ShimBackend small() {
    return new ShimBackend(Shim.small(), false, Shim.SMALL_SUM_BLOCK);
  }

  @Override
  public String name() {
    return "shim";
  }

  @Override
  public List<Variant> variants() {
    List<Variant> all = new ArrayList<>();
    Set<String> symbols = shim.symbols();
    for (Kernel kernel : Kernel.values()) {
      for (String variant : VARIANTS) {
        String symbol = kernel.id() + "_" + variant + "_f32";
        Predicate<String> ofVariant = s -> s.equals(symbol) || s.startsWith(symbol + "_");
        if (symbols.stream().anyMatch(ofVariant)) {
          Set<DType> dtypes = EnumSet.of(DType.F32, DType.F64);
          if (kernel == Kernel.MATMUL) {
            dtypes.addAll(Set.of(DType.F16, DType.BF16));
          }
          Mode mode = mode(variant);
          all.add(new Variant(kernel, variant, dtypes, mode, guarantee(variant), false, ""));
        }
      }
    }
    return all;
  }

  private static final List<String> VARIANTS =
      List.of(
          "canonical",
          "canonical_tiled",
          "split_k_atomic",
          "split_k_ordered",
          "block_tree_atomic",
          "block_tree_two_pass",
          "warp_shuffle",
          "exact",
          "atomic",
          "ordered");

  private static Mode mode(String variant) {
    return switch (variant) {
      case "canonical", "canonical_tiled", "exact" -> Mode.REPRODUCIBLE;
      default -> variant.endsWith("atomic") ? Mode.NONDETERMINISTIC : Mode.DETERMINISTIC;
    };
  }

  private static Guarantee guarantee(String variant) {
    return variant.endsWith("atomic") ? Guarantee.NOT_GUARANTEED : Guarantee.EVERYWHERE;
  }

  @Override
  public Availability availability() {
    return new Availability.Available(new Receipt("shim", "", "", "", "", 1, Map.of()));
  }

  @Override
  public ForkSettings forkSettings(Variant variant, Conditions conditions) {
    return ForkSettings.NONE;
  }

  @Override
  public Memory allocate(DType dtype, long elements) {
    return new GuardedMemory(dtype, elements, allocations++ % 2 == 1);
  }

  @Override
  public BoundKernel bind(Op op, Conditions conditions, List<Memory> inputs, List<Memory> outputs) {
    Launches launches = Launches.of(op, sumBlock);
    List<GuardedMemory> scratch = new ArrayList<>();
    List<Object> arguments = new ArrayList<>();
    inputs.forEach(m -> arguments.add(((GuardedMemory) m).pointer()));
    outputs.forEach(m -> arguments.add(((GuardedMemory) m).pointer()));
    for (long elements : launches.scratch()) {
      scratch.add((GuardedMemory) allocate(op.dtype().result(), elements));
      arguments.add(elements == 0 ? null : scratch.get(scratch.size() - 1).pointer());
    }
    arguments.addAll(launches.sizes());
    return new Bound(op, launches, arguments, inputs, outputs, scratch);
  }

  private final class Bound implements BoundKernel {
    private final Op op;
    private final Launches launches;
    private final List<Object> arguments;
    private final List<Memory> inputs;
    private final List<Memory> outputs;
    private final List<GuardedMemory> scratch;

    Bound(
        Op op,
        Launches launches,
        List<Object> arguments,
        List<Memory> inputs,
        List<Memory> outputs,
        List<GuardedMemory> scratch) {
      this.op = op;
      this.launches = launches;
      this.arguments = arguments;
      this.inputs = inputs;
      this.outputs = outputs;
      this.scratch = scratch;
    }

    @Override
    public void invoke() {
      String stem = op.kernel().id() + "_" + op.variant() + "_" + op.dtype().id();
      for (Launches.Pass pass : launches.passes()) {
        launch(pass.name().isEmpty() ? stem : stem + "_" + pass.name(), pass);
      }
      check();
    }

    private void launch(String symbol, Launches.Pass pass) {
      int any = ascending ? 64 : BLOCKS[random.nextInt(BLOCKS.length)];
      int block = pass.block() == 0 ? any : pass.block();
      long work = pass.block() == 0 ? (pass.work() + block - 1) / block : pass.work();
      // Fewer blocks than there is work for must do it all.
      boolean few = sumBlock < Launches.SUM_BLOCK || !ascending && random.nextInt(3) == 0;
      int grid = (int) Math.max(1, pass.one() ? 1 : few ? Math.min(work, 3) : work);
      shim.launch(symbol, grid, block, arguments, ascending ? 0 : 1 + random.nextInt(1 << 30));
    }

    private void check() {
      inputs.forEach(m -> ((GuardedMemory) m).checkGuards(op + " input"));
      outputs.forEach(m -> ((GuardedMemory) m).checkGuards(op + " output"));
      scratch.forEach(m -> m.checkGuards(op + " scratch"));
      for (Memory input : inputs) {
        if (!outputs.contains(input)) {
          ((GuardedMemory) input).checkUnchanged(op + " input");
        }
      }
    }

    @Override
    public Map<String, String> effective() {
      return Map.of();
    }

    @Override
    public void close() {
      scratch.forEach(GuardedMemory::close);
    }
  }
}
