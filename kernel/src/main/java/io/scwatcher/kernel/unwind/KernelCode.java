package io.scwatcher.kernel.unwind;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.symbol.Symbol;
import io.scwatcher.kernel.system.ModuleSymbols;
import io.scwatcher.kernel.system.Modules;
import io.scwatcher.kernel.type.CType;
import java.util.ArrayList;
import java.util.List;

/** What code lies at a kernel address: of the image or of a module (kernel/kallsyms.c, kernel/module/main.c). */
public final class KernelCode {
    private static final int LARGEST_FUNCTION = 1 << 24;

    private final Kernel kernel;
    private final long start;
    private final long end;
    private final List<Range> modules = new ArrayList<>();

    /** A module's memory. */
    private record Range(long start, long end, KObject module) {}

    /**
     * A place in the code.
     *
     * @param offset from the symbol's start
     * @param size of what the symbol names
     * @param module in which it lies, or null
     */
    public record Place(String symbol, long offset, long size, String module) {}

    public KernelCode(Kernel kernel) {
        this.kernel = kernel;
        this.start = kernel.symbols().find("_stext").orElse(0);
        this.end = kernel.symbols().find("_etext").orElse(0);
        for (KObject module : new Modules(kernel).all()) {
            addModule(module);
        }
    }

    /** Whether it can be a return address: {@code __kernel_text_address}. */
    boolean isText(long address) {
        return isImage(address) || module(address) != null;
    }

    /** {@code in_sched_functions}: the scheduler and the locks, which tell nothing of why a task sleeps. */
    boolean isScheduler(long address) {
        return between(address, "__sched_text_start", "__sched_text_end")
                || between(address, "__lock_text_start", "__lock_text_end");
    }

    /** The module's {@code struct module} around an address, or null. */
    KObject module(long address) {
        for (Range range : modules) {
            if (Long.compareUnsigned(address - range.start, range.end - range.start) < 0) {
                return range.module;
            }
        }
        return null;
    }

    /** {@code kallsyms_lookup}: null where no symbol is known. */
    public Place find(long address) {
        KObject module = module(address);
        return module == null ? imagePlace(address) : modulePlace(module, address);
    }

    private Place imagePlace(long address) {
        Symbol symbol = kernel.symbols().containing(address);
        if (symbol == null || !isImage(address)) {
            return null;
        }
        return new Place(symbol.name(), address - symbol.address(), size(symbol), null);
    }

    /** Up to the next symbol, found by doubling and halving. */
    private long size(Symbol symbol) {
        long low = 1;
        long high = 16;
        while (high < LARGEST_FUNCTION && isSame(symbol, high)) {
            low = high;
            high *= 2;
        }
        while (high - low > 1) {
            long middle = (low + high) / 2;
            if (isSame(symbol, middle)) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low + 1;
    }

    private boolean isSame(Symbol symbol, long offset) {
        Symbol there = kernel.symbols().containing(symbol.address() + offset);
        return there != null && there.address() == symbol.address();
    }

    /** {@code find_kallsyms_symbol}: the nearest below, its size up to the nearest above. */
    private Place modulePlace(KObject module, long address) {
        String[] best = new String[1];
        long[] bounds = {0, -1};
        new ModuleSymbols(kernel).forEach(module, symbol -> {
            long at = symbol.address();
            if (Long.compareUnsigned(at, address) <= 0 && Long.compareUnsigned(at, bounds[0]) > 0) {
                bounds[0] = at;
                best[0] = symbol.name();
            }
            if (Long.compareUnsigned(at, address) > 0 && Long.compareUnsigned(at, bounds[1]) < 0) {
                bounds[1] = at;
            }
        });
        String name = new Modules(kernel).name(module);
        return best[0] == null ? null : new Place(best[0], address - bounds[0], bounds[1] - bounds[0], name);
    }

    private boolean isImage(long address) {
        return Long.compareUnsigned(address, start) >= 0 && Long.compareUnsigned(address, end) < 0;
    }

    private boolean between(long address, String first, String last) {
        long from = kernel.symbols().find(first).orElse(0);
        long to = kernel.symbols().find(last).orElse(0);
        return Long.compareUnsigned(address, from) >= 0 && Long.compareUnsigned(address, to) < 0;
    }

    private void addModule(KObject module) {
        if (module.has("mem")) {
            KObject memory = module.at("mem");
            int kinds = memory.type() instanceof CType.Array array ? array.length() : 0;
            for (int i = 0; i < kinds; i++) {
                addRange(memory.index(i), module);
            }
        } else {
            addRange(module.at("core_layout"), module);
            addRange(module.at("init_layout"), module);
        }
    }

    private void addRange(KObject layout, KObject module) {
        long base = layout.get("base");
        long size = layout.get("size") & 0xffff_ffffL;
        if (base != 0 && size != 0) {
            modules.add(new Range(base, base + size, module));
        }
    }
}
