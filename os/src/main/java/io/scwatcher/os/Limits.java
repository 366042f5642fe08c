package io.scwatcher.os;

/**
 * What one run may use. Programs see EAGAIN or ENOMEM at the limits of processes and memory; processor time and output end the run.
 *
 * @param cpuNanos of all its processes together
 * @param memory bytes of frames of all its processes together
 * @param processes tasks alive at the same time
 * @param output bytes that go out through the standard streams or their terminal
 */
public record Limits(long cpuNanos, long memory, int processes, long output) {
    /** Two gigabytes of memory, or half of the JVM's if that is less; 4,096 tasks; no limit of time and output. */
    public static final Limits DEFAULT = new Limits(Long.MAX_VALUE, Math.min(2L << 30, Runtime.getRuntime().maxMemory() / 2), 4096, Long.MAX_VALUE);

    public Limits withCpuNanos(long nanos) {
        return new Limits(nanos, memory, processes, output);
    }

    public Limits withMemory(long bytes) {
        return new Limits(cpuNanos, bytes, processes, output);
    }

    public Limits withProcesses(int count) {
        return new Limits(cpuNanos, memory, count, output);
    }

    public Limits withOutput(long bytes) {
        return new Limits(cpuNanos, memory, processes, bytes);
    }
}
