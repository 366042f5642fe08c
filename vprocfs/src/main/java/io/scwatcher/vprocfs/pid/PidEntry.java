package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.symbol.Symbol;
import io.scwatcher.kernel.task.KernelTraits;
import io.scwatcher.vfs.FileType;
import io.scwatcher.vprocfs.ProcView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One line of the kernel's tables of what a task's directories hold ({@code struct pid_entry}, fs/proc/base.c). Read
 * from the guest, they tell exactly which files its configuration has, in which order and with which modes.
 *
 * @param mode with the file type
 * @param type as the mode has it
 */
record PidEntry(String name, int mode, FileType type) {
    private static final int MOST_ENTRIES = 256;
    private static final int LONGEST_NAME = 64;

    PidEntry(String name, int mode) {
        this(name, mode, ProcView.type(mode));
    }

    /** A whole table, in order and by name. */
    record Table(List<PidEntry> entries, Map<String, Integer> positions) {
        static Table of(List<PidEntry> entries) {
            Map<String, Integer> positions = new HashMap<>();
            for (int i = 0; i < entries.size(); i++) {
                positions.putIfAbsent(entries.get(i).name(), i);
            }
            return new Table(entries, positions);
        }

        /** The position of an entry in the table, or -1. */
        int position(String name) {
            return positions.getOrDefault(name, -1);
        }
    }

    /** The entries of a table, {@code tgid_base_stuff} for one; the usual ones where the kernel has no such symbol. */
    static Table table(ProcView view, String symbol) {
        return KernelTraits.remember(view.kernel(), "pid_entry table", symbol, () -> Table.of(read(view.kernel(), symbol)));
    }

    /** How many of a table's entries are directories, counted as links: {@code pid_entry_nlink}. */
    static int links(Table table) {
        int links = 2;
        for (PidEntry entry : table.entries()) {
            if (entry.type() == FileType.DIRECTORY) {
                links++;
            }
        }
        return links;
    }

    private static List<PidEntry> read(Kernel kernel, String symbol) {
        List<PidEntry> entries = new ArrayList<>();
        if (!kernel.symbols().has(symbol)) {
            return UsualEntries.of(symbol);
        }
        KObject table = kernel.object(symbol, "pid_entry");
        for (int i = 0; i < MOST_ENTRIES; i++) {
            KObject entry = table.index(i);
            Symbol owner = kernel.symbols().containing(entry.address());
            if (owner == null || !owner.name().equals(symbol)) {
                break;
            }
            String name = entry.string("name", LONGEST_NAME);
            if (name.isEmpty() || name.length() != entry.get("len")) {
                break;
            }
            entries.add(new PidEntry(name, entry.getInt("mode")));
        }
        return entries;
    }
}
