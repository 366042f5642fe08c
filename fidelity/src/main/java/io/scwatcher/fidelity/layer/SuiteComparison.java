package io.scwatcher.fidelity.layer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * What the same test suite said natively and in the layer.
 *
 * @param tests by name, in the order of the native run
 */
public record SuiteComparison(Map<String, Verdicts> tests) {
    /** Passed, failed, or neither (skipped, never reached). */
    public enum Verdict { PASSED, FAILED, NOT_RUN }

    public record Verdicts(Verdict natively, Verdict inLayer) {}

    /** @param reader finds the verdicts in a suite's output, by the tests' names */
    public static SuiteComparison of(String natively, String inLayer, Function<String, Map<String, Verdict>> reader) {
        Map<String, Verdict> ours = reader.apply(inLayer);
        Map<String, Verdicts> tests = new LinkedHashMap<>();
        reader.apply(natively).forEach((name, verdict) -> tests.put(name, new Verdicts(verdict, ours.getOrDefault(name, Verdict.NOT_RUN))));
        return new SuiteComparison(tests);
    }

    /** Both comparisons' tests. */
    public SuiteComparison and(SuiteComparison other) {
        Map<String, Verdicts> all = new LinkedHashMap<>(tests);
        all.putAll(other.tests);
        return new SuiteComparison(all);
    }

    /** Tests that pass natively and not in the layer, but for the known ones. */
    public List<String> regressions(Set<String> known) {
        List<String> names = new ArrayList<>();
        tests.forEach((name, verdicts) -> {
            if (verdicts.natively == Verdict.PASSED && verdicts.inLayer != Verdict.PASSED && !known.contains(name)) {
                names.add(name);
            }
        });
        return names;
    }

    /** One line: how many passed where. */
    public String summary() {
        long natively = tests.values().stream().filter(one -> one.natively == Verdict.PASSED).count();
        long inLayer = tests.values().stream().filter(one -> one.inLayer == Verdict.PASSED).count();
        return "%d tests: %d pass natively, %d in the layer; not in the layer alone: %d".formatted(tests.size(), natively, inLayer, regressions(Set.of()).size());
    }

    /** Lines like {@code PASS: cat prints}, as BusyBox's runtest has them; a name that comes again gets a number. */
    public static Map<String, Verdict> busyBox(String output) {
        Map<String, Verdict> verdicts = new LinkedHashMap<>();
        for (String line : output.lines().toList()) {
            int colon = line.indexOf(": ");
            Verdict verdict = switch (colon < 0 ? "" : line.substring(0, colon)) {
                case "PASS" -> Verdict.PASSED;
                case "FAIL" -> Verdict.FAILED;
                case "SKIPPED", "UNTESTED" -> Verdict.NOT_RUN;
                default -> null;
            };
            if (verdict != null) {
                put(verdicts, line.substring(colon + 2), verdict);
            }
        }
        return verdicts;
    }

    /** Lines like {@code ash-misc/for.tests: ok}, as ash_test's run-all has them. */
    public static Map<String, Verdict> ash(String output) {
        Map<String, Verdict> verdicts = new LinkedHashMap<>();
        for (String line : output.lines().toList()) {
            if (line.endsWith(": ok") || line.endsWith(": fail")) {
                put(verdicts, line.substring(0, line.lastIndexOf(':')), line.endsWith("ok") ? Verdict.PASSED : Verdict.FAILED);
            }
        }
        return verdicts;
    }

    private static void put(Map<String, Verdict> verdicts, String name, Verdict verdict) {
        String unique = name;
        for (int i = 2; verdicts.putIfAbsent(unique, verdict) != null; i++) {
            unique = name + " #" + i;
        }
    }
}
