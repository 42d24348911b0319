package dev.samebits.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.samebits.library.NvidiaSearch.Result;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A whole machine in a temporary folder: no file outside it is looked at. */
class NvidiaSearchTest {
  private static final int X86_64 = 62;
  private static final int ARM64 = 183;

  @TempDir Path root;
  private final Map<String, String> env = new HashMap<>();
  private final Map<String, String> wanted = new HashMap<>();
  private Path home;

  @BeforeEach
  void realRoot() throws IOException {
    root = root.toRealPath();
  }

  private static byte[] elf(int machine) {
    ByteBuffer b = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    b.putInt(0, 0x464C457F).put(4, (byte) 2).put(5, (byte) 1);
    return b.putShort(16, (short) 3).putShort(18, (short) machine).array();
  }

  private Path library(String path, int machine) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.write(file, elf(machine));
  }

  private Path library(String path) throws IOException {
    return library(path, X86_64);
  }

  /** A link to a file of another name in the same folder, as installers make them. */
  private Path linked(String link, String target) throws IOException {
    library(Path.of(link).resolveSibling(target).toString());
    return Files.createSymbolicLink(root.resolve(link), Path.of(target));
  }

  private Result find(NvidiaLibrary library) {
    return search().find(library);
  }

  private NvidiaSearch search() {
    return new NvidiaSearch(env, root, root.resolve("home/me"), home, wanted, "x86_64");
  }

  private void assertFound(String path, String version, String toolkit, NvidiaLibrary library) {
    Result r = find(library);
    assertTrue(r.found(), r.reason());
    assertEquals(
        new NvidiaFile(library, root.resolve(path), version, toolkit), r.file(), r.toString());
  }

  @Test
  void placesAreTriedInOrder() throws IOException {
    String[] places = {
      "asked/lib64",
      "env/lib64",
      "usr/local/cuda/lib64",
      "usr/local/cuda-12.10/lib64",
      "usr/local/cuda-12.9/targets/x86_64-linux/lib",
      "ld",
      "opt/listed",
      "usr/lib/x86_64-linux-gnu",
      "venv/lib/python3.11/site-packages/nvidia/cublas/lib",
      "conda/lib",
      "conda/lib/python3.9/site-packages/nvidia/cublas/lib",
      "py/lib/python3.12/site-packages/nvidia/cublas/lib",
      "home/me/.local/lib/python3.10/site-packages/nvidia/cublas/lib",
      "usr/local/lib/python3.10/dist-packages/nvidia/cublas/lib",
    };
    for (String place : places) {
      library(place + "/libcublas.so.12");
    }
    home = root.resolve("asked");
    env.put("CUDA_HOME", root + "/env");
    env.put("LD_LIBRARY_PATH", "relative:" + root + "/none::" + root + "/ld");
    env.put("VIRTUAL_ENV", root + "/venv");
    env.put("CONDA_PREFIX", root + "/conda");
    env.put("PATH", root + "/py/bin");
    Files.createDirectories(root.resolve("py/bin"));
    Files.createFile(root.resolve("py/bin/python3"));
    Files.createDirectories(root.resolve("etc/ld.so.conf.d"));
    Files.writeString(
        root.resolve("etc/ld.so.conf"), "# a comment\ninclude /etc/ld.so.conf.d/*.conf\n");
    Files.writeString(
        root.resolve("etc/ld.so.conf.d/x.conf"), "/opt/listed # one\ninclude ../ld.so.conf\n");
    for (String place : places) {
      Result r = find(NvidiaLibrary.CUBLAS);
      assertTrue(r.found(), r.reason());
      assertEquals(root.resolve(place + "/libcublas.so.12"), r.file().path());
      Files.delete(r.file().path());
      home = null;
    }
    Result none = find(NvidiaLibrary.CUBLAS);
    assertFalse(none.found());
    assertTrue(
        none.reason().startsWith("no libcublas.so of version 11 to 13 in " + root + "/env/lib64, "),
        none.reason());
    assertTrue(none.remedy().contains("--cuda-home DIR"), none.remedy());
    assertEquals(places.length - 1, none.folders().size() - standardFolders());
  }

  /** Folders that exist only as parents of the planted ones. */
  private int standardFolders() {
    return (int)
        java.util.stream.Stream.of("usr/lib", "usr/local/lib")
            .filter(f -> find(NvidiaLibrary.CUBLAS).folders().contains(root.resolve(f)))
            .count();
  }

  @Test
  void theLibrarysOwnVersionIsWhereTheLinkLeads() throws IOException {
    linked("usr/local/cuda-12.6/lib64/libcublas.so.12", "libcublas.so.12.6.4.1");
    linked("usr/local/cuda-12.6/lib64/libcublasLt.so.12", "libcublasLt.so.12.6.4.1");
    linked("usr/local/cuda-12.6/lib64/libnvrtc.so.12", "libnvrtc.so.12.6.85");
    library("usr/local/cuda-12.6/lib64/libnvrtc-builtins.so.12.6");
    linked("usr/lib/x86_64-linux-gnu/libcudnn.so.9", "libcudnn.so.9.5.1");
    String lib = "usr/local/cuda-12.6/lib64/";
    assertFound(lib + "libcublas.so.12", "12.6.4.1", "12.6", NvidiaLibrary.CUBLAS);
    assertFound(lib + "libcublasLt.so.12", "12.6.4.1", "12.6", NvidiaLibrary.CUBLAS_LT);
    assertFound(lib + "libnvrtc.so.12", "12.6.85", "12.6", NvidiaLibrary.NVRTC);
    assertFound("usr/lib/x86_64-linux-gnu/libcudnn.so.9", "9.5.1", "", NvidiaLibrary.CUDNN);
  }

  @Test
  void theNewestOfAFolderWins() throws IOException {
    library("usr/lib/x86_64-linux-gnu/libcublas.so.11");
    library("usr/lib/x86_64-linux-gnu/libcublas.so.12");
    library("usr/lib/x86_64-linux-gnu/libcublas.so.10.2.3");
    assertFound("usr/lib/x86_64-linux-gnu/libcublas.so.12", "12", "12", NvidiaLibrary.CUBLAS);
  }

  @Test
  void versionsOfPythonPackagesAreReadFromTheirInfo() throws IOException {
    String site = "venv/lib/python3.11/site-packages/";
    env.put("VIRTUAL_ENV", root + "/venv");
    library(site + "nvidia/cublas/lib/libcublas.so.11");
    library(site + "nvidia/cudnn/lib/libcudnn.so.8");
    Files.createDirectories(root.resolve(site + "nvidia_cublas_cu11-11.10.3.66.dist-info"));
    Files.createDirectories(root.resolve(site + "nvidia_cublas_cu12-12.1.3.1.dist-info"));
    Files.createDirectories(root.resolve(site + "nvidia_cuda_runtime_cu11-11.7.99.dist-info"));
    Files.createDirectories(root.resolve(site + "nvidia_cudnn_cu11-8.5.0.96.dist-info"));
    assertFound(
        site + "nvidia/cublas/lib/libcublas.so.11", "11.10.3.66", "11.7", NvidiaLibrary.CUBLAS);
    assertFound(site + "nvidia/cudnn/lib/libcudnn.so.8", "8.5.0.96", "", NvidiaLibrary.CUDNN);

    Path cu13 = library(site + "nvidia/cu13/lib/libcublas.so.13");
    Files.createDirectories(root.resolve(site + "nvidia_cublas-13.0.0.19.dist-info"));
    wanted.put("cuda", "13");
    assertFound(root.relativize(cu13).toString(), "13.0.0.19", "13.0", NvidiaLibrary.CUBLAS);
  }

  @Test
  void aToolkitsVersionComesFromItsFolders() throws IOException {
    linked("opt/a/cuda-11.7/lib64/libcublas.so.11", "libcublas.so.11.10.3.66");
    env.put("CUDA_HOME", root + "/opt/a/cuda-11.7");
    assertFound(
        "opt/a/cuda-11.7/lib64/libcublas.so.11", "11.10.3.66", "11.7", NvidiaLibrary.CUBLAS);

    linked("opt/b/lib64/libcublas.so.11", "libcublas.so.11.11.3.6");
    Files.writeString(
        root.resolve("opt/b/version.json"),
        "{\"cuda\" : {\"name\" : \"CUDA SDK\", \"version\" : \"11.8.20220929\"}}");
    env.put("CUDA_HOME", root + "/opt/b");
    assertFound("opt/b/lib64/libcublas.so.11", "11.11.3.6", "11.8.20220929", NvidiaLibrary.CUBLAS);

    linked("opt/c/lib/libcublas.so.11", "libcublas.so.11.4.1.1026");
    linked("opt/c/lib/libcudart.so.11.0", "libcudart.so.11.2.72");
    env.put("CUDA_HOME", root + "/opt/c");
    assertFound("opt/c/lib/libcublas.so.11", "11.4.1.1026", "11.2", NvidiaLibrary.CUBLAS);
  }

  @ParameterizedTest
  @CsvSource({
    "12.6, usr/local/cuda-12.6/lib64/libcublas.so.12",
    "12, usr/local/cuda-12.9/lib64/libcublas.so.12",
    "11, usr/local/cuda-11.8/lib64/libcublas.so.11",
    "12.60, ",
    "12.6.4, ",
  })
  void anAskedVersionIsTakenOrNone(String version, String path) throws IOException {
    library("usr/local/cuda-11.8/lib64/libcublas.so.11");
    library("usr/local/cuda-12.6/lib64/libcublas.so.12");
    library("usr/local/cuda-12.9/lib64/libcublas.so.12");
    library("usr/lib/libcublas.so.11");
    wanted.put("cuda", version);
    Result r = find(NvidiaLibrary.CUBLAS);
    if (path != null) {
      assertTrue(r.found(), r.reason());
      assertEquals(root.resolve(path), r.file().path());
      return;
    }
    assertFalse(r.found());
    assertTrue(r.reason().contains("of cuda 12.9, " + version + " was asked for"), r.reason());
    assertTrue(
        r.reason().contains("libcublas.so.11 (of a toolkit whose version cannot be told"),
        r.reason());
    assertTrue(r.remedy().contains("--library cuda@VERSION"), r.remedy());
  }

  /** The names of CUDA 11 that programs link to are older than the release. */
  @Test
  void aNameToLinkToTellsTheMajorNumberOnly() throws IOException {
    library("env/lib64/libcudart.so.11.0");
    library("env/lib64/libnvrtc.so.11.2");
    library("env/lib64/libcublas.so.11");
    env.put("CUDA_HOME", root + "/env");
    wanted.put("cuda", "11.8");
    assertFound("env/lib64/libcudart.so.11.0", "11", "11", NvidiaLibrary.CUDART);
    assertFound("env/lib64/libnvrtc.so.11.2", "11", "11", NvidiaLibrary.NVRTC);
    assertFound("env/lib64/libcublas.so.11", "11", "11", NvidiaLibrary.CUBLAS);
    Files.delete(root.resolve("env/lib64/libnvrtc.so.11.2"));
    linked("env/lib64/libnvrtc.so.11.2", "libnvrtc.so.11.8.89");
    assertFound("env/lib64/libnvrtc.so.11.2", "11.8.89", "11.8", NvidiaLibrary.NVRTC);
  }

  /** Of what a bundle of Python or Java brings, only the major number may be known. */
  @Test
  void aVersionThatMayBeRightIsTakenWhereNoneIsSurelyRight() throws IOException {
    library("env/lib64/libcublas.so.12");
    library("env/lib64/libcudnn.so.9");
    env.put("CUDA_HOME", root + "/env");
    wanted.put("cuda", "12.6");
    wanted.put("cudnn", "9.5");
    assertFound("env/lib64/libcublas.so.12", "12", "12", NvidiaLibrary.CUBLAS);
    assertFound("env/lib64/libcudnn.so.9", "9", "", NvidiaLibrary.CUDNN);
    library("usr/local/cuda-12.6/lib64/libcublas.so.12");
    assertFound("usr/local/cuda-12.6/lib64/libcublas.so.12", "12", "12.6", NvidiaLibrary.CUBLAS);
    wanted.put("cuda", "13.0");
    assertFalse(find(NvidiaLibrary.CUBLAS).found());
  }

  @Test
  void anAskedVersionOfCudnnSaysNothingAboutTheToolkit() throws IOException {
    library("usr/lib/libcudnn.so.9");
    library("usr/lib/libcudnn.so.8");
    library("usr/lib/libcublas.so.12");
    wanted.put("cudnn", "8");
    assertFound("usr/lib/libcudnn.so.8", "8", "", NvidiaLibrary.CUDNN);
    assertTrue(find(NvidiaLibrary.CUBLAS).found());
    wanted.put("cudnn", "7");
    assertTrue(find(NvidiaLibrary.CUDNN).remedy().contains("install cuDNN 7"));
  }

  @Test
  void anAskedHomeIsTheOnlyPlaceForItsToolkitButNotForCudnn() throws IOException {
    library("usr/lib/libcublas.so.12");
    library("usr/lib/libcudnn.so.9");
    home = Files.createDirectories(root.resolve("empty"));
    Result none = find(NvidiaLibrary.CUBLAS);
    assertFalse(none.found());
    assertTrue(none.reason().contains("in " + root + "/empty"), none.reason());
    assertTrue(find(NvidiaLibrary.CUDNN).found());
    home = root.resolve("missing");
    assertEquals(
        "no libcublas.so of version 11 to 13: "
            + home
            + " is no home of a CUDA toolkit, it has no lib64 or lib folder",
        find(NvidiaLibrary.CUBLAS).reason());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "env",
        "env/lib/python3.12/site-packages",
        "env/lib/python3.12/site-packages/nvidia"
      })
  void aHomeMayBeAPythonEnvironment(String asked) throws IOException {
    String path = "env/lib/python3.12/site-packages/nvidia/cuda_nvrtc/lib/libnvrtc.so.12";
    library(path);
    home = root.resolve(asked);
    assertFound(path, "12", "12", NvidiaLibrary.NVRTC);
  }

  @Test
  void whatCannotBeUsedIsNamedWithItsPath() throws IOException {
    String lib = "usr/local/cuda/lib64/";
    library(lib + "libcublas.so.10");
    library(lib + "libcublas.so.14");
    library(lib + "libcublas.so.13", ARM64);
    Files.write(root.resolve(lib + "libcublas.so.12"), new byte[] {1, 2, 3});
    Files.createSymbolicLink(root.resolve(lib + "libcublas.so.11"), Path.of("gone"));
    Result r = find(NvidiaLibrary.CUBLAS);
    assertFalse(r.found());
    Path folder = root.resolve(lib);
    assertEquals(
        "no libcublas.so of version 11 to 13 can be used: "
            + folder.resolve("libcublas.so.14 (version 14 is too new, 13 is the newest), ")
            + folder.resolve("libcublas.so.13 (for arm64, this machine is x86_64), ")
            + folder.resolve("libcublas.so.12 (no ELF library), ")
            + folder.resolve("libcublas.so.11 (a link that leads nowhere), ")
            + folder.resolve("libcublas.so.10 (version 10 is too old, 11 is the oldest)"),
        r.reason());
  }

  @Test
  void otherKindsOfElfFilesAreRefused() throws IOException {
    Path file = library("usr/lib/libcudnn.so.9");
    byte[] program = elf(X86_64);
    program[16] = 2;
    Files.write(file, program);
    assertTrue(find(NvidiaLibrary.CUDNN).reason().contains("(no shared library)"));
    byte[] narrow = elf(X86_64);
    narrow[4] = 1;
    Files.write(file, narrow);
    assertTrue(find(NvidiaLibrary.CUDNN).reason().contains("(no 64-bit little-endian library)"));
    Files.write(file, elf(999));
    assertTrue(find(NvidiaLibrary.CUDNN).reason().contains("(for processor number 999,"));
  }

  @Test
  void aUsableOneBehindAnUnusableOneIsTaken() throws IOException {
    library("usr/local/cuda/lib64/libcudnn.so.9", ARM64);
    library("usr/lib/libcudnn.so.9");
    assertFound("usr/lib/libcudnn.so.9", "9", "", NvidiaLibrary.CUDNN);
  }

  @Test
  void findsWhatLiesBesideAnother() throws IOException {
    library("usr/local/cuda/lib64/libcublas.so.12");
    library("usr/lib/libcublasLt.so.12");
    NvidiaFile cublas = find(NvidiaLibrary.CUBLAS).file();
    assertFalse(search().findBeside(cublas, NvidiaLibrary.CUBLAS_LT).found());
    library("usr/local/cuda/lib64/libcublasLt.so.12");
    assertEquals(
        root.resolve("usr/local/cuda/lib64/libcublasLt.so.12"),
        search().findBeside(cublas, NvidiaLibrary.CUBLAS_LT).file().path());
  }

  @Test
  void anEmptyMachineHasNothing() {
    Result r = find(NvidiaLibrary.CUDNN);
    assertEquals("no libcudnn.so of version 8 to 9", r.reason());
    assertEquals("install cuDNN 8 or 9, or add its folder to LD_LIBRARY_PATH", r.remedy());
  }

  @Test
  void wrongRequestsAreRefused() {
    NvidiaSearch.requireVersion("cuda", "12.6");
    NvidiaSearch.requireVersion("cudnn", "9.5.1.17");
    for (String bad : new String[] {"", "12.", "12.x", "1.2.3.4.5", "../12"}) {
      assertThrows(
          IllegalArgumentException.class, () -> NvidiaSearch.requireVersion("cuda", bad), bad);
    }
    Exception e =
        assertThrows(
            IllegalArgumentException.class, () -> NvidiaSearch.requireVersion("cude", "12"));
    assertTrue(e.getMessage().contains("did you mean 'cuda'"), e.getMessage());
  }

  @Test
  void theProcessItselfCanBeSearched() {
    String before = System.getProperty(NvidiaSearch.HOME);
    System.setProperty(NvidiaSearch.HOME, root.toString());
    System.setProperty(NvidiaSearch.VERSION + "cuda", "12.6");
    try {
      Result r = NvidiaSearch.ofThisProcess().find(NvidiaLibrary.NVRTC);
      assertFalse(r.found());
      assertTrue(r.reason().contains(root.toString()), r.reason());
    } finally {
      System.clearProperty(NvidiaSearch.VERSION + "cuda");
      if (before == null) {
        System.clearProperty(NvidiaSearch.HOME);
      } else {
        System.setProperty(NvidiaSearch.HOME, before);
      }
    }
  }
}
