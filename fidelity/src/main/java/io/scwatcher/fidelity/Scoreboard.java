package io.scwatcher.fidelity;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The outcome of a comparison. */
public final class Scoreboard {
    private final List<NodeResult> results;
    private final int transients;
    private final List<NodeResult> settled;

    Scoreboard(List<NodeResult> results, int transients) {
        this(results, transients, List.of());
    }

    /** @param settled what differed at first, as it was then */
    Scoreboard(List<NodeResult> results, int transients, List<NodeResult> settled) {
        this.results = List.copyOf(results);
        this.transients = transients;
        this.settled = List.copyOf(settled);
    }

    /** How many nodes got each verdict. */
    public record Counts(Map<Verdict, Integer> byVerdict) {
        public int of(Verdict verdict) {
            return byVerdict.getOrDefault(verdict, 0);
        }

        /** Nodes that the guest had both times. */
        public int inGuest() {
            return of(Verdict.IDENTICAL) + of(Verdict.WITHIN) + of(Verdict.DIFFERING) + of(Verdict.NOT_SERVED);
        }

        public int served() {
            return inGuest() - of(Verdict.NOT_SERVED);
        }

        public int good() {
            return of(Verdict.IDENTICAL) + of(Verdict.WITHIN);
        }
    }

    List<NodeResult> results() {
        return results;
    }

    /** Nodes that only one of the guest's readings had, mostly processes that came or went; they are not judged. */
    public int transients() {
        return transients;
    }

    /** Nodes that differed at first and were right in later, shorter comparisons: they rose and fell in between. */
    public int settled() {
        return settled.size();
    }

    /** How many of each kind of file {@link #settled} counts. */
    Map<String, Long> settledKinds() {
        return settled.stream().collect(Collectors.groupingBy(NodeResult::pattern, TreeMap::new, Collectors.counting()));
    }

    public Counts total() {
        return count(results);
    }

    /** The nodes that {@link RequiredFiles} lists. */
    public Counts required() {
        return count(results.stream().filter(result -> RequiredFiles.contains(result.path())).toList());
    }

    /** Required nodes that are not as they should be: an empty list is what the project promises. */
    List<NodeResult> requiredFailures() {
        return results.stream()
                .filter(result -> !result.verdict().isGood() && RequiredFiles.contains(result.path())).toList();
    }

    /** Counts for each family of paths, by name. */
    public Map<String, Counts> families() {
        return group(result -> Patterns.family(result.path()));
    }

    /** Counts for each kind of file, by pattern. */
    public Map<String, Counts> patterns() {
        return group(NodeResult::pattern);
    }

    private Map<String, Counts> group(Function<NodeResult, String> key) {
        Map<String, List<NodeResult>> grouped = new TreeMap<>(Comparator.naturalOrder());
        for (NodeResult result : results) {
            grouped.computeIfAbsent(key.apply(result), name -> new java.util.ArrayList<>()).add(result);
        }
        Map<String, Counts> counts = new LinkedHashMap<>();
        grouped.forEach((name, group) -> counts.put(name, count(group)));
        return counts;
    }

    private static Counts count(List<NodeResult> results) {
        Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);
        for (NodeResult result : results) {
            counts.merge(result.verdict(), 1, Integer::sum);
        }
        return new Counts(counts);
    }
}
