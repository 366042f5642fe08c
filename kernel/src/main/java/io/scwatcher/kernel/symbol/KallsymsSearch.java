package io.scwatcher.kernel.symbol;

import io.scwatcher.kernel.memory.KernelImage;
import java.util.Arrays;

/**
 * Searches an image for the {@code kallsyms} tables, whose order and alignment changed over the years:
 *
 * <pre>
 * until 6.3:  addresses | offsets, relative_base; num_syms, names, markers, [seqs_of_names], token_table, token_index
 * from 6.4:   num_syms, names, markers, token_table, token_index, offsets, relative_base, seqs_of_names
 * from 7.0:   the same without relative_base, aligned to 4 bytes where it was 8
 * </pre>
 *
 * The anchor is the token table: its entries for the ten digits stand side by side. From there the token index is
 * reached, then the count in front of the names, which is proved by the markers behind them.
 */
final class KallsymsSearch {
    private static final int CHUNK = 1 << 22;
    private static final int INDEX_BYTES = 2 * KallsymsNames.TOKENS;
    private static final int MAX_TOKEN_TABLE = 1 << 14;
    /** How far in front of the token table the count may stand. */
    private static final int MAX_NAMES = 24 << 20;
    private static final int MARKER_INTERVAL = 256;
    private static final int MIN_SYMBOLS = 256;

    private final KernelImage image;

    /** Turns located tables into a verified symbol table, or null. */
    interface Decoder {
        Kallsyms decode(KallsymsNames names, long table, long baseAt, AddressEncoding encoding);
    }

    KallsymsSearch(KernelImage image) {
        this.image = image;
    }

