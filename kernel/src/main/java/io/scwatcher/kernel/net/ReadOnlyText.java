package io.scwatcher.kernel.net;

import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.symbol.Symbols;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whether a text is among the kernel's constants. The last resort where a format changed and neither types nor symbols
 * tell: the kernel's own format string does. Looked for once for each kernel, since constants stay.
 */
public final class ReadOnlyText {
    private static final Map<Symbols, Map<String, Boolean>> KNOWN = new WeakHashMap<>();
    private static final int LIMIT = 64 << 20;
    private static final int CHUNK = 1 << 20;

    private ReadOnlyText() {}

    /** Whether the kernel itself (not a module) has this text; false where its constants cannot be found. */
    public static boolean contains(Kernel kernel, String text) {
        Map<String, Boolean> known;
        synchronized (KNOWN) {
            known = KNOWN.computeIfAbsent(kernel.symbols(), symbols -> new ConcurrentHashMap<>());
        }
        return known.computeIfAbsent(text, wanted -> search(kernel, wanted));
    }

    private static boolean search(Kernel kernel, String text) {
        long start = kernel.symbols().find("__start_rodata").orElse(0);
        long end = kernel.symbols().find("__end_rodata").orElse(0);
        if (start == 0 || end - start <= 0 || end - start > LIMIT) {
            return false;
        }
        byte[] chunk = new byte[CHUNK + text.length()];
        for (long at = start; at < end; at += CHUNK) {
            int length = (int) Math.min(chunk.length, end - at);
            int read = kernel.memory().readSome(at, chunk, 0, length);
            if (new String(chunk, 0, read, StandardCharsets.ISO_8859_1).contains(text)) {
                return true;
            }
        }
        return false;
    }
}
