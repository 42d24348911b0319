package dev.samebits.backend.jvm.vector;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The loops that must not be inlined in their callers are too long for it. */
class BytecodeSizeTest {
  /** HotSpot's default of FreqInlineSize. */
  private static final int INLINED_UP_TO = 325;

  @ParameterizedTest
  @CsvSource({
    "F32Functions, exp", "F32Functions, log", "F32Functions, tanh", "F32Functions, sigmoid",
    "F64Functions, exp", "F64Functions, log", "F64Functions, tanh", "F64Functions, sigmoid",
  })
  void aFunctionOfManyVectorsIsCompiledByItself(String type, String method) {
    int bytes = bytecodes(type, method);
    assertTrue(bytes > INLINED_UP_TO, type + "." + method + " has " + bytes + " bytecodes");
  }

  /** Length of a method's code, rounded down to the start of its last instruction. */
  private static int bytecodes(String type, String method) {
    StringWriter out = new StringWriter();
    int rc =
        ToolProvider.findFirst("javap")
            .orElseThrow()
            .run(
                new PrintWriter(out),
                new PrintWriter(out),
                "-c",
                "-p",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.samebits.backend.jvm.vector." + type);
    assertTrue(rc == 0, out::toString);
    String code =
        out.toString()
            .split(" " + method + "\\((float|double).*\\);\\R", 2)[1]
            .split("\\R\\R", 2)[0];
    return Pattern.compile("(?m)^ *(\\d+): ")
        .matcher(code)
        .results()
        .map((MatchResult r) -> Integer.parseInt(r.group(1)))
        .max(Integer::compare)
        .orElseThrow();
  }
}
