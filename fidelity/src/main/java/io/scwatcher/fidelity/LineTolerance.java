package io.scwatcher.fidelity;

/** Accepts a line that differs only for what the reader itself did to it. */
@FunctionalInterface
public interface LineTolerance {
    LineTolerance NONE = (before, after, ours) -> false;

    /** Whether {@code ours} is right beside the guest's two readings of the same line. */
    boolean accepts(String before, String after, String ours);
}
