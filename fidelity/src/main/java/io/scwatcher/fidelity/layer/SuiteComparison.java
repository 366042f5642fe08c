package io.scwatcher.fidelity.layer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the same test suite said natively and in the layer.
 *
 * @param tests by name, in the order of the native run
 */
public record SuiteComparison(Map<String, Results> tests) {
    /** Passed, failed, or neither (skipped, never reached). */
    public enum Verdict { PASSED, FAILED, NOT_RUN }

    /** @param details lines that the suite tells of a failure; empty if it tells none */
    public record Result(Verdict verdict, String details) {}

    public record Results(Result natively, Result inLayer) {
        /** It passes natively and not in the layer, or fails in the layer in another way than natively. */
        boolean worseInLayer() {
            return switch (natively.verdict) {
                case PASSED -> inLayer.verdict != Verdict.PASSED;
                case FAILED -> inLayer.verdict != Verdict.PASSED && !inLayer.equals(natively);
                case NOT_RUN -> inLayer.verdict == Verdict.FAILED;
            };
        }
    }

    /** Takes what both printed, as {@link Suite} says. */
    public static SuiteComparison of(String natively, String inLayer) {
        Map<String, Result> ours = read(inLayer);
        Map<String, Results> tests = new LinkedHashMap<>();
        read(natively).forEach((name, result) -> tests.put(name, new Results(result, ours.getOrDefault(name, new Result(Verdict.NOT_RUN, "")))));
        return new SuiteComparison(tests);
    }

    /** Both comparisons' tests. */
    public SuiteComparison and(SuiteComparison other) {
        Map<String, Results> all = new LinkedHashMap<>(tests);
        all.putAll(other.tests);
        return new SuiteComparison(all);
    }

    /** Tests that do worse in the layer than natively, but for the known ones. */
    public List<String> regressions(Set<String> known) {
        List<String> names = new ArrayList<>();
        tests.forEach((name, results) -> {
            if (results.worseInLayer() && !known.contains(name)) {
                names.add(name);
            }
        });
        return names;
    }

    /** One line: how many passed where. */
    public String summary() {
        long natively = tests.values().stream().filter(one -> one.natively.verdict == Verdict.PASSED).count();
        long inLayer = tests.values().stream().filter(one -> one.inLayer.verdict == Verdict.PASSED).count();
        return "%d tests: %d pass natively, %d in the layer; worse in the layer: %s".formatted(tests.size(), natively, inLayer, regressions(Set.of()));
    }

    /** A name that comes again gets a number. */
    private static Map<String, Result> read(String output) {
        Map<String, Result> results = new LinkedHashMap<>();
        String last = null;
        for (String line : output.lines().toList()) {
            if (line.startsWith("    ") && last != null) {
                results.computeIfPresent(last, (_, result) -> new Result(result.verdict, result.details + line.substring(4) + "\n"));
                continue;
            }
            int colon = line.indexOf(": ");
            Verdict verdict = switch (colon < 0 ? "" : line.substring(0, colon)) {
                case "PASS" -> Verdict.PASSED;
                case "FAIL" -> Verdict.FAILED;
                case "SKIPPED", "UNTESTED" -> Verdict.NOT_RUN;
                default -> null;
            };
            last = verdict == null ? null : unique(results, line.substring(colon + 2));
            if (verdict != null) {
                results.put(last, new Result(verdict, ""));
            }
        }
        return results;
    }

    private static String unique(Map<String, Result> results, String name) {
        String unique = name;
        for (int i = 2; results.containsKey(unique); i++) {
            unique = name + " #" + i;
        }
        return unique;
    }
}
