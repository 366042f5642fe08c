package io.scwatcher.kernel.symbol;

import java.nio.charset.StandardCharsets;

/**
 * The compressed symbol names (scripts/kallsyms.c): each a length and that many token numbers; the first letter of the
 * expansion is the symbol's type. Names are expanded when asked for; an index by hash is made at construction.
 */
final class KallsymsNames {
    static final int TOKENS = 256;
    /** More than any kernel has, few enough that a hostile count does no harm. */
    static final int MAX_SYMBOLS = 1 << 22;
    /** {@code KSYM_NAME_LEN} is 128, from 6.1 on 512. */
    private static final int MAX_NAME = 1024;

    private final byte[] names;
    private final byte[] tokens;
    /** Where the names' token numbers start, one more than there are names; the length bytes lie between. */
    private final int[] starts;
    private final byte[] lengthBytes;
    private final int[] tokenStart;
    private final int[] tokenLength;
    private final int[] bucketHead;
    private final int[] bucketNext;

    private KallsymsNames(byte[] names, byte[] tokens, int[] tokenStart, int[] tokenLength, int[] starts,
            byte[] lengthBytes) {
        this.names = names;
        this.tokens = tokens;
        this.tokenStart = tokenStart;
        this.tokenLength = tokenLength;
        this.starts = starts;
        this.lengthBytes = lengthBytes;
        int count = count();
        this.bucketHead = new int[Math.max(16, Integer.highestOneBit(Math.max(count, 1)) * 2)];
        this.bucketNext = new int[count];
        index();
    }

    /**
     * Reads the tables.
     *
     * @param names holds the compressed names from {@code from} on
     * @param count symbols
     * @param tokens {@code kallsyms_token_table}
     * @param tokenIndex {@code kallsyms_token_index}
     * @param wideLengths whether a length byte with its top bit set is the first of two (6.1)
     * @return null if these bytes cannot be such tables
     */
    static KallsymsNames parse(byte[] names, int from, int count, byte[] tokens, byte[] tokenIndex,
            boolean wideLengths) {
        if (count <= 0 || count > MAX_SYMBOLS || tokenIndex.length < 2 * TOKENS) {
            return null;
        }
        int[] tokenStart = new int[TOKENS];
        int[] tokenLength = new int[TOKENS];
        for (int t = 0; t < TOKENS; t++) {
            tokenStart[t] = tokenIndex[2 * t] & 0xff | (tokenIndex[2 * t + 1] & 0xff) << 8;
            int end = tokenStart[t];
            while (end < tokens.length && tokens[end] != 0) {
                end++;
            }
            if (end >= tokens.length) {
                return null;
            }
            tokenLength[t] = end - tokenStart[t];
        }
        int[] starts = new int[count + 1];
        byte[] lengthBytes = new byte[count];
        int at = from;
        for (int i = 0; i < count; i++) {
            if (at + 1 >= names.length) {
                return null;
            }
            int length = names[at++] & 0xff;
            int width = 1;
            if (length >= 0x80 && wideLengths) {
                length = length & 0x7f | (names[at++] & 0xff) << 7;
                width = 2;
            }
            if (length == 0 || length > MAX_NAME || at + length > names.length) {
                return null;
            }
            starts[i] = at;
            lengthBytes[i] = (byte) width;
            at += length;
        }
        starts[count] = at + 1;
        return new KallsymsNames(names, tokens, tokenStart, tokenLength, starts, lengthBytes);
    }

    int count() {
        return lengthBytes.length;
    }

    /** Where symbol {@code i}'s entry starts in the names' bytes; for {@code i == count()} the end of the last. */
    int entryStart(int i) {
        return i == count() ? starts[i] - 1 : starts[i] - lengthBytes[i];
    }

    char type(int i) {
        int token = names[starts[i]] & 0xff;
        return tokenLength[token] == 0 ? '?' : (char) (tokens[tokenStart[token]] & 0xff);
    }

    String name(int i) {
        byte[] expanded = new byte[128];
        int length = 0;
        boolean atType = true;
        for (int at = starts[i]; at < end(i); at++) {
            int token = names[at] & 0xff;
            int skip = atType ? 1 : 0;
            int piece = tokenLength[token] - skip;
            if (piece < 0) {
                continue;
            }
            atType = false;
            if (length + piece > MAX_NAME) {
                break;
            }
            if (length + piece > expanded.length) {
                expanded = java.util.Arrays.copyOf(expanded, 2 * (length + piece));
            }
            System.arraycopy(tokens, tokenStart[token] + skip, expanded, length, piece);
            length += piece;
        }
        return new String(expanded, 0, length, StandardCharsets.ISO_8859_1);
    }

    /** The first symbol of that name, or -1. */
    int find(String name) {
        for (int next = bucketHead[bucket(name.hashCode())]; next != 0; next = bucketNext[next - 1]) {
            if (matches(next - 1, name)) {
                return next - 1;
            }
        }
        return -1;
    }

    private int end(int i) {
        return entryStart(i + 1);
    }

    private boolean matches(int i, String name) {
        int length = 0;
        boolean atType = true;
        for (int at = starts[i]; at < end(i); at++) {
            int token = names[at] & 0xff;
            int skip = atType ? 1 : 0;
            for (int c = skip; c < tokenLength[token]; c++) {
                if (length == name.length() || name.charAt(length++) != (tokens[tokenStart[token] + c] & 0xff)) {
                    return false;
                }
            }
            atType = atType && tokenLength[token] == 0;
        }
        return length == name.length();
    }

    /**
     * Hashes as {@link String#hashCode} does, a token at a time: the hash of a concatenation is
     * {@code hash(a) * 31^length(b) + hash(b)}. Later symbols first, so that each chain is in the table's order.
     */
    private void index() {
        int[] hash = new int[TOKENS];
        int[] power = new int[TOKENS];
        int[] tailHash = new int[TOKENS];
        for (int t = 0; t < TOKENS; t++) {
            power[t] = 1;
            for (int c = 0; c < tokenLength[t]; c++) {
                int letter = tokens[tokenStart[t] + c] & 0xff;
                hash[t] = 31 * hash[t] + letter;
                power[t] *= 31;
                tailHash[t] = c == 0 ? 0 : 31 * tailHash[t] + letter;
            }
        }
        for (int i = count() - 1; i >= 0; i--) {
            int h = tailHash[names[starts[i]] & 0xff];
            int end = end(i);
            for (int at = starts[i] + 1; at < end; at++) {
                int token = names[at] & 0xff;
                h = h * power[token] + hash[token];
            }
            int bucket = bucket(h);
            bucketNext[i] = bucketHead[bucket];
            bucketHead[bucket] = i + 1;
        }
    }

    private int bucket(int hash) {
        return (hash * 0x9E37_79B9 >>> 8) & bucketHead.length - 1;
    }
}
