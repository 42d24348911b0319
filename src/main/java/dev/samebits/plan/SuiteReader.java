package dev.samebits.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.samebits.kernel.Conditions;
import dev.samebits.kernel.DType;
import dev.samebits.kernel.InputKind;
import dev.samebits.kernel.Kernel;
import dev.samebits.kernel.Mode;
import dev.samebits.kernel.Op;
import dev.samebits.kernel.Shape;
import dev.samebits.kernel.UnknownNameException;
import dev.samebits.plan.Plan.JmhSettings;
import dev.samebits.plan.Suite.CaptureSettings;
import dev.samebits.plan.Suite.CaseGroup;
import dev.samebits.plan.Suite.TrainingSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Reads the grammar of suite files. */
final class SuiteReader {
  private static final ObjectMapper YAML =
      new YAMLMapper(
          YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());

  private static final List<String> TOP =
      List.of(
          "suite",
          "about",
          "needs",
          "timing",
          "capture",
          "conditions",
          "cases",
          "bars",
          "training");
  private static final List<String> TIMING =
      List.of("forks", "warmups", "warmup_seconds", "iterations", "seconds", "together");
  private static final List<String> CAPTURE =
      List.of("processes", "repeats", "seconds", "control_repeats", "control_seconds");
  private static final String ISA = "isa";
  private static final List<String> OTHERS =
      List.of(
          "vector",
          "jit",
          Conditions.ALIGN,
          Conditions.LD,
          Conditions.GEOMETRY,
          Conditions.L2,
          Conditions.ORDER,
          Conditions.STREAMS);
  private static final List<String> CONDITIONS =
      Stream.concat(
              Stream.of(Conditions.THREADS, ISA, Conditions.LOAD, Conditions.SLICE),
              OTHERS.stream())
          .toList();

  /** Conditions of no side of a bar: common to both, or with copies in the time. */
  private static final Set<String> NOT_TIMED =
      Set.of(Conditions.THREADS, Conditions.LOAD, Conditions.SLICE);

  private static final List<String> GROUP =
      List.of(
          "kernel",
          "dtypes",
          "shapes",
          "inputs",
          "seeds",
          "variants",
          "timed",
          "timed_threads",
          "conditions",
          "capture");
  private static final List<String> TRAINING =
      List.of("model", "data", "name", "modes", "seed", "steps", "replicates", "threads");

  private static final JmhSettings DEFAULT_TIMING = new JmhSettings(5, 3, 1, 5, 1);
  private static final CaptureSettings DEFAULT_CAPTURE = new CaptureSettings(3, 200, 0.5, 1000, 2);

  private final String file;
  private final JmhSettings timing;
  private final CaptureSettings capture;
  private final SortedMap<String, List<String>> conditions;
  private final Map<String, List<String>> once;

  private SuiteReader(String file, Fields top) {
    this.file = file;
    this.timing = top.has("timing") ? timing(top.map("timing", TIMING)) : DEFAULT_TIMING;
    this.capture = capture(top, DEFAULT_CAPTURE);
    this.conditions = conditions(top, new TreeMap<>(Map.of(Conditions.THREADS, List.of("max"))));
    this.once = once(top, Map.of());
  }

  /**
   * Parses a suite.
   *
   * @throws IllegalArgumentException naming file, key and what was expected
   */
  static Suite read(String file, byte[] yaml) {
    Fields top = new Fields(file, tree(file, yaml), TOP);
    SuiteReader reader = new SuiteReader(file, top);
    Suite suite =
        new Suite(
            top.one("suite", SuiteReader::name),
            top.has("about") ? top.one("about", String::strip) : "",
            top.has("needs") ? top.list("needs", String::strip) : List.of(),
            reader.timing,
            top.maps("cases", GROUP).stream().map(reader::group).toList(),
            BarReader.read(top),
            top.maps("training", TRAINING).stream().map(reader::training).toList());
    if (suite.groups().isEmpty() && suite.bars().isEmpty() && suite.training().isEmpty()) {
      throw new IllegalArgumentException(file + ": neither cases nor bars nor training");
    }
    return suite;
  }

  private static JsonNode tree(String file, byte[] yaml) {
    try {
      return YAML.readTree(yaml);
    } catch (JsonProcessingException e) {
      String line = e.getLocation() == null ? "" : ", line " + e.getLocation().getLineNr();
      String why = e.getOriginalMessage().lines().findFirst().orElse("");
      throw new IllegalArgumentException(file + line + ": not YAML: " + why, e);
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read suite file " + file + ": " + e, e);
    }
  }

  private static JmhSettings timing(Fields f) {
    return new JmhSettings(
        f.integer("forks", 1, DEFAULT_TIMING.forks()),
        f.integer("warmups", 0, DEFAULT_TIMING.warmups()),
        f.seconds("warmup_seconds", DEFAULT_TIMING.warmupSeconds()),
        f.integer("iterations", 1, DEFAULT_TIMING.iterations()),
        f.seconds("seconds", DEFAULT_TIMING.seconds()),
        f.integer("together", 0, 0));
  }

  private static CaptureSettings capture(Fields parent, CaptureSettings base) {
    if (!parent.has("capture")) {
      return base;
    }
    Fields f = parent.map("capture", CAPTURE);
    return new CaptureSettings(
        f.integer("processes", 0, base.processes()),
        f.integer("repeats", 2, base.repeats()),
        f.seconds("seconds", base.seconds()),
        f.integer("control_repeats", 2, base.controlRepeats()),
        f.seconds("control_seconds", base.controlSeconds()));
  }

