package io.scwatcher.kernel.symbol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The text that the kernel keeps about itself for crash dump tools (Documentation/admin-guide/kdump/vmcoreinfo.rst):
 * {@code KEY=VALUE} lines, addresses already those of this boot.
 */
public final class VmcoreInfo {
    private final byte[] text;
    private final Map<String, String> entries;

    private VmcoreInfo(byte[] text, Map<String, String> entries) {
        this.text = text;
        this.entries = entries;
    }

    /** Parses the note's text; lines without {@code =} are skipped. */
    public static VmcoreInfo parse(byte[] text, int offset, int length) {
        Map<String, String> entries = new HashMap<>();
        int end = offset;
        while (end < offset + length && text[end] != 0) {
            end++;
        }
        int line = offset;
        while (line < end) {
            int equals = -1;
            int next = line;
            while (next < end && text[next] != '\n') {
                if (text[next] == '=' && equals < 0) {
                    equals = next;
                }
                next++;
            }
            if (equals > line) {
                String key = new String(text, line, equals - line, StandardCharsets.ISO_8859_1);
                String value = new String(text, equals + 1, next - equals - 1, StandardCharsets.ISO_8859_1);
                entries.putIfAbsent(key, value);
            }
            line = next + 1;
        }
        return new VmcoreInfo(Arrays.copyOfRange(text, offset, end), entries);
    }

    /** The note's text. */
    public byte[] text() {
        return text.clone();
    }

    /** The value of a line, or null. */
    public String get(String key) {
        return entries.get(key);
    }

    /** {@code UTS_RELEASE}, or "" if the text has none. */
    public String release() {
        return entries.getOrDefault("OSRELEASE", "");
    }

    /** {@code SYMBOL(name)}, hexadecimal. */
    public OptionalLong symbol(String name) {
        return parse("SYMBOL(" + name + ")", 16);
    }

    /** {@code NUMBER(name)}, decimal. */
    public OptionalLong number(String name) {
        return parse("NUMBER(" + name + ")", 10);
    }

    /** {@code SIZE(name)}, bytes. */
    public OptionalLong size(String name) {
        return parse("SIZE(" + name + ")", 10);
    }

    /** A line whose key stands alone, hexadecimal, as {@code KERNELOFFSET}. */
    public OptionalLong hexadecimal(String key) {
        return parse(key, 16);
    }

    private OptionalLong parse(String key, int radix) {
        String value = entries.get(key);
        if (value == null) {
            return OptionalLong.empty();
        }
        try {
            boolean negative = value.startsWith("-");
            long magnitude = Long.parseUnsignedLong(negative ? value.substring(1) : value, radix);
            return OptionalLong.of(negative ? -magnitude : magnitude);
        } catch (NumberFormatException broken) {
            return OptionalLong.empty();
        }
    }
}
