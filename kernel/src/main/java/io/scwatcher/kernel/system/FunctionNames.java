package io.scwatcher.kernel.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.symbol.Symbol;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Which function a callback is: by the symbols of the kernel and, where those end, of its modules. */
public final class FunctionNames {
    private final Kernel kernel;
    private final Map<Long, String> known = new ConcurrentHashMap<>();
    private Map<Long, String> modules;

    public FunctionNames(Kernel kernel) {
        this.kernel = kernel;
    }

    /** The name of the function that starts at an address; empty if none does. */
    public String name(long address) {
        return known.computeIfAbsent(address, this::find);
    }

    private String find(long address) {
        Symbol symbol = kernel.symbols().containing(address);
        return symbol != null && symbol.address() == address ? symbol.name()
                : moduleFunctions().getOrDefault(address, "");
    }

    private synchronized Map<Long, String> moduleFunctions() {
        if (modules == null) {
            Map<Long, String> functions = new HashMap<>();
            ModuleSymbols symbols = new ModuleSymbols(kernel);
            for (KObject module : new Modules(kernel).all()) {
                symbols.forEach(module, symbol -> functions.putIfAbsent(symbol.address(), symbol.name()));
            }
            modules = functions;
        }
        return modules;
    }
}
