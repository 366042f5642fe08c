package io.scwatcher.kernel.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.symbol.Symbol;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Code addresses in words: {@code %pS}, as in {@code hpet_enable+0xef/0x46d [module]} (kernel/kallsyms.c). */
public final class SymbolNames {
    private final Kernel kernel;
    private final List<Symbol> sorted;
    private final Map<Long, String> known = new HashMap<>();
    private final Map<Long, TreeMap<Long, String>> ofModules = new HashMap<>();
    private List<KObject> modules;

    public SymbolNames(Kernel kernel) {
        this.kernel = kernel;
        this.sorted = kernel.symbols().all()
                .sorted(Comparator.comparing(Symbol::address, Long::compareUnsigned)).toList();
    }

    /** The function with offset and size; a bare address where no symbol contains it. */
    public String describe(long address) {
        return known.computeIfAbsent(address, this::find);
    }

    private String find(long address) {
        if (modules == null) {
            modules = new Modules(kernel).all();
        }
        for (KObject module : modules) {
            if (new Modules(kernel).contains(module, address)) {
                return inModule(module, address);
            }
        }
        int index = lastAtOrBelow(address);
        if (index < 0 || !isInImage(address)) {
            return "0x" + Long.toHexString(address);
        }
        Symbol symbol = sorted.get(index);
        int next = index;
        while (next < sorted.size() && sorted.get(next).address() == symbol.address()) {
            next++;
        }
        long end = next < sorted.size() ? sorted.get(next).address() : symbol.address();
        int first = index;
        while (first > 0 && sorted.get(first - 1).address() == symbol.address()) {
            first--;
        }
        return text(sorted.get(first).name(), address - symbol.address(), end - symbol.address());
    }

    private boolean isInImage(long address) {
        Variables variables = new Variables(kernel);
        return Long.compareUnsigned(address, variables.addressOr("_stext", 0)) >= 0
                && Long.compareUnsigned(address, variables.addressOr("_end", -1)) < 0;
    }

    /** {@code find_kallsyms_symbol}: the nearest symbols around the address, of those that have a name. */
    private String inModule(KObject module, long address) {
        TreeMap<Long, String> symbols = ofModules.computeIfAbsent(module.address(), unread -> {
            TreeMap<Long, String> sorted = new TreeMap<>(Long::compareUnsigned);
            new ModuleSymbols(kernel).forEach(module, symbol -> sorted.putIfAbsent(symbol.address(), symbol.name()));
            return sorted;
        });
        Map.Entry<Long, String> symbol = symbols.floorEntry(address);
        if (symbol == null) {
            return "0x" + Long.toHexString(address);
        }
        Long next = symbols.higherKey(address);
        long end = next == null ? new Modules(kernel).end(module, address) : next;
        return text(symbol.getValue(), address - symbol.getKey(), end - symbol.getKey())
                + " [" + new Modules(kernel).name(module) + "]";
    }

    private int lastAtOrBelow(long address) {
        int low = 0;
        int high = sorted.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Long.compareUnsigned(sorted.get(middle).address(), address) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    private static String text(String name, long offset, long size) {
        return name + "+0x" + Long.toHexString(offset) + "/0x" + Long.toHexString(size);
    }
}
