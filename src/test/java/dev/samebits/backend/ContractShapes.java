package dev.samebits.backend;

import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Shape;
import java.util.Arrays;
import java.util.List;

/** Awkward sizes for every kernel: none, one, primes, one beside a power of two. */
final class ContractShapes {
  private static final String LENGTHS = "n1 n2 n3 n7 n13 n31 n32 n33 n255 n257 n1021";
  private static final String CONVOLUTIONS =
      "n1c1h1w1k1r1s1 n2c3h7w5k4r3s3pad1 n1c2h13w3k2r3s1stride2 n2c2h9w8k4r2s3pad2stride3 "
          + "n1c4h11w11k6r3s3pad2dil2group2 n1c3h7w7k3r3s3pad3stride2dil2group3 n3c1h33w1k2r5s1pad2";

  private static final String PORTABLE_CONVOLUTIONS =
      "n1c1h5w5k2r3s3pad1 n1c2h7w6k2r3s2stride2 n1c15h6w8k41r3s3pad1 n3c17h19w23k29r3s3pad1 "
          + "n2c40h14w14k33r1s1 n2c6h15w15k19r5s5pad2stride2 n2c230h5w4k9r3s3pad1";

  private static final String POOLS =
      "n1c1h1w1r1s1 n2c3h7w5r2s2stride2 n1c2h13w11r3s3pad1stride2 n2c1h9w8r3s2pad1 n1c2h5w33r5s3stride3 "
          + "n1c1h4w4r4s4pad3stride2 n1c3h31w2r2s1";

  private ContractShapes() {}

  /** Shapes without a zero size. */
  static List<Shape> of(Kernel kernel) {
    String text =
        switch (kernel) {
          case MATMUL ->
              "m1n1k1 m2n3k7 m13n7k31 m32n33k13 m7n13k257 m31n2k255ta1 m3n31k33tb1 "
                  + "m13n7k32ta1tb1 m3n5k7batch4 m5n4k3ta1tb1batch3 m2n3k2049 m1n2k4099 m1n1k1021";
          case GEMV -> "m1n1 m2n3 m7n13 m33n31 m3n257 m1n1021 m2n2049 m3n4099";
          case SUM, MEAN -> LENGTHS + " n16384 n16385 n49999";
          case DOT, NRM2 -> LENGTHS + " n16383 n32769";
          case ROW_SUM -> "m1n1 m13n7 m2n33 m3n257 m64n129 m2n1021 m2n16385";
          case CONV2D_FORWARD -> CONVOLUTIONS + " n1c230h3w2k2r3s3pad1";
          case CONV2D_BACKWARD_DATA -> CONVOLUTIONS + " n1c2h3w2k230r3s3pad1";
          case CONV2D_BACKWARD_FILTER -> CONVOLUTIONS + " n3c1h33w31k2r2s2";
          case SCATTER_ADD -> "n1t1 n7t3 n33t31 n257t2 n1021t13 n1t255";
          case MAX_POOL, MAX_POOL_BACKWARD -> POOLS;
          case COL_SUM -> "m1n1 m7n13 m33n2 m257n3 m1021n2 m16385n2";
          case SOFTMAX, BIAS_ADD -> "m1n1 m2n3 m7n13 m3n257 m31n10";
          case CROSS_ENTROPY_GRADIENT -> "m1n1 m2n3 m7n13 m33n10";
          case FMA_CHAIN -> "n1r1 n7r3 n33r0 n257r2 n1021r13";
          case COPY, RELU, RELU_BACKWARD, SGD_UPDATE, EXP, LOG, TANH, SIGMOID -> LENGTHS;
        };
    return parse(kernel, text);
  }

  /**
   * Few shapes. Small ones are for an interpreter and for processors without fma: each path of a
   * kernel, a second panel or round, and elements left over. Then those just large enough to be
   * shared between threads, for C1. The last ones have cache blocks and several tiles.
   */
  static List<Shape> portable(Kernel kernel) {
    String text =
        switch (kernel) {
          case MATMUL ->
              "m13n7k31ta1 m3n31k33tb1 m2n1k2049 m8n8k8 m1n30k40 m3n5k7batch4 "
                  + "m1n4k2049 m2n2k2049ta1 m3n40k2050 m1n130k2050 m70n61k62ta1 "
                  + "m131n149k2300 m50n301k129tb1 m301n5k64 m1n700k300";
          case GEMV -> "m7n13 m13n257 m1n2049 m2n2049 m64n2049 m301n2500";
          case SUM, DOT, MEAN, NRM2 -> "n33 n1021 n1024 n17000 n300007";
          case CONV2D_FORWARD -> "n1c230h1w1k1r3s3pad1 " + PORTABLE_CONVOLUTIONS;
          case CONV2D_BACKWARD_DATA -> "n1c1h1w1k230r3s3pad1 " + PORTABLE_CONVOLUTIONS;
          case CONV2D_BACKWARD_FILTER -> "n1c1h46w46k1r1s1 " + PORTABLE_CONVOLUTIONS;
          case SCATTER_ADD -> "n257t7 n32768t20011 n100003t257 n70001t20011";
          case MAX_POOL, MAX_POOL_BACKWARD -> POOLS + " n3c29h28w27r2s2stride2";
          case COL_SUM -> "m257n3 m1021n67 m16500n2 m5003n67";
          case ROW_SUM -> "m3n257 m67n1021 m17n17000";
          case SOFTMAX -> "m3n257 m31n10 m67n1021 m2n17000";
          case BIAS_ADD, CROSS_ENTROPY_GRADIENT -> "m3n257 m67n1021 m137n1021";
          case FMA_CHAIN -> "n7r3 n64r100 n1021r7";
          case EXP, LOG, TANH, SIGMOID -> "n257 n521 n50021";
          case COPY, RELU, RELU_BACKWARD, SGD_UPDATE -> "n257 n1021 n50021 n140001";
        };
    return parse(kernel, text);
  }

  /** Shapes with a size of zero; those without output are left out. */
  static List<Shape> empty(Kernel kernel) {
    return switch (kernel) {
      case MATMUL -> parse(kernel, "m3n2k0 m0n3k4 m3n0k4 m2n3k0batch2");
      case GEMV -> parse(kernel, "m3n0 m0n3");
      case SUM, DOT, MEAN, NRM2, COPY, RELU, RELU_BACKWARD, SGD_UPDATE, EXP, LOG, TANH, SIGMOID ->
          parse(kernel, "n0");
      case COL_SUM, ROW_SUM, SOFTMAX, BIAS_ADD -> parse(kernel, "m0n3 m3n0");
      case SCATTER_ADD -> parse(kernel, "n0t3");
      case FMA_CHAIN -> parse(kernel, "n0r3");
      case MAX_POOL, MAX_POOL_BACKWARD -> parse(kernel, "n0c2h3w3r2s2 n2c0h3w3r2s2");
      case CROSS_ENTROPY_GRADIENT -> parse(kernel, "m0n3");
      case CONV2D_FORWARD -> parse(kernel, "n0c1h3w3k1r3s3 n1c2h0w4k3r1s1pad1 n2c1h3w0k1r3s1pad2");
      case CONV2D_BACKWARD_DATA -> parse(kernel, "n0c1h3w3k1r3s3");
      case CONV2D_BACKWARD_FILTER -> parse(kernel, "n0c2h3w3k1r3s3 n1c2h0w4k3r1s1pad1");
    };
  }

  private static List<Shape> parse(Kernel kernel, String text) {
    return Arrays.stream(text.split(" ")).map(s -> Shape.parse(kernel, s)).toList();
  }
}
