package io.scwatcher.fidelity.tools;

import io.scwatcher.fidelity.LineDifference;
import java.util.List;

/**
 * A tool's run outside beside its runs inside.
 *
 * @param lines how many lines it printed inside, without those about itself
 * @param differences of both streams, and of the exit status; empty if it printed what it prints inside
 * @param insideSeconds by the guest's clock
 * @param outsideSeconds by this machine's
 * @param rounds how often it was run until nothing differed
 */
record ToolResult(String tool, int lines, List<LineDifference> differences, double insideSeconds, double outsideSeconds, int rounds) {
    boolean isRight() {
        return differences.isEmpty();
    }
}