    Kallsyms find(Decoder decoder) {
        byte[] chunk = new byte[CHUNK + MAX_TOKEN_TABLE];
        for (long at = image.start(); at < image.end(); at += CHUNK) {
            int length = (int) Math.min(chunk.length, image.end() - at);
            if (!image.read(at, chunk, 0, length)) {
                return null;
            }
            for (int digits = nextDigits(chunk, 0, length); digits >= 0; digits = nextDigits(chunk, digits + 20, length)) {
                Kallsyms found = digits < CHUNK ? around(at + digits, decoder) : null;
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    /** The next {@code "0\0" "1\0" ... "9\0"}, or -1. Of any 19 bytes in it, two neighbours are a digit and a zero. */
    private static int nextDigits(byte[] bytes, int from, int length) {
        for (int i = from; i + 40 < length; i += 18) {
            int even = bytes[i + 1] == 0 ? i : i + 1;
            int digit = bytes[even] - '0';
            if (digit >= 0 && digit <= 9 && bytes[even + 1] == 0) {
                int start = even - 2 * digit;
                if (start >= from && isDigits(bytes, start)) {
                    return start;
                }
            }
        }
        return -1;
    }

    private static boolean isDigits(byte[] bytes, int start) {
        for (int d = 0; d < 10; d++) {
            if (bytes[start + 2 * d] != '0' + d || bytes[start + 2 * d + 1] != 0) {
                return false;
            }
        }
        return true;
    }

    private Kallsyms around(long digits, Decoder decoder) {
        byte[] after = image.read(digits, (int) Math.min(MAX_TOKEN_TABLE, image.end() - digits));
        if (after == null) {
            return null;
        }
        int end = 0;
        for (int token = '0'; token < KallsymsNames.TOKENS; token++) {
            while (end < after.length && after[end] != 0) {
                end++;
            }
            end++;
        }
        for (int alignment = 8; alignment >= 4; alignment -= 4) {
            long tokenIndex = align(digits + end, alignment);
            byte[] index = image.read(tokenIndex, INDEX_BYTES);
            if (index == null || u16(index, 0) != 0 || !ascends(index)) {
                continue;
            }
            long tokenTable = digits - u16(index, 2 * '0');
            Kallsyms found = behindNames(tokenTable, tokenIndex, index, alignment, decoder);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static boolean ascends(byte[] index) {
        for (int t = 1; t < KallsymsNames.TOKENS; t++) {
            if (u16(index, 2 * t) <= u16(index, 2 * t - 2)) {
                return false;
            }
        }
        return true;
    }

    /** Looks for the count: everything between it and the token table must then fit. */
    private Kallsyms behindNames(long tokenTable, long tokenIndex, byte[] index, int alignment, Decoder decoder) {
        long from = Math.max(image.start(), tokenTable - MAX_NAMES) & -alignment;
        from = from < image.start() ? from + alignment : from;
        byte[] tokens = image.read(tokenTable, (int) (tokenIndex - tokenTable));
        byte[] before = image.read(from, (int) (tokenTable - from));
        if (tokens == null || before == null) {
            return null;
        }
        for (int at = before.length - MIN_SYMBOLS & -alignment; at >= 0; at -= alignment) {
            int count = u32(before, at);
            boolean plausible = count >= MIN_SYMBOLS && count <= KallsymsNames.MAX_SYMBOLS
                    && count <= (before.length - at) / 2 && (alignment == 4 || u32(before, at + 4) == 0);
            if (!plausible) {
                continue;
            }
            KallsymsNames names = provenNames(before, at + alignment, count, tokens, index, alignment);
            if (names == null) {
                continue;
            }
            Kallsyms found = withAddresses(names, from + at, tokenIndex + INDEX_BYTES, alignment, decoder);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static KallsymsNames provenNames(byte[] bytes, int at, int count, byte[] tokens, byte[] index,
            int alignment) {
        for (boolean wide : new boolean[] {true, false}) {
            KallsymsNames names = firstMarkerFits(bytes, at, count, wide)
                    ? KallsymsNames.parse(bytes, at, count, tokens, index, wide) : null;
            if (names != null) {
                int markers = align(names.entryStart(count), alignment);
                if (markersAgree(bytes, markers, names, at, Integer.BYTES)
                        || markersAgree(bytes, markers, names, at, Long.BYTES)) {
                    return names;
                }
            }
        }
        return null;
    }

    /** A cheap look before all is parsed: the first 256 entries must have lengths that names have. */
    private static boolean firstMarkerFits(byte[] bytes, int from, int count, boolean wide) {
        int at = from;
        for (int i = 0; i < Math.min(count, MARKER_INTERVAL); i++) {
            if (at + 1 >= bytes.length || bytes[at] == 0) {
                return false;
            }
            int length = bytes[at] & 0xff;
            at += length >= 0x80 && wide ? 2 + (length & 0x7f | (bytes[at + 1] & 0xff) << 7) : 1 + length;
        }
        return at < bytes.length;
    }

    /** Markers are the positions of every 256th name; 64 bits wide until 4.19. */
    private static boolean markersAgree(byte[] bytes, int markers, KallsymsNames names, int namesStart, int width) {
        int last = (names.count() - 1) / MARKER_INTERVAL;
        if (last < 1 || markers + (long) (last + 1) * width > bytes.length) {
            return false;
        }
        for (int m = 0; m <= last; m++) {
            boolean agrees = u32(bytes, markers + m * width) == names.entryStart(m * MARKER_INTERVAL) - namesStart;
            if (!agrees || width == Long.BYTES && u32(bytes, markers + m * width + 4) != 0) {
                return false;
            }
        }
        return true;
    }

    private static Kallsyms withAddresses(KallsymsNames names, long countAt, long behindIndex, int alignment,
            Decoder decoder) {
        long offsetBytes = align(names.count() * 4L, alignment);
        long base = countAt - Long.BYTES;
        Kallsyms found = decoder.decode(names, base - offsetBytes, base, AddressEncoding.RELATIVE_OR_ABSOLUTE);
        if (found == null) {
            found = decoder.decode(names, base - offsetBytes, base, AddressEncoding.RELATIVE);
        }
        if (found == null) {
            found = decoder.decode(names, countAt - names.count() * 8L, 0, AddressEncoding.ABSOLUTE);
        }
        long offsets = align(behindIndex, alignment);
        if (found == null) {
            found = decoder.decode(names, offsets, offsets + offsetBytes, AddressEncoding.RELATIVE_OR_ABSOLUTE);
        }
        if (found == null) {
            found = decoder.decode(names, offsets, offsets + offsetBytes, AddressEncoding.RELATIVE);
        }
        if (found == null) {
            found = decoder.decode(names, offsets, 0, AddressEncoding.PLACE_RELATIVE);
        }
        return found;
    }

    private static long align(long value, int alignment) {
        return value + alignment - 1 & -alignment;
    }

    private static int align(int value, int alignment) {
        return value + alignment - 1 & -alignment;
    }

    private static int u16(byte[] bytes, int at) {
        return bytes[at] & 0xff | (bytes[at + 1] & 0xff) << 8;
    }

    private static int u32(byte[] bytes, int at) {
        return u16(bytes, at) | u16(bytes, at + 2) << 16;
    }
}
