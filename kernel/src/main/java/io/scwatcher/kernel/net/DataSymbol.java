package io.scwatcher.kernel.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.system.ModuleSymbols;
import io.scwatcher.kernel.system.Modules;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * A variable of the kernel or of a module, with its extent as far as the next symbol tells it.
 *
 * @param start its address
 * @param end where the next symbol of its module starts; 0 for variables of the kernel itself
 */
public record DataSymbol(Kernel kernel, long start, long end) {
    /**
     * The variable of that name.
     *
     * @param module where it is if the kernel itself has none
     */
    public static Optional<DataSymbol> find(Kernel kernel, String module, String name) {
        OptionalLong own = kernel.symbols().find(name);
        if (own.isPresent()) {
            return Optional.of(new DataSymbol(kernel, own.getAsLong(), 0));
        }
        Modules modules = new Modules(kernel);
        for (KObject each : modules.all()) {
            if (modules.name(each).equals(module)) {
                return ofModule(kernel, each, name);
            }
        }
        return Optional.empty();
    }

    private static Optional<DataSymbol> ofModule(Kernel kernel, KObject module, String name) {
        TreeSet<Long> starts = new TreeSet<>();
        long[] found = new long[1];
        new ModuleSymbols(kernel).forEach(module, symbol -> {
            starts.add(symbol.address());
            if (symbol.name().equals(name)) {
                found[0] = symbol.address();
            }
        });
        Long next = found[0] == 0 ? null : starts.higher(found[0]);
        return found[0] == 0 ? Optional.empty()
                : Optional.of(new DataSymbol(kernel, found[0], next == null ? Long.MAX_VALUE : next));
    }

    /** Whether an address belongs to this variable and not to the one behind it. */
    public boolean contains(long address) {
        if (end == 0) {
            return address == start || kernel.symbols().containing(address).address() == start;
        }
        return Long.compareUnsigned(address, end) < 0;
    }
}
