package dev.samebits.backend.cuda;

import java.util.Map;

/**
 * A loaded module and who made it.
 *
 * @param module its name: the file in {@code kernels/} without the ending
 * @param facts compiler, its version, and the target
 */
record Code(jcuda.driver.CUmodule module, Map<String, String> facts) {}
