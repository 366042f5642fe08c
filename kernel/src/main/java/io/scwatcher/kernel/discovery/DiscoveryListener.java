package io.scwatcher.kernel.discovery;

/** Hears of each step of the discovery when it is done. Never called from two threads at once. */
@FunctionalInterface
public interface DiscoveryListener {
    /** Hears nothing. */
    DiscoveryListener NONE = (step, nanoseconds, found) -> {};

    /**
     * @param step in two or three words, as in {@code kernel symbols}
     * @param nanoseconds that the step took
     * @param found for people, one line
     */
    void done(String step, long nanoseconds, String found);
}