  private static SortedMap<String, List<String>> conditions(
      Fields parent, SortedMap<String, List<String>> base) {
    TreeMap<String, List<String>> all = new TreeMap<>(base);
    if (parent.has("conditions")) {
      Fields f = parent.map("conditions", CONDITIONS);
      if (f.has(Conditions.THREADS)) {
        all.put(Conditions.THREADS, f.list(Conditions.THREADS, SuiteReader::threads));
      }
      if (f.has(ISA)) {
        all.put(ISA, f.list(ISA, SuiteReader::name));
      }
      for (String key : OTHERS) {
        if (f.has(key)) {
          all.put(key, f.list(key, SuiteReader::setting));
        }
      }
    }
    return all;
  }

  /** Values by condition of which each has a process of its own beside the product. */
  private static Map<String, List<String>> once(Fields parent, Map<String, List<String>> base) {
    Map<String, List<String>> all = new LinkedHashMap<>(base);
    if (parent.has("conditions")) {
      Fields f = parent.map("conditions", CONDITIONS);
      if (f.has(Conditions.SLICE)) {
        all.put(Conditions.SLICE, f.list(Conditions.SLICE, SuiteReader::slice));
      }
      if (f.has(Conditions.LOAD)) {
        List<String> loads = f.list(Conditions.LOAD, SuiteReader::load);
        all.put(Conditions.LOAD, loads.stream().filter(v -> !v.isEmpty()).toList());
      }
    }
    return all;
  }

  /** The conditions that a group has, one by one; a batch is required where one is cut. */
  private List<Map.Entry<String, String>> once(Fields f, Kernel kernel) {
    List<Map.Entry<String, String>> all = new ArrayList<>();
    once(f, once).forEach((key, values) -> values.forEach(v -> all.add(Map.entry(key, v))));
    if (all.stream().anyMatch(e -> e.getKey().equals(Conditions.SLICE))) {
      Op.requireBatch(f.where("conditions") + ": " + Conditions.SLICE, kernel);
    }
    return List.copyOf(all);
  }

  private CaseGroup group(Fields f) {
    Kernel kernel = f.one("kernel", Kernel::of);
    return new CaseGroup(
        f.where(),
        kernel,
        f.list("dtypes", DType::of),
        f.list("shapes", text -> Shape.parse(kernel, text)),
        f.has("inputs") ? f.list("inputs", InputKind::of) : List.of(InputKind.NORMAL),
        f.has("seeds") ? f.list("seeds", text -> Fields.whole(text, 0)) : List.of(1L),
        f.has("variants")
            ? variants(new Fields(f.where("variants"), f.node("variants")))
            : Map.of(),
        f.flag("timed", f.has("timed_threads")),
        f.has("timed_threads") ? f.list("timed_threads", SuiteReader::threads) : List.of(Suite.MAX),
        once(f, kernel),
        conditions(f, conditions),
        capture(f, capture));
  }

  private static Map<String, List<String>> variants(Fields f) {
    Map<String, List<String>> all = new LinkedHashMap<>();
    for (String backend : f.keys()) {
      all.put(backend, f.list(backend, name -> name));
    }
    return all;
  }

  private TrainingSpec training(Fields f) {
    Map<String, Map<String, String>> modes = new LinkedHashMap<>();
    Fields byMode = f.map("modes", Mode.ids());
    for (String mode : byMode.keys()) {
      Fields ops = new Fields(byMode.where(mode), byMode.node(mode));
      Map<String, String> variants = new LinkedHashMap<>();
      ops.keys().forEach(op -> variants.put(op, ops.one(op, SuiteReader::backendVariant)));
      modes.put(mode, variants);
    }
    if (modes.isEmpty()) {
      throw new IllegalArgumentException(f.where("modes") + ": none given");
    }
    return new TrainingSpec(
        f.where(),
        f.one("model", SuiteReader::name),
        f.one("data", SuiteReader::name),
        f.has("name") ? f.one("name", SuiteReader::name) : "",
        modes,
        f.integer("seed", 0, 1),
        f.integer("steps", 1, 2000),
        f.integer("replicates", 2, 3),
        f.has("threads") ? f.one("threads", SuiteReader::threads) : Suite.MAX);
  }

  /** A condition that one side of a comparison may have for itself. */
  static void requireOwnCondition(String key) {
    UnknownNameException.require(
        "condition", key, CONDITIONS.stream().filter(c -> !NOT_TIMED.contains(c)).toList());
  }

  static String name(String text) {
    if (!text.matches("[a-z][a-z0-9_]{0,39}")) {
      throw new IllegalArgumentException(
          "expected a name of lower-case letters, digits and _, got '" + text + "'");
    }
    return text;
  }

  private static String setting(String text) {
    if (!text.matches("[a-z0-9_]{1,40}")) {
      throw new IllegalArgumentException(
          "expected a setting of lower-case letters, digits and _, got '" + text + "'");
    }
    return text;
  }

  /** A value of the condition; empty for none. */
  private static String load(String text) {
    return switch (text) {
      case "false" -> "";
      case "true", "1" -> "1";
      case "gemm" -> text;
      default ->
          throw new IllegalArgumentException(
              "expected false, true or 1 (a busy host), or gemm (a busy device), got '"
                  + text
                  + "'");
    };
  }

  private static String slice(String text) {
    return Long.toString(Fields.whole(text, 1));
  }

  static String threads(String text) {
    return text.equals(Suite.MAX) ? text : Long.toString(Fields.whole(text, 1));
  }

  static String backendVariant(String text) {
    if (!text.matches("[^/]+/[^/]+")) {
      throw new IllegalArgumentException("expected backend/variant, got '" + text + "'");
    }
    return text;
  }
}
