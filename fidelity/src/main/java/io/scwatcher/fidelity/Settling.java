package io.scwatcher.fidelity;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Decides about nodes that differ at first by comparing them again alone, with seconds instead of a minute between the
 * readings. A chance is given only to what may have risen and fallen in between: lines that moved in the guest, and
 * {@link Gauges}. It counts as right when it was right {@value #IN_A_ROW} times in a row.
 */
final class Settling {
    private static final int IN_A_ROW = 2;
    /** Of one kind of file, so many may differ by chance. */
    private static final int CHANCE = 40;
    private static final int MOST_REPEATED = 400;

    private final Scoreboard first;
    private final Map<String, Integer> inARow = new LinkedHashMap<>();
    private final Map<String, NodeResult> latest = new HashMap<>();

    Settling(Scoreboard first) {
        this.first = first;
        Map<String, List<String>> kinds = first.results().stream().filter(Settling::mayHaveRisenAndFallen)
                .collect(Collectors.groupingBy(NodeResult::pattern, Collectors.mapping(NodeResult::path, Collectors.toList())));
        kinds.values().stream().filter(paths -> paths.size() <= CHANCE).flatMap(List::stream)
                .filter(path -> path.matches("[A-Za-z0-9_./:+-]+")).limit(MOST_REPEATED).forEach(path -> inARow.put(path, 0));
    }

    /** The paths to compare again; empty if nothing is left to decide. */
    List<String> open() {
        return inARow.entrySet().stream().filter(entry -> entry.getValue() < IN_A_ROW).map(Map.Entry::getKey).toList();
    }

    /** Takes the comparison of {@link #open}. What it does not judge was not right. */
    void add(Scoreboard again) {
        Map<String, NodeResult> results = again.results().stream()
                .collect(Collectors.toMap(NodeResult::path, Function.identity(), (one, same) -> one));
        for (String path : open()) {
            NodeResult result = results.get(path);
            boolean right = result != null && result.verdict().isGood();
            inARow.put(path, right ? inARow.get(path) + 1 : 0);
            latest.put(path, result);
        }
    }

    /** The first comparison, with what was right afterwards as it was then. */
    Scoreboard scoreboard() {
        List<NodeResult> settled = new ArrayList<>();
        List<NodeResult> results = new ArrayList<>();
        for (NodeResult result : first.results()) {
            boolean right = inARow.getOrDefault(result.path(), 0) >= IN_A_ROW;
            results.add(right ? latest.get(result.path()) : result);
            if (right) {
                settled.add(result);
            }
        }
        return new Scoreboard(results, first.transients(), settled);
    }

    private static boolean mayHaveRisenAndFallen(NodeResult result) {
        return result.verdict() == Verdict.DIFFERING && result.attributes().isEmpty() && result.lines().stream()
                .allMatch(line -> moved(result, line) || Gauges.contain(result.path(), line));
    }

    /** A line that we alone have, or lack, may have come and gone if the file moved at all. */
    private static boolean moved(NodeResult result, LineDifference line) {
        return line.guest() == null || line.ours() == null ? result.moved() : !line.before().equals(line.after());
    }
}
