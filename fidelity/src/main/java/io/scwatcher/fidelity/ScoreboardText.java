package io.scwatcher.fidelity;

import java.util.List;
import java.util.Map;

/** A scoreboard for people. */
public final class ScoreboardText {
    private static final String ROW = "%-32s %8s %8s %9s %8s %9s %10s %8s%n";
    private static final int WIDTH = 160;

    private final Scoreboard scoreboard;

    public ScoreboardText(Scoreboard scoreboard) {
        this.scoreboard = scoreboard;
    }

    /** The table: a row for each family of paths, then the sums. */
    public String table() {
        StringBuilder out = new StringBuilder();
        out.append(ROW.formatted("below /proc", "in guest", "served", "identical", "within", "differing", "not served",
                "invented"));
        scoreboard.families().forEach((name, counts) -> out.append(row(name, counts)));
        out.append(row("all", scoreboard.total()));
        out.append(row("required", scoreboard.required()));
        if (scoreboard.transients() > 0) {
            out.append("not judged, since only one of the guest's two readings has them: ")
                    .append(scoreboard.transients()).append('\n');
        }
        if (scoreboard.settled() > 0) {
            out.append("rose and fell between the first readings, and were right when read again within a shorter time: ")
                    .append(scoreboard.settled()).append(' ').append(scoreboard.settledKinds()).append('\n');
        }
        return out.toString();
    }

    /** What differs, grouped by probable cause, most frequent first, each with an example; at most {@code most}. */
    public String causes(int most) {
        StringBuilder out = new StringBuilder();
        List<Cause> causes = Cause.of(scoreboard.results());
        causes.stream().limit(most).forEach(cause -> {
            out.append("%5d nodes %6d lines  %s%s%n".formatted(cause.nodes(), cause.lines(),
                    RequiredFiles.contains(cause.example().path()) ? "" : "(not required) ", Escaped.of(cause.what(), 200)));
            if (cause.example().verdict() == Verdict.DIFFERING) {
                out.append("      /proc/").append(Escaped.of(cause.example().path(), WIDTH)).append('\n');
            }
            if (cause.line() != null) {
                line(cause.line(), out);
            }
        });
        if (causes.size() > most) {
            out.append("and ").append(causes.size() - most).append(" more\n");
        }
        return out.toString();
    }

    /** Every node that is not good, with its differing lines. */
    public String differing(int mostLines) {
        StringBuilder out = new StringBuilder();
        for (NodeResult result : scoreboard.results()) {
            if (result.verdict().isGood()) {
                continue;
            }
            out.append("%-10s /proc/%s%n".formatted(result.verdict(), Escaped.of(result.path(), 1000)));
            result.attributes().forEach(attribute -> out.append("      ").append(Escaped.of(attribute, 300)).append('\n'));
            result.lines().stream().limit(mostLines).forEach(line -> line(line, out));
            if (result.lines().size() > mostLines) {
                out.append("      and ").append(result.lines().size() - mostLines).append(" more lines\n");
            }
        }
        return out.toString();
    }

    /** The paths with a verdict, one in a line. */
    public String list(Verdict verdict) {
        StringBuilder out = new StringBuilder();
        scoreboard.results().stream().filter(result -> result.verdict() == verdict)
                .forEach(result -> out.append(Escaped.of(result.path())).append('\n'));
        return out.toString();
    }

    private static String row(String name, Scoreboard.Counts counts) {
        return ROW.formatted(name, counts.inGuest(), counts.served(), counts.of(Verdict.IDENTICAL),
                counts.of(Verdict.WITHIN), counts.of(Verdict.DIFFERING), counts.of(Verdict.NOT_SERVED),
                counts.of(Verdict.INVENTED));
    }

    /** Long lines are shown from shortly before the place where ours begins to differ. */
    private static void line(LineDifference line, StringBuilder out) {
        int from = line.guest() == null || line.ours() == null ? 0 : common(line) - 60;
        if (line.before() != null && line.before().equals(line.after())) {
            out.append("      guest  ").append(cut(line.before(), from)).append('\n');
        } else {
            Map<String, String> readings = new java.util.LinkedHashMap<>();
            readings.put("before", line.before());
            readings.put("after ", line.after());
            readings.forEach((name, text) -> {
                if (text != null) {
                    out.append("      ").append(name).append(' ').append(cut(text, from)).append('\n');
                }
            });
        }
        out.append("      ours   ").append(line.ours() == null ? "(no such line)" : cut(line.ours(), from)).append('\n');
    }

    private static int common(LineDifference line) {
        int i = 0;
        int length = Math.min(line.ours().length(), line.guest().length());
        while (i < length && line.ours().charAt(i) == line.guest().charAt(i)) {
            i++;
        }
        return i;
    }

    private static String cut(String text, int from) {
        boolean lacksNewline = text.endsWith(LineMatcher.NO_NEWLINE);
        String line = lacksNewline ? text.substring(0, text.length() - 1) : text;
        int start = line.length() <= WIDTH ? 0 : Math.clamp(from, 0, line.length() - 1);
        return (start > 0 ? "…" : "") + Escaped.of(line.substring(start), WIDTH)
                + (lacksNewline ? " (without newline)" : "");
    }
}
