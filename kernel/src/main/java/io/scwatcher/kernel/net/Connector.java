package io.scwatcher.kernel.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.Lists;
import io.scwatcher.kernel.memory.MemoryFault;
import io.scwatcher.kernel.symbol.Symbol;
import io.scwatcher.kernel.symbol.Symbols;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/** The kernel's connector, which carries events of processes to user space (drivers/connector/connector.c). */
public final class Connector {
    private static final int MAX_CALLBACKS = 4096;
    /** Where the variables called {@code cdev} are: several subsystems have one, so the whole table is searched, once. */
    private static final Map<Symbols, List<Long>> CANDIDATES = new WeakHashMap<>();

    private Connector() {}

    /** Who listens, each a {@code struct cn_callback_entry}; none where there is no connector. */
    public static List<KObject> callbacks(Kernel kernel) {
        for (long candidate : candidates(kernel.symbols())) {
            try {
                KObject queue = queue(kernel.at(candidate, "cn_dev"));
                if (queue != null) {
                    var list = Lists.list(queue.at("queue_list"), "cn_callback_entry", "callback_entry");
                    return Limited.list(list, MAX_CALLBACKS, "connector callbacks");
                }
            } catch (MemoryFault another) {
                // One of the others: its members mean something else.
            }
        }
        return List.of();
    }

    /** The connector's queue points back to the device's socket; null for what is no connector. */
    private static KObject queue(KObject device) {
        KObject queue = device.ptr("cbdev");
        return device.get("nls") != 0 && queue.get("nls") == device.get("nls") ? queue : null;
    }

    private static List<Long> candidates(Symbols symbols) {
        synchronized (CANDIDATES) {
            return CANDIDATES.computeIfAbsent(symbols,
                    table -> table.all().filter(symbol -> symbol.name().equals("cdev")).map(Symbol::address).toList());
        }
    }
}
