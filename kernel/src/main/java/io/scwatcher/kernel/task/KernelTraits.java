package io.scwatcher.kernel.task;

import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.symbol.Symbol;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * What only the kernel's own code tells, where neither types nor symbols do: which texts a function prints and which
 * functions it calls. Found once for each boot of a guest and valid in all its epochs.
 */
public final class KernelTraits {
    private KernelTraits() {}

    /**
     * Whether one of the functions refers to a text that contains the given one. Where none of them can be examined (no
     * such symbols, code of another architecture), all constants of the kernel are searched; where these cannot be read
     * either, the answer is true.
     */
    public static boolean hasText(Kernel kernel, String text, String... functions) {
        return remember(kernel, List.of("text", text, Arrays.asList(functions)), () -> {
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
        return remember(kernel, List.of("call", caller, callee), () -> {
            FunctionCode code = code(kernel, caller);
            var target = kernel.symbols().find(callee);
            return code != null && target.isPresent() && code.calls(target.getAsLong());
        });
    }

    /** Whether a function uses a variable of the kernel (x86-64); false where it cannot be read. */
    public static boolean usesVariable(Kernel kernel, String function, String variable) {
        return remember(kernel, List.of("variable", function, variable), () -> {
            FunctionCode code = code(kernel, function);
            var place = kernel.symbols().find(variable);
            return code != null && place.isPresent() && code.uses(place.getAsLong());
        });
    }

    /** The 64-bit constant that a function loads and that has all bits of a mask (x86-64); 0 where it cannot be read. */
    public static long loadedConstant(Kernel kernel, String function, long mask) {
        return remember(kernel, List.of("loaded", function, mask), () -> {
            FunctionCode code = code(kernel, function);
            return code == null ? 0L : code.loaded(mask);
        });
    }

    /** Whether a function's code has a test for {@code S_ISREG} in it (x86-64); false where it cannot be read. */
    public static boolean asksForRegularFile(Kernel kernel, String function) {
        return remember(kernel, "S_ISREG", function, () -> {
            FunctionCode code = code(kernel, function);
            return code != null && code.asksForRegularFile();
        });
    }

    /** Whether a function's code has a 32-bit constant in it (x86-64); false where it cannot be read. */
    public static boolean uses(Kernel kernel, String function, int constant) {
        return remember(kernel, List.of("constant", function, constant), () -> {
            FunctionCode code = code(kernel, function);
            return code != null && code.has(constant);
        });
    }

    /** Whether an area of memory, such as a module's, holds a text; not remembered. */
    public static boolean isTextBetween(Kernel kernel, String text, long start, long end) {
        return FunctionCode.isBetween(kernel, text, start, end);
    }

    /** Whether the kernel's constants hold a text; true where they cannot be read. */
    public static boolean isTextOfKernel(Kernel kernel, String text) {
        return remember(kernel, "constants", text, () -> FunctionCode.isAmongConstants(kernel, text));
    }

    /** Computes something once for a boot: of symbols, types and what cannot be written to. */
    public static <T> T remember(Kernel kernel, String kind, String about, Supplier<T> maker) {
        return remember(kernel, List.of(kind, about), maker);
    }

    @SuppressWarnings("unchecked")
    private static <T> T remember(Kernel kernel, List<?> question, Supplier<T> maker) {
        Object value = kernel.bootFacts().get(question);
        if (value == null) {
            value = maker.get();
            kernel.bootFacts().put(question, value);
        }
        return (T) value;
    }

    private static FunctionCode code(Kernel kernel, String function) {
        Object code = remember(kernel, "code", function, () -> {
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
