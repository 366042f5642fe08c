package io.scwatcher.kernel.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.symbol.Symbol;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Code addresses in words: {@code %pS}, as in {@code hpet_enable+0xef/0x46d [module]} (kernel/kallsyms.c). */
public final class SymbolNames {
    private final Kernel kernel;
    private final List<Symbol> sorted;
    private final Map<Long, String> known = new HashMap<>();

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
        for (KObject module : new Modules(kernel).all()) {
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
        List<ModuleSymbols.Entry> around = new ArrayList<>(2);
        around.add(null);
        around.add(null);
        new ModuleSymbols(kernel).forEach(module, symbol -> {
            boolean isBelow = Long.compareUnsigned(symbol.address(), address) <= 0;
            ModuleSymbols.Entry known = around.get(isBelow ? 0 : 1);
            int order = known == null ? 1 : Long.compareUnsigned(symbol.address(), known.address());
            if (known == null || (isBelow ? order > 0 : order < 0)) {
                around.set(isBelow ? 0 : 1, symbol);
            }
        });
        ModuleSymbols.Entry symbol = around.get(0);
        if (symbol == null) {
            return "0x" + Long.toHexString(address);
        }
        long end = around.get(1) == null ? new Modules(kernel).end(module, address) : around.get(1).address();
        return text(symbol.name(), address - symbol.address(), end - symbol.address())
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
