package io.scwatcher.os;

import io.scwatcher.os.abi.SystemCallNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a run did and where its time went, as numbers with names. Names that end in {@code _ns} are nanoseconds; {@code call.NAME} and
 * {@code call.NAME_ns} are one system call's count and the processor time within it.
 *
 * @param values in the order in which they are to be shown
 */
public record Counters(Map<String, Long> values) {
    private static final String CALL = "call.";
    static final String NANOS = "_ns";
    private static final int MOST_CALLS = 12;

    /** Names of counters. */
    public static final String WALL = "wall_ns", TASKS = "tasks_ns", GUEST = "guest_ns", CALLS = "system_calls_ns", PROCESS = "process_cpu_ns",
            INTERPRETED = "interpreted_instructions", COMPILED_ENTRIES = "compiled_code_entries", REGIONS = "regions_compiled",
            REGION_TIME = "region_compilation_ns", FORKS = "forks", THREADS = "threads", EXECS = "execs", FRAMES = "private_page_faults",
            VM_EPOCHS = "vm_epochs", VM_EPOCH_TIME = "vm_epochs_ns", VM_READS = "vm_reads", VM_BYTES = "vm_bytes_read", VM_ANOMALIES = "vm_anomalies";

    public Counters {
        values = new LinkedHashMap<>(values);
    }

    /** What a system call's count is named. @param number any */
    static String call(int number) {
        return CALL + SystemCallNames.of(number);
    }

    /** Zero where it was not counted. */
    public long get(String name) {
        return values.getOrDefault(name, 0L);
    }

    /** The growth since an earlier reading. */
    public Counters since(Counters before) {
        Map<String, Long> growth = new LinkedHashMap<>();
        values.forEach((name, value) -> growth.put(name, value - before.get(name)));
        return new Counters(growth);
    }

    /** With others behind them. */
    public Counters and(Counters more) {
        Map<String, Long> all = new LinkedHashMap<>(values);
        more.values.forEach((name, value) -> all.merge(name, value, Long::sum));
        return new Counters(all);
    }

    /** For people. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        long ends = get(TASKS) - get(GUEST) - get(CALLS);
        lines.add(text("time   %.3f s wall; tasks %.3f s: guest code %.3f, system calls %.3f, starts and ends %.3f; the whole process %.3f s on processors",
                seconds(WALL), seconds(TASKS), seconds(GUEST), seconds(CALLS), ends / 1e9, seconds(PROCESS)));
        lines.add(text("code   %,d instructions interpreted, compiled code entered %,d times; %,d regions compiled in %.3f s", get(INTERPRETED),
                get(COMPILED_ENTRIES), get(REGIONS), seconds(REGION_TIME)));
        lines.add(text("tasks  %,d forks, %,d threads, %,d execs; %,d page faults that took a page", get(FORKS), get(THREADS), get(EXECS), get(FRAMES)));
        if (values.containsKey(VM_EPOCHS)) {
            lines.add(text("VM     %,d refreshes in %.3f s; %,d bytes of memory in %,d reads", get(VM_EPOCHS), seconds(VM_EPOCH_TIME), get(VM_BYTES), get(VM_READS)));
        }
        lines.add("calls  " + calls());
        return lines;
    }

    private String calls() {
        List<String> names = values.keySet().stream().filter(name -> name.startsWith(CALL) && !name.endsWith(NANOS))
                .sorted((one, other) -> Long.compare(get(other + NANOS), get(one + NANOS))).toList();
        long count = names.stream().mapToLong(this::get).sum();
        StringBuilder s = new StringBuilder(text("%,d", count));
        for (String name : names.subList(0, Math.min(MOST_CALLS, names.size()))) {
            s.append(text("; %s %,d in %.3f s", name.substring(CALL.length()), get(name), seconds(name + NANOS)));
        }
        return s.append(names.size() > MOST_CALLS ? "; ..." : "").toString();
    }

    private double seconds(String name) {
        return get(name) / 1e9;
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
