package io.scwatcher.os.syscall;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * All system calls of the layer: dispatch, {@code --strace}, the compatibility page and the counters of what is missing come from it. Each area
 * has one class that registers its calls.
 */
public final class SystemCallTable {
    /** One above the highest number of x86-64's table (arch/x86/entry/syscalls/syscall_64.tbl, 6.12). */
    public static final int SIZE = 463;

    private final Entry[] entries;

    private SystemCallTable(Entry[] entries) {
        this.entries = entries;
    }

    /** @return null if the number is unknown or nobody registered it: ENOSYS */
    public Entry entry(long number) {
        return number >= 0 && number < SIZE ? entries[(int) number] : null;
    }

    /** In the order of the numbers. */
    public List<Entry> entries() {
        List<Entry> all = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry != null) {
                all.add(entry);
            }
        }
        return all;
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * One system call.
     *
     * @param name as its manual page and strace call it
     * @param arguments how to print them
     * @param note what is missing or different, for the compatibility page; empty if nothing
     */
    public record Entry(int number, String name, List<Argument> arguments, Support support, String note, Handler handler) {}

    /** Collects the entries. */
    public static final class Builder {
        private final Entry[] entries = new Entry[SIZE];

        public Builder call(int number, String name, List<Argument> arguments, Support support, Handler handler) {
            return call(number, name, arguments, support, "", handler);
        }

        public Builder call(int number, String name, List<Argument> arguments, Support support, String note, Handler handler) {
            if (entries[number] != null) {
                throw new IllegalArgumentException(name + " and " + entries[number].name + " are both number " + number);
            }
            entries[number] = new Entry(number, Objects.requireNonNull(name), List.copyOf(arguments), support, note, handler);
            return this;
        }

        public SystemCallTable build() {
            return new SystemCallTable(entries.clone());
        }
    }
}
