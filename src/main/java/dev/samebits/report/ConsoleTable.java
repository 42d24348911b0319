package dev.samebits.report;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import com.github.freva.asciitable.OverflowBehaviour;
import dev.samebits.analysis.Rate;
import dev.samebits.analysis.Summary;
import dev.samebits.analysis.Trainings;
import dev.samebits.kernel.Kernel;
import dev.samebits.result.Record;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The final table, at most {@value #WIDTH} columns of plain ASCII. Colour is added only if allowed,
 * and says nothing that the words do not say.
 */
public final class ConsoleTable {
  /** Columns at most. */
  public static final int WIDTH = 140;

  private static final int PARAGRAPH = 110;
  private static final Pattern GOOD = Pattern.compile("\\bsame \\([^)]*\\)|\\bmet\\b");
  private static final Pattern BAD =
      Pattern.compile(
          "\\bVARIES( \\([^)]*\\))?( !)?|\\b(FAILED|TIMEOUT|MISTRUSTED|MISSING|MISSED)\\b");

  private final Summary summary;
  private final boolean ansi;
  private final StringBuilder out = new StringBuilder();

  private ConsoleTable(Summary summary, boolean ansi) {
    this.summary = summary;
    this.ansi = ansi;
  }

  /**
   * Renders table, legend, conclusion and paths; lines end in a line feed.
   *
   * @param ansi whether escape sequences for colour are allowed
   * @param report the HTML report; null if there is none
   * @param records the records or their folder; null if there are none
   */
  public static String render(Summary summary, boolean ansi, Path report, Path records) {
    ConsoleTable t = new ConsoleTable(summary, ansi);
    t.bars();
    t.cases();
    t.training();
    t.troubles();
    t.conclusion();
    if (report != null) {
      t.line("Report:  " + printable(report.toString()));
    }
    if (records != null) {
      t.line("Records: " + printable(records.toString()));
    }
    return t.out.toString();
  }

  private void line(String text) {
    out.append(text.stripTrailing()).append('\n');
  }

  private static <T> ColumnData<T> column(
      String header, HorizontalAlign align, Function<T, String> value) {
    return new Column()
        .header(header)
        .headerAlign(align)
        .dataAlign(align)
        .maxWidth(60, OverflowBehaviour.ELLIPSIS_RIGHT)
        .with(x -> printable(value.apply(x)));
  }

  /** Records may come from elsewhere: control characters would move the cursor. */
  private static String printable(String text) {
    return text.replaceAll("[^\\x20-\\x7e]", "?");
  }

  private static Function<Summary.Row, String> axis(String id) {
    return r -> Text.cell(r.verdicts().get(id));
  }

  private void bars() {
    if (summary.bars().isEmpty()) {
      return;
    }
    line(bold("Speed bars"));
    List<BarTable.Line> lines = BarTable.lines(summary.bars());
    String[] table = bars(lines, true);
    boolean fits = Arrays.stream(table).allMatch(l -> l.stripTrailing().length() <= WIDTH);
    for (String l : fits ? table : bars(lines, false)) {
      line(coloured(l));
    }
    line("");
    for (Record.Bar b : summary.bars()) {
      if (!b.why().isEmpty()) {
        wrap(b.name() + " against " + b.opponent() + ": " + b.why(), "  ");
      }
    }
    wrap(BarTable.LEGEND, "  ");
    line("");
  }

  private static String[] bars(List<BarTable.Line> lines, boolean worst) {
    List<ColumnData<BarTable.Line>> columns = new ArrayList<>();
    columns.add(column("bar", HorizontalAlign.LEFT, l -> l.bar().name()));
    for (String header : BarTable.HEADERS) {
      int at = BarTable.HEADERS.indexOf(header);
      if (worst || !header.equals(BarTable.WORST)) {
        columns.add(column(header, HorizontalAlign.LEFT, l -> l.cells().get(at)));
      }
    }
    return AsciiTable.getTable(AsciiTable.NO_BORDERS, lines, columns).split("\\R");
  }

  private void cases() {
    List<Summary.Row> rows = new ArrayList<>(summary.rows());
    rows.removeIf(Summary.Row::exactControl);
    int hidden = summary.rows().size() - rows.size();
    List<Summary.Row> untimed = BitsOnly.rows(rows);
    rows.removeAll(untimed);
    boolean any = false;
    if (rows.isEmpty() && untimed.isEmpty()) {
      line("No case was measured.");
    } else if (!rows.isEmpty()) {
      any = timed(rows);
    }
    if (!untimed.isEmpty()) {
      line("");
      line(bold("Bits only (not timed)"));
      BitsOnly.lines(untimed).forEach((heading, texts) -> bits(heading, texts));
    }
    if (hidden > 0) {
      line("");
      line("and " + hidden + " control cases on exact integer inputs, identical on every axis.");
    }
    legend(any);
  }

  private void bits(String heading, List<String> texts) {
    line(bold(printable(heading)));
    texts.forEach(t -> wrap(t, " ", "     ", WIDTH));
  }

  /** The table; whether the price against all backends had room in it. */
  private boolean timed(List<Summary.Row> rows) {
    List<ColumnData<Summary.Row>> columns = new ArrayList<>(columns());
    columns.add(column("of all", HorizontalAlign.RIGHT, r -> Text.price(r.priceAny())));
    String[] lines = lines(rows, columns);
    boolean fits = Arrays.stream(lines).allMatch(l -> l.stripTrailing().length() <= WIDTH);
    grouped(fits ? lines : lines(rows, columns()), rows);
    return fits;
  }

  private static String[] lines(List<Summary.Row> rows, List<ColumnData<Summary.Row>> columns) {
    return AsciiTable.getTable(AsciiTable.NO_BORDERS, rows, columns).split("\\R");
  }

  private List<ColumnData<Summary.Row>> columns() {
    List<ColumnData<Summary.Row>> all = new ArrayList<>();
    all.addAll(
        List.of(
            column("backend variant", HorizontalAlign.LEFT, Summary.Row::who),
            column("mode", HorizontalAlign.LEFT, Summary.Row::mode),
            column("thr", HorizontalAlign.RIGHT, ConsoleTable::threads),
            column("rate +- error", HorizontalAlign.RIGHT, ConsoleTable::rate)));
    for (String axis : ShownAxes.of(summary.rows())) {
      all.add(column(axis, HorizontalAlign.LEFT, axis(axis)));
    }
    all.addAll(
        List.of(
            column("worst ULP", HorizontalAlign.RIGHT, r -> Text.ulp(r.worstUlp(), r.varies())),
            column("price", HorizontalAlign.RIGHT, r -> Text.price(r.price()))));
    return all;
  }

  /** The table's lines with a heading wherever a new problem begins. */
  private void grouped(String[] lines, List<Summary.Row> rows) {
    int headers = lines.length - rows.size();
    for (int i = 0; i < headers; i++) {
      if (!lines[i].isBlank()) {
        line(lines[i]);
      }
    }
    String heading = "";
    for (int i = 0; i < rows.size(); i++) {
      if (!rows.get(i).heading().equals(heading)) {
        heading = rows.get(i).heading();
        line("");
        line(bold(heading + ", " + Kernel.of(rows.get(i).kernel()).rateUnit()));
      }
      line(coloured(lines[headers + i]));
    }
  }

  private static String threads(Summary.Row r) {
    return r.rates().isEmpty() ? "-" : Text.threads(r.rates().get(0), "-");
  }

  private static String rate(Summary.Row r) {
    return r.rates().isEmpty() ? "-" : rate(r.rates().get(0));
  }

  private static String rate(Rate r) {
    return Text.rate(r, "+-");
  }

  private void legend(boolean any) {
    line("");
    for (String text : Legend.lines(summary, any)) {
      wrap(text, "  ");
    }
  }

  private void training() {
    if (summary.training().isEmpty()) {
      return;
    }
    Record.Training first = summary.training().get(0);
    line("");
    boolean one = summary.training().stream().allMatch(t -> t.model().equals(first.model()));
    line(
        bold(
            printable(
                one
                    ? "training " + first.model() + " on " + first.data() + ", same seed"
                    : "training, same seed")));
    List<ColumnData<Record.Training>> columns =
        List.of(
            column("mode", HorizontalAlign.LEFT, t -> Trainings.name(t, summary.training())),
            column("SGD steps", HorizontalAlign.RIGHT, t -> Integer.toString(t.steps())),
            column("replicates", HorizontalAlign.RIGHT, t -> Integer.toString(t.replicates())),
            column("part at step", HorizontalAlign.RIGHT, TrainingText::onset),
            column("final models", HorizontalAlign.RIGHT, t -> Integer.toString(t.distinctFinal())),
            column("churn", HorizontalAlign.RIGHT, t -> Text.percent(t.churn())),
            column("test accuracy", HorizontalAlign.RIGHT, TrainingText::accuracy),
            column("weight distance", HorizontalAlign.RIGHT, TrainingText::distance));
    for (String l :
        AsciiTable.getTable(AsciiTable.NO_BORDERS, summary.training(), columns).split("\\R")) {
      line(l);
    }
    wrap(Legend.TRAINING, "  ");
  }

  private void troubles() {
    summary.controls().problems().forEach(p -> wrap("CONTROL FAILED: " + p, "  "));
    summary.broken().forEach(b -> wrap("GUARANTEE NOT HELD: " + b, "  "));
    summary.failures().forEach(t -> wrap(TrainingText.trouble(t), "  "));
    summary.skips().forEach(t -> wrap(TrainingText.trouble(t), "  "));
  }

  private void conclusion() {
    line("");
    line(bold("In short"));
    summary.conclusion().forEach(s -> wrap("- " + s, "  "));
    wrap("- " + Legend.NOT_SHOWN, "  ");
    line("");
  }

  private void wrap(String text, String indent) {
    wrap(text, "", indent, PARAGRAPH);
  }

  private void wrap(String text, String first, String indent, int width) {
    StringBuilder now = new StringBuilder(first);
    for (String word : printable(text).split(" ")) {
      if (now.length() > 0 && now.length() + 1 + word.length() > width) {
        line(coloured(now.toString()));
        now = new StringBuilder(indent);
      } else if (!now.toString().isBlank()) {
        now.append(' ');
      }
      now.append(word);
    }
    line(coloured(now.toString()));
  }

  private String bold(String text) {
    return ansi ? "\u001b[1m" + text + "\u001b[0m" : text;
  }

  private String coloured(String text) {
    if (!ansi) {
      return text;
    }
    String good = GOOD.matcher(text).replaceAll("\u001b[32m$0\u001b[0m");
    return BAD.matcher(good).replaceAll("\u001b[1;31m$0\u001b[0m");
  }
}
