package io.scwatcher.vprocfs.sysctl;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.system.Variables;

/**
 * One sysctl while it is printed.
 *
 * @param table the {@code struct ctl_table}
 * @param network the {@code struct net} in which the reader lives, or null
 */
record Setting(KObject table, KObject network) {
    /** No table of the kernel is larger; a hostile one says anything. */
    private static final int LARGEST = 1 << 20;
    private static final int NAME_LIMIT = 256;

    Kernel kernel() {
        return table.kernel();
    }

    Variables variables() {
        return new Variables(kernel());
    }

    String name() {
        return table.string("procname", NAME_LIMIT);
    }

    /** Address of the value; 0 where the handler brings its own. */
    long data() {
        return table.get("data");
    }

    /** Bytes at {@link #data}, never negative. */
    int size() {
        int size = table.getInt("maxlen");
        return size < 0 ? 0 : Math.min(size, LARGEST);
    }

    /** Whether there is anything to print at all. */
    boolean isEmpty() {
        return data() == 0 || size() == 0;
    }

    KObject as(String structure) {
        return kernel().at(data(), structure);
    }
}
