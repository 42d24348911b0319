package dev.samebits.backend.shim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.Requires;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jcuda.nvptxcompiler.JNvPTXCompiler;
import jcuda.nvptxcompiler.nvPTXCompileResult;
import jcuda.nvptxcompiler.nvPTXCompilerHandle;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The PTX that the jar carries, if it was built where nvcc is. */
class PtxIT {
  private static final Path PTX = Path.of("target/classes/ptx");
  private static final Path KERNELS = Path.of("kernels");

  private static final Properties ABOUT = new Properties();

  @BeforeAll
  static void read() throws IOException {
    try (InputStream in = PtxIT.class.getResourceAsStream("/ptx/ptx.properties")) {
      ABOUT.load(in);
    }
  }

  private static void require() {
    String none = ABOUT.getProperty("none");
    Requires.that(none == null, "nvcc", "the build made no PTX: " + none);
  }

  static List<Path> files(Path folder, String ending) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(f -> f.toString().endsWith(ending)).sorted().toList();
    }
  }

  /** Where there was no nvcc nothing is left of an earlier build. */
  @Test
  void thereIsPtxOfEveryFileOrOfNone() throws IOException {
    List<String> expected = new ArrayList<>();
    if (ABOUT.getProperty("none") == null) {
      for (Path cu : files(KERNELS, ".cu")) {
        expected.add(KERNELS.relativize(cu).toString().replace(".cu", ".ptx"));
      }
      assertTrue(expected.size() > 30, "files: " + expected.size());
    }
    List<String> got = files(PTX, ".ptx").stream().map(p -> PTX.relativize(p).toString()).toList();
    assertEquals(expected, got);
  }

  @Test
  void sourcesLieBesideIt() throws IOException {
    for (String ending : List.of(".cu", ".cuh", "nvcc.args")) {
      for (Path file : files(KERNELS, ending)) {
        Path packed = Path.of("target/classes/kernels").resolve(KERNELS.relativize(file));
        assertEquals(Files.readString(file), Files.readString(packed), file.toString());
      }
    }
  }

  /** Old drivers take a low version; the oldest device has compute capability 7.5. */
  @Test
  void itIsForOldDriversAndHasEveryKernel() throws IOException {
    require();
    Set<String> entries = new TreeSet<>();
    for (Path file : files(PTX, ".ptx")) {
      String text = Files.readString(file);
      String version = ".version " + ABOUT.getProperty("version") + "\n.target sm_75\n";
      assertTrue(text.contains(version), file + " lacks " + version);
      assertTrue(
          text.contains(".visible .const .align 4 .u32 block_order_step = 1;")
              || !text.contains("block_order_step"),
          file + ": the host cannot set block_order_step");
      Pattern.compile("\\.entry (\\w+)\\(")
          .matcher(text)
          .results()
          .forEach(m -> entries.add(m.group(1)));
    }
    assertEquals(Shim.get().symbols(), entries);
  }

  /** No fused, approximate or flushing operation stands where it was not spelled. */
  @Test
  void itHasNoArithmeticThatWasNotAskedFor() throws IOException {
    require();
    for (Path file : files(PTX, ".ptx")) {
      String text = Files.readString(file);
      for (String banned : List.of(".ftz", ".approx", "div.full", "mad.f", "mad.rn.f")) {
        assertTrue(!text.contains(banned), file + " has " + banned);
      }
    }
  }

  /** Without optimisation, which takes most of the time; .ci/run does it with. */
  @Test
  void itAssemblesForEveryTarget() throws IOException, InterruptedException {
    require();
    List<String> command = List.of("bash", "scripts/ptx.sh", "--assemble", PTX.toString(), "-O0");
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor() == 0 && said.isEmpty(), said);
  }

  /** JCuda's own compiler is older than this nvcc, as drivers may be. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "matmul/matmul_canonical",
        "convolution/conv2d_forward_canonical",
        "reduction/sum_canonical",
        "reduction/sum_exact",
        "reduction/scatter_add_atomic",
        "elementwise/softmax_canonical"
      })
  void theCompilerOfJCudaTurnsItIntoMachineCode(String file, @TempDir Path natives)
      throws IOException {
    require();
    String temporary = System.setProperty("java.io.tmpdir", natives.toString()); // JCuda extracts
    try {
      byte[] text = Files.readAllBytes(PTX.resolve(file + ".ptx"));
      for (String target : List.of("sm_75", "sm_90")) {
        nvPTXCompilerHandle compiler = new nvPTXCompilerHandle();
        byte[] terminated = Arrays.copyOf(text, text.length + 1);
        assertEquals(
            nvPTXCompileResult.NVPTXCOMPILE_SUCCESS,
            JNvPTXCompiler.nvPTXCompilerCreate(compiler, text.length, terminated));
        String[] options = {"--gpu-name=" + target, "--opt-level=0"};
        int end = JNvPTXCompiler.nvPTXCompilerCompile(compiler, options.length, options);
        assertEquals(nvPTXCompileResult.NVPTXCOMPILE_SUCCESS, end, () -> log(compiler));
        long[] size = new long[1];
        JNvPTXCompiler.nvPTXCompilerGetCompiledProgramSize(compiler, size);
        byte[] program = new byte[Math.toIntExact(size[0])];
        JNvPTXCompiler.nvPTXCompilerGetCompiledProgram(compiler, program);
        JNvPTXCompiler.nvPTXCompilerDestroy(compiler);
        assertEquals("ELF", new String(program, 1, 3, StandardCharsets.US_ASCII), file);
      }
    } finally {
      System.setProperty("java.io.tmpdir", temporary);
    }
  }

  private static String log(nvPTXCompilerHandle compiler) {
    long[] size = new long[1];
    JNvPTXCompiler.nvPTXCompilerGetErrorLogSize(compiler, size);
    byte[] text = new byte[Math.toIntExact(size[0]) + 1];
    JNvPTXCompiler.nvPTXCompilerGetErrorLog(compiler, text);
    return new String(text, StandardCharsets.UTF_8);
  }
}
