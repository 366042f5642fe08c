package io.scwatcher.vprocfs;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The text of a proc file while it is being printed: what {@code seq_file} is to the kernel. Strings carry one
 * {@code char} for each byte (ISO 8859-1). Bounded, since a hostile guest decides how much there is to print.
 */
public final class ProcText {
    /** No proc file of a sane guest is larger; kallsyms of a full distribution kernel takes about 15 MB. */
    static final int LIMIT = 256 << 20;

    private static final byte[] HEX_DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes = new byte[1024];
    private int size;

    /** Appends a string as it is. */
    public ProcText put(String text) {
        int length = text.length();
        reserve(length);
        text.getBytes(0, length, bytes, size);
        size += length;
        return this;
    }

    public ProcText put(char c) {
        reserve(1);
        bytes[size++] = (byte) c;
        return this;
    }

    public ProcText put(byte[] source, int offset, int length) {
        reserve(length);
        System.arraycopy(source, offset, bytes, size, length);
        size += length;
        return this;
    }

    /** {@code %lld}. */
    public ProcText dec(long value) {
        return decimal(value, 0, ' ');
    }

    /** {@code %*lld}: right-aligned in {@code width}. */
    public ProcText dec(long value, int width) {
        return decimal(value, width, ' ');
    }

    /** {@code %llu}. */
    public ProcText unsigned(long value) {
        return unsigned(value, 0);
    }

    /** {@code %*llu}. */
    public ProcText unsigned(long value, int width) {
        return value >= 0 ? decimal(value, width, ' ') : right(Long.toUnsignedString(value), width, ' ');
    }

    /** {@code %0*lld} of a value that is not negative. */
    public ProcText zeroPadded(long value, int width) {
        return decimal(value, width, '0');
    }

    /** {@code %llx}. */
    public ProcText hex(long value) {
        return hex(value, 0);
    }

    /** {@code %0*llx}. */
    public ProcText hex(long value, int width) {
        int digits = Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(value) + 3) / 4);
        pad(width - digits, '0');
        reserve(digits);
        for (int digit = digits - 1; digit >= 0; digit--) {
            bytes[size++] = HEX_DIGITS[(int) (value >>> 4 * digit) & 0xf];
        }
        return this;
    }

    /** {@code %0*llX}. */
    public ProcText upperHex(long value, int width) {
        return right(Long.toHexString(value).toUpperCase(java.util.Locale.ROOT), width, '0');
    }

    /** {@code %llo}. */
    public ProcText octal(long value) {
        return put(Long.toOctalString(value));
    }

    /** {@code %*s}: right-aligned. */
    public ProcText right(String text, int width) {
        return right(text, width, ' ');
    }

    /** {@code %-*s}: left-aligned. */
    public ProcText left(String text, int width) {
        put(text);
        return pad(width - text.length(), ' ');
    }

    /** {@code seq_pad} and the like: {@code count} times the character, nothing if negative. */
    public ProcText pad(int count, char c) {
        for (int i = 0; i < count; i++) {
            put(c);
        }
        return this;
    }

    /** {@code seq_escape}: the characters of {@code special} and the backslash as three octal digits. */
    public ProcText escaped(String text, String special) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' || special.indexOf(c) >= 0) {
                put('\\').put((char) ('0' + (c >> 6 & 3))).put((char) ('0' + (c >> 3 & 7))).put((char) ('0' + (c & 7)));
            } else {
                put(c);
            }
        }
        return this;
    }

    /** {@link String#format} for the rare line that is clearer so; slow. */
    public ProcText format(String format, Object... arguments) {
        return put(String.format(java.util.Locale.ROOT, format, arguments));
    }

    /** Bytes printed so far. */
    public int size() {
        return size;
    }

    /** Forgets what was printed behind {@code size}. */
    public void truncate(int newSize) {
        size = Math.min(size, newSize);
    }

    /** Copies what was printed from {@code position} on. @return bytes copied, 0 behind the end */
    int read(long position, byte[] destination, int offset, int length) {
        if (position < 0 || position >= size) {
            return 0;
        }
        int count = (int) Math.min(length, size - position);
        System.arraycopy(bytes, (int) position, destination, offset, count);
        return count;
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    @Override
    public String toString() {
        return new String(bytes, 0, size, StandardCharsets.ISO_8859_1);
    }

    private ProcText decimal(long value, int width, char filler) {
        if (value < 0) {
            return right(Long.toString(value), width, filler);
        }
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        pad(width - digits, filler);
        reserve(digits);
        long rest = value;
        for (int at = size + digits - 1; at >= size; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        size += digits;
        return this;
    }

    private ProcText right(String text, int width, char filler) {
        pad(width - text.length(), filler);
        return put(text);
    }

    private void reserve(int more) {
        if (size + more > bytes.length) {
            if (size + more > LIMIT || size + more < 0) {
                throw new TextTooLong();
            }
            bytes = Arrays.copyOf(bytes, Math.max(size + more, Math.min(LIMIT, bytes.length * 2)));
        }
    }

    /** More than {@link #LIMIT} bytes: what was printed so far stands. */
    static final class TextTooLong extends RuntimeException {
        TextTooLong() {
            super("a proc file of more than " + LIMIT + " bytes", null, false, false);
        }
    }
}
