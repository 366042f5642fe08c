package io.scwatcher.os;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.os.syscall.SystemCallTable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** What the tasks of a run count while they run. Safe for several threads, and readable at any time; what a task does in guest code is added when it ends. */
public final class RunStatistics {
    private static final int UNKNOWN = SystemCallTable.SIZE;

    private final long started = System.nanoTime();
    /** Count and nanoseconds by number, in turn; those without a number of the table at the end. */
    private final AtomicLongArray calls = new AtomicLongArray(2 * SystemCallTable.SIZE + 2);
    private final AtomicLong guestNanos = new AtomicLong();
    private final AtomicLong interpreted = new AtomicLong();
    private final AtomicLong compiledEntries = new AtomicLong();
    private final AtomicLong forks = new AtomicLong();
    private final AtomicLong threads = new AtomicLong();
    private final AtomicLong execs = new AtomicLong();
    private final AtomicLong frames = new AtomicLong();

    /** A system call returned. @param nanos processor time within it: not what it slept */
    public void systemCall(int number, long nanos) {
        int index = 2 * (number >= 0 && number < UNKNOWN ? number : UNKNOWN);
        calls.getAndIncrement(index);
        calls.getAndAdd(index + 1, nanos);
    }

    /** A task ends. @param nanos its processor time outside of system calls */
    public void guestCode(long nanos, Cpu cpu) {
        guestNanos.addAndGet(nanos);
        interpreted.addAndGet(cpu.interpretedInstructions);
        compiledEntries.addAndGet(cpu.compiledEntries);
    }

    public void cloned(boolean thread) {
        (thread ? threads : forks).incrementAndGet();
    }

    public void executed() {
        execs.incrementAndGet();
    }

    void frameTaken() {
        frames.incrementAndGet();
    }

    /** @param tasksNanos processor time of tasks that are gone */
    Counters read(long tasksNanos) {
        Map<String, Long> values = new LinkedHashMap<>();
        values.put(Counters.WALL, System.nanoTime() - started);
        values.put(Counters.TASKS, tasksNanos);
        values.put(Counters.GUEST, guestNanos.get());
        values.put(Counters.CALLS, 0L);
        values.put(Counters.INTERPRETED, interpreted.get());
        values.put(Counters.COMPILED_ENTRIES, compiledEntries.get());
        values.put(Counters.FORKS, forks.get());
        values.put(Counters.THREADS, threads.get());
        values.put(Counters.EXECS, execs.get());
        values.put(Counters.FRAMES, frames.get());
        for (int number = 0; number <= UNKNOWN; number++) {
            long count = calls.get(2 * number);
            if (count > 0) {
                long nanos = calls.get(2 * number + 1);
                values.merge(Counters.CALLS, nanos, Long::sum);
                String name = Counters.call(number);
                values.put(name, count);
                values.put(name + Counters.NANOS, nanos);
            }
        }
        return new Counters(values);
    }
}
