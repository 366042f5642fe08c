package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.symbol.Symbol;
import io.scwatcher.kernel.task.KernelTraits;
import java.util.Arrays;

/** The two letters for each bit of an area's flags, from the kernel's own table ({@code show_smap_vma_flags}). */
final class AreaFlags {
    private static final String[] FIRST = {"rd", "wr", "ex", "sh"};
    private static final int SMALLEST_ENTRY = 2;
    private static final int LARGEST_ENTRY = 3;
    private static final int COPIES = 32;

    private AreaFlags() {}

    /** By bit; empty where nothing is printed. */
    static String[] names(Kernel kernel) {
        return KernelTraits.remember(kernel, "table", "mnemonics", () -> read(kernel));
    }

    /** The table is a variable inside of a function, so that the compiler has put a number behind its name. */
    private static String[] read(Kernel kernel) {
        for (int copy = 0; copy < COPIES; copy++) {
            var table = kernel.symbols().find("mnemonics." + copy);
            if (table.isPresent()) {
                for (int size = SMALLEST_ENTRY; size <= LARGEST_ENTRY; size++) {
                    String[] names = read(kernel, table.getAsLong(), size);
                    if (Arrays.equals(FIRST, Arrays.copyOf(names, FIRST.length))) {
                        return names;
                    }
                }
            }
        }
        String[] unknown = new String[Long.SIZE];
        Arrays.fill(unknown, "??");
        return unknown;
    }

    private static String[] read(Kernel kernel, long table, int size) {
        String[] names = new String[Long.SIZE];
        for (int bit = 0; bit < names.length; bit++) {
            Symbol owner = kernel.symbols().containing(table + (long) bit * size);
            boolean inside = owner != null && owner.address() == table;
            names[bit] = inside ? kernel.memory().string(table + (long) bit * size, SMALLEST_ENTRY) : "??";
        }
        return names;
    }
}
