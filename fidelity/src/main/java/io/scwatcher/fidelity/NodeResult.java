package io.scwatcher.fidelity;

import java.util.List;

/**
 * The comparison of one node.
 *
 * @param path below /proc; "" is /proc itself
 * @param moved whether the guest's two readings of it differ
 * @param attributes what is wrong with type, mode, owner, links, size, error or order, in words for people
 * @param lines what is wrong with its text
 */
record NodeResult(String path, Verdict verdict, boolean moved, List<String> attributes, List<LineDifference> lines) {
    static NodeResult of(String path, boolean moved, List<String> attributes, List<LineDifference> lines) {
        boolean same = attributes.isEmpty() && lines.isEmpty();
        return new NodeResult(path, !same ? Verdict.DIFFERING : moved ? Verdict.WITHIN : Verdict.IDENTICAL, moved,
                List.copyOf(attributes), List.copyOf(lines));
    }

    static NodeResult missing(String path, Verdict verdict) {
        return new NodeResult(path, verdict, false, List.of(), List.of());
    }

    /** The path with every process, thread and file number as PID, TID and N: the same for files of one kind. */
    String pattern() {
        return Patterns.of(path);
    }
}
