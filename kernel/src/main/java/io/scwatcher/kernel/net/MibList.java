package io.scwatcher.kernel.net;

import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.type.NoSuchFieldInKernel;
import io.scwatcher.kernel.type.StructType;
import java.util.ArrayList;
import java.util.List;

/**
 * A list of counters' names as the kernel itself prints them: an array of {@code struct snmp_mib} (include/net/snmp.h) or
 * of its like in the kernel's read-only data. Ended by a null name until 6.18, by the array's end since then.
 */
public final class MibList {
    private static final int MAX_ENTRIES = 1024;
    private static final int MAX_NAME = 64;

    private MibList() {}

    /**
     * One counter.
     *
     * @param index where in the array of counters its value lies
     */
    public record Entry(String name, int index) {}

    /**
     * The entries of a list of the kernel itself.
     *
     * @param symbol such as {@code snmp4_tcp_list}
     */
    public static List<Entry> read(Kernel kernel, String symbol) {
        return read(kernel, "", symbol);
    }

    /** Whether a list of the kernel itself is ended by a null name, and not just by its length. */
    public static boolean hasEndMark(Kernel kernel, String symbol) {
        long end = kernel.address(symbol) + (long) read(kernel, symbol).size() * kernel.types().struct("snmp_mib").size();
        return DataSymbol.find(kernel, "", symbol).orElseThrow().contains(end);
    }

    /** The entries of a list that may lie in a module. */
    public static List<Entry> read(Kernel kernel, String module, String symbol) {
        DataSymbol array = DataSymbol.find(kernel, module, symbol)
                .orElseThrow(() -> new NoSuchFieldInKernel("kallsyms", symbol));
        StructType type = kernel.types().struct("snmp_mib");
        int nameOffset = type.offsetOf("name");
        int indexOffset = type.offsetOf("entry");
        List<Entry> entries = new ArrayList<>();
        long place = array.start();
        while (entries.size() < MAX_ENTRIES && array.contains(place)) {
            long name = kernel.memory().u64(place + nameOffset);
            if (name == 0) {
                break;
            }
            int index = (int) kernel.memory().u32(place + indexOffset);
            entries.add(new Entry(kernel.memory().string(name, MAX_NAME), index));
            place += type.size();
        }
        return entries;
    }
}
