package io.scwatcher.kernel.task;

import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.symbol.Symbol;
import io.scwatcher.kernel.symbol.Symbols;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * What only the kernel's own code tells, where neither types nor symbols do: which texts a function prints and which
 * functions it calls. Found once for each boot of a guest and valid in all its epochs.
 */
public final class KernelTraits {
    private static final Map<Symbols, Map<String, Object>> OF_BOOT = new WeakHashMap<>();

    private KernelTraits() {}

    /**
     * Whether one of the functions refers to a text that contains the given one. Where none of them can be examined (no
     * such symbols, code of another architecture), all constants of the kernel are searched; where these cannot be read
     * either, the answer is true.
     */
    public static boolean hasText(Kernel kernel, String text, String... functions) {
        return remember(kernel, "text " + text, () -> {
            boolean examined = false;
            for (String function : functions) {
                FunctionCode code = code(kernel, function);
                if (code != null && code.hasTexts()) {
                    examined = true;
                    if (code.refersTo(text)) {
                        return true;
                    }
                }
            }
            return !examined && FunctionCode.isAmongConstants(kernel, text);
        });
    }

    /** Whether a function calls another one directly (x86-64); false where it cannot be read. */
    public static boolean calls(Kernel kernel, String caller, String callee) {
        return remember(kernel, "call " + caller + ' ' + callee, () -> {
            FunctionCode code = code(kernel, caller);
            var target = kernel.symbols().find(callee);
            return code != null && target.isPresent() && code.calls(target.getAsLong());
        });
    }

    /** Whether a function's code has a 32-bit constant in it (x86-64); false where it cannot be read. */
    public static boolean uses(Kernel kernel, String function, int constant) {
        return remember(kernel, "constant " + function + ' ' + constant, () -> {
            FunctionCode code = code(kernel, function);
            return code != null && code.has(constant);
        });
    }

    /** Computes something once for a boot: of symbols, types and what cannot be written to. */
    @SuppressWarnings("unchecked")
    public static <T> T remember(Kernel kernel, String key, Supplier<T> maker) {
        Map<String, Object> known;
        synchronized (OF_BOOT) {
            // The symbols are shared by all epochs of a boot and only by them.
            known = OF_BOOT.computeIfAbsent(kernel.symbols(), symbols -> new ConcurrentHashMap<>());
        }
        Object value = known.get(key);
        if (value == null) {
            value = maker.get();
            known.put(key, value);
        }
        return (T) value;
    }

    private static FunctionCode code(Kernel kernel, String function) {
        Object code = remember(kernel, "code " + function, () -> {
            var start = kernel.symbols().find(function);
            return start.isEmpty() ? Boolean.FALSE : FunctionCode.read(kernel, start.getAsLong(), size(kernel, start.getAsLong()));
        });
        return code instanceof FunctionCode known ? known : null;
    }

    private static int size(Kernel kernel, long start) {
        int size = FunctionCode.ALIGNMENT;
        while (size < FunctionCode.LARGEST) {
            Symbol owner = kernel.symbols().containing(start + size);
            if (owner == null || owner.address() != start) {
                break;
            }
            size += FunctionCode.ALIGNMENT;
        }
        return size;
    }
}
