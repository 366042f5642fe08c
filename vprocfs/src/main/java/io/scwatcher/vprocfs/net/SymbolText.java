package io.scwatcher.vprocfs.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.symbol.Symbol;
import io.scwatcher.kernel.system.ModuleSymbols;
import io.scwatcher.kernel.system.Modules;

/** {@code %ps}: the function at an address, with its module (kernel/kallsyms.c, sprint_symbol_no_offset). */
final class SymbolText {
    private SymbolText() {}

    static String of(Kernel kernel, long address) {
        long start = kernel.symbols().find("_stext").orElse(0);
        long end = kernel.symbols().find("_end").orElse(0);
        if (Long.compareUnsigned(address, start) >= 0 && Long.compareUnsigned(address, end) < 0) {
            Symbol symbol = kernel.symbols().containing(address);
            if (symbol != null) {
                return symbol.name();
            }
        }
        Modules modules = new Modules(kernel);
        for (KObject module : modules.all()) {
            String name = nearest(kernel, module, address);
            if (name != null) {
                return name + " [" + modules.name(module) + "]";
            }
        }
        return "0x" + Long.toHexString(address);
    }

    /** The symbol that starts at the address, as functions that are called do; null if it is not in this module. */
    private static String nearest(Kernel kernel, KObject module, long address) {
        String[] found = new String[1];
        new ModuleSymbols(kernel).forEach(module, symbol -> {
            if (symbol.address() == address && found[0] == null) {
                found[0] = symbol.name();
            }
        });
        return found[0];
    }
}
