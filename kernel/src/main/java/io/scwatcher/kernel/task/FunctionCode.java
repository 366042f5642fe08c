package io.scwatcher.kernel.task;

import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.memory.VirtualMemory;
import java.nio.charset.StandardCharsets;

/** The machine code of one kernel function, looked at for the constants and functions that it refers to (x86-64). */
final class FunctionCode {
    static final int LARGEST = 64 << 10;
    static final int ALIGNMENT = 16;
    private static final int LARGEST_SECTION = 128 << 20;
    private static final int LONGEST_TEXT = 512;
    private static final int CALL = 0xe8;
    private static final int CALL_LENGTH = 5;
    private static final char SEPARATOR = 0;
    private static final int S_IFMT = 0170000;
    private static final int S_IFREG = 0100000;
    private static final int LONGEST_TEST = 12;

    private final byte[] code;
    private final long start;
    private final String texts;

    private FunctionCode(byte[] code, long start, String texts) {
        this.code = code;
        this.start = start;
        this.texts = texts;
    }

    static FunctionCode read(Kernel kernel, long start, int size) {
        byte[] code = new byte[size];
        int length = kernel.memory().readSome(start, code, 0, size);
        byte[] readable = java.util.Arrays.copyOf(code, length);
        return new FunctionCode(readable, start, texts(kernel, readable, start));
    }

    boolean hasTexts() {
        return !texts.isEmpty();
    }

    boolean refersTo(String text) {
        return texts.contains(text);
    }

    boolean calls(long target) {
        for (int i = 0; i + CALL_LENGTH <= code.length; i++) {
            if ((code[i] & 0xff) == CALL && start + i + CALL_LENGTH + word(code, i + 1) == target) {
                return true;
            }
        }
        return false;
    }

    /** Whether it reads or writes a variable, by its distance from the end of the instruction that has it last. */
    boolean uses(long address) {
        for (int i = 0; i + Integer.BYTES <= code.length; i++) {
            if (start + i + Integer.BYTES + word(code, i) == address) {
                return true;
            }
        }
        return false;
    }

    /** The 64-bit constant that it loads (MOVABS: REX.W B8+rd) and that has all bits of {@code mask}; 0 if none. */
    long loaded(long mask) {
        for (int i = 0; i + 2 + Long.BYTES <= code.length; i++) {
            if ((code[i] & 0xfe) == 0x48 && (code[i + 1] & 0xf8) == 0xb8) {
                long value = word(code, i + 2) & 0xffff_ffffL | (long) word(code, i + 6) << 32;
                if ((value & mask) == mask) {
                    return value;
                }
            }
        }
        return 0;
    }

    /** {@code (mode & S_IFMT) == S_IFREG}: both constants, of 16 or 32 bits, one shortly behind the other. */
    boolean asksForRegularFile() {
        for (int i = 0; i + Short.BYTES <= code.length; i++) {
            for (int j = i + Short.BYTES; isHalf(i, S_IFMT) && j < Math.min(i + LONGEST_TEST, code.length - 1); j++) {
                if (isHalf(j, S_IFREG)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isHalf(int at, int constant) {
        return (code[at] & 0xff | (code[at + 1] & 0xff) << 8) == constant;
    }

    boolean has(int constant) {
        for (int i = 0; i + Integer.BYTES <= code.length; i++) {
            if (word(code, i) == constant) {
                return true;
            }
        }
        return false;
    }

    /** Every 32 bits that, as an address or as a distance, lead to a text among the kernel's constants. */
    private static String texts(Kernel kernel, byte[] code, long start) {
        long low = kernel.symbols().find("__start_rodata").orElse(0);
        long high = kernel.symbols().find("__end_rodata").orElse(0);
        StringBuilder found = new StringBuilder();
        for (int i = 0; i + Integer.BYTES <= code.length; i++) {
            int word = word(code, i);
            append(kernel.memory(), word, low, high, found);
            append(kernel.memory(), start + i + Integer.BYTES + word, low, high, found);
        }
        return found.toString();
    }

    private static void append(VirtualMemory memory, long address, long low, long high, StringBuilder found) {
        if (Long.compareUnsigned(address, low) < 0 || Long.compareUnsigned(address, high) >= 0
                || !memory.isMapped(address)) {
            return;
        }
        String text = memory.string(address, LONGEST_TEXT);
        if (!text.isEmpty() && isPrintable(text)) {
            found.append(text).append(SEPARATOR);
        }
    }

    private static boolean isPrintable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x7f || c < ' ' && c != '\n' && c != '\t') {
                return false;
            }
        }
        return true;
    }

    private static int word(byte[] code, int at) {
        return code[at] & 0xff | (code[at + 1] & 0xff) << 8 | (code[at + 2] & 0xff) << 16 | code[at + 3] << 24;
    }

    /** Whether a text lies anywhere among the kernel's constants; true where they cannot be read. */
    static boolean isAmongConstants(Kernel kernel, String text) {
        long start = kernel.symbols().find("__start_rodata").orElse(0);
        long end = kernel.symbols().find("__end_rodata").orElse(0);
        if (start == 0 || end == 0) {
            return true;
        }
        return isBetween(kernel, text, start, end);
    }

    /** Whether a text of ISO 8859-1 lies anywhere in an area of memory, as far as that can be read. */
    static boolean isBetween(Kernel kernel, String text, long start, long end) {
        byte[] window = new byte[1 << 20];
        int overlap = text.length() - 1;
        long last = Math.min(end, start + LARGEST_SECTION);
        for (long at = start; at < last; at += window.length - overlap) {
            int length = kernel.memory().readSome(at, window, 0, (int) Math.min(window.length, last - at));
            if (new String(window, 0, length, StandardCharsets.ISO_8859_1).contains(text)) {
                return true;
            }
        }
        return false;
    }
}
