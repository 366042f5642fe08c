package io.scwatcher.kernel.task;

import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.memory.VirtualMemory;
import io.scwatcher.kernel.symbol.Symbols;
import java.util.Map;
import java.util.OptionalLong;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What only the kernel's own code and constants tell, where neither types nor symbols do: which texts it can print and
 * which functions call which. Found once for each boot of a guest and valid in all its epochs.
 */
public final class KernelTraits {
    private static final int LARGEST_SECTION = 128 << 20;
    private static final int LARGEST_FUNCTION = 64 << 10;
    private static final int CALL = 0xe8;
    private static final int CALL_LENGTH = 5;

    private static final Map<Symbols, KernelTraits> OF_BOOT = new WeakHashMap<>();

    private final Map<String, Boolean> known = new ConcurrentHashMap<>();

    private KernelTraits() {}

    /** The symbols are shared by all epochs of a boot and only by them. */
    public static KernelTraits of(Kernel kernel) {
        synchronized (OF_BOOT) {
            return OF_BOOT.computeIfAbsent(kernel.symbols(), symbols -> new KernelTraits());
        }
    }

    /** Whether a text lies in the kernel's constants, and so can be printed; true where they cannot be read. */
    public boolean hasText(Kernel kernel, String text) {
        return known.computeIfAbsent("text " + text, key -> {
            OptionalLong start = kernel.symbols().find("__start_rodata");
            OptionalLong end = kernel.symbols().find("__end_rodata");
            return start.isEmpty() || end.isEmpty() || contains(kernel.memory(), start.getAsLong(), end.getAsLong(), text);
        });
    }

    /** Whether a function calls another one directly (x86-64); false where it cannot be read. */
    public boolean calls(Kernel kernel, String caller, String callee) {
        return known.computeIfAbsent("call " + caller + " " + callee, key -> {
            OptionalLong from = kernel.symbols().find(caller);
            OptionalLong to = kernel.symbols().find(callee);
            return from.isPresent() && to.isPresent()
                    && callsWithin(kernel.memory(), from.getAsLong(), size(kernel, caller, from.getAsLong()), to.getAsLong());
        });
    }

    private static int size(Kernel kernel, String name, long start) {
        int size = 16;
        while (size < LARGEST_FUNCTION) {
            var owner = kernel.symbols().containing(start + size);
            if (owner == null || owner.address() != start) {
                break;
            }
            size += 16;
        }
        return size;
    }

    private static boolean callsWithin(VirtualMemory memory, long start, int size, long target) {
        byte[] code = new byte[size];
        int length = memory.readSome(start, code, 0, size);
        for (int i = 0; i + CALL_LENGTH <= length; i++) {
            if ((code[i] & 0xff) == CALL) {
                int distance = code[i + 1] & 0xff | (code[i + 2] & 0xff) << 8 | (code[i + 3] & 0xff) << 16
                        | code[i + 4] << 24;
                if (start + i + CALL_LENGTH + distance == target) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean contains(VirtualMemory memory, long start, long end, String text) {
        byte[] wanted = text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        byte[] window = new byte[1 << 20];
        int overlap = wanted.length - 1;
        long last = Math.min(end, start + LARGEST_SECTION);
        for (long at = start; at < last; at += window.length - overlap) {
            int length = memory.readSome(at, window, 0, (int) Math.min(window.length, last - at));
            if (indexOf(window, length, wanted) >= 0) {
                return true;
            }
        }
        return false;
    }

    private static int indexOf(byte[] haystack, int length, byte[] needle) {
        outer:
        for (int i = 0; i + needle.length <= length; i++) {
            for (int j = 0; j < needle.length; j++) {
                if (haystack[i + j] != needle[j]) {
                    continue outer;
                }
            }
            return i;
        }
        return -1;
    }
}
