package dev.samebits.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;

/**
 * The machine, operating system and JVM of a run.
 *
 * @param cpu model name
 * @param physicalCores cores
 * @param logicalCores hardware threads offered to this process
 * @param isa instruction-set flags that matter to numerics, e.g. {@code avx2}, {@code fma}, {@code
 *     avx512f}
 * @param memoryBytes main memory
 * @param os name and version
 * @param kernel kernel release
 * @param arch {@code os.arch}
 * @param jvm vendor, name and version
 * @param jvmArgs flags of the parent
 * @param env variables that change numerics or threads, where set
 * @param governor frequency governor; {@code unknown: why} if it cannot be read
 * @param loadAverage one-minute load average at the start; -1 if unknown
 * @param gpus accelerators with their driver, empty if none
 * @param notes what could not be found out, and why
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Environment(
    String cpu,
    int physicalCores,
    int logicalCores,
    List<String> isa,
    long memoryBytes,
    String os,
    String kernel,
    String arch,
    String jvm,
    List<String> jvmArgs,
    Map<String, String> env,
    String governor,
    double loadAverage,
    List<String> gpus,
    List<String> notes) {}
