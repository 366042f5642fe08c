package io.scwatcher.fidelity;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Differences that look alike, and so probably have one cause: the same kind of file, the same line, the same columns.
 *
 * @param what the kind of file and what differs of it
 * @param nodes how many nodes have it
 * @param lines how many lines
 * @param example the first node that has it
 * @param line the first line; null for nodes without text
 */
record Cause(String what, int nodes, int lines, NodeResult example, LineDifference line) {
    /** The causes of all that is not good, most nodes first. */
    static List<Cause> of(List<NodeResult> results) {
        Map<String, List<Occurrence>> grouped = new LinkedHashMap<>();
        for (NodeResult result : results) {
            for (Occurrence occurrence : occurrences(result)) {
                grouped.computeIfAbsent(occurrence.key(), key -> new ArrayList<>()).add(occurrence);
            }
        }
        return grouped.entrySet().stream().map(entry -> {
            List<Occurrence> all = entry.getValue();
            int nodes = (int) all.stream().map(occurrence -> occurrence.result().path()).distinct().count();
            return new Cause(entry.getKey(), nodes, all.size(), all.getFirst().result(), all.getFirst().line());
        }).sorted(Comparator.comparingInt(Cause::nodes).reversed().thenComparing(Cause::what)).toList();
    }

    private record Occurrence(String key, NodeResult result, LineDifference line) {}

    private static List<Occurrence> occurrences(NodeResult result) {
        String pattern = result.pattern();
        List<Occurrence> found = new ArrayList<>();
        switch (result.verdict()) {
            case IDENTICAL, WITHIN -> { }
            case NOT_SERVED -> found.add(new Occurrence(pattern + ": not served", result, null));
            case INVENTED -> found.add(new Occurrence(pattern + ": invented", result, null));
            case DIFFERING -> {
                for (String attribute : result.attributes()) {
                    found.add(new Occurrence(pattern + ": " + attribute.replaceAll("-?\\b[0-9]+\\b", "N"), result, null));
                }
                for (LineDifference line : result.lines()) {
                    found.add(new Occurrence(pattern + ": " + signature(line), result, line));
                }
            }
        }
        return found;
    }

    private static String signature(LineDifference line) {
        if (line.ours() == null) {
            return "missing line " + label(line.guest());
        }
        if (line.guest() == null) {
            return "invented line " + label(line.ours());
        }
        String[] before = line.before().strip().split("[ \t]+");
        String[] after = line.after().strip().split("[ \t]+");
        String[] ours = line.ours().strip().split("[ \t]+");
        if (before.length != ours.length || after.length != ours.length) {
            return label(line.guest()) + " number of columns";
        }
        List<String> columns = IntStream.range(0, ours.length)
                .filter(i -> !new LineMatcher(LineTolerance.NONE).within(before[i], after[i], ours[i]))
                .mapToObj(i -> Integer.toString(i + 1)).toList();
        if (columns.isEmpty()) {
            return label(line.guest()) + " blanks";
        }
        String shown = columns.size() > 6 ? columns.size() + " of " + ours.length : String.join(",", columns);
        return label(line.guest()) + " column " + shown;
    }

    /** The first word where it is a name such as {@code VmRSS:}, else a star. */
    private static String label(String line) {
        String first = line.strip().split("[ \t]+", 2)[0];
        boolean name = first.matches("[A-Za-z_][A-Za-z_()\\-]*[0-9]?:?");
        return name && first.length() <= 40 ? first : "*";
    }

    /** Families of patterns for which something is wrong, for the tests' messages. */
    static TreeSet<String> patterns(List<NodeResult> results) {
        TreeSet<String> patterns = new TreeSet<>();
        results.stream().filter(result -> !result.verdict().isGood()).forEach(result -> patterns.add(result.pattern()));
        return patterns;
    }
}
