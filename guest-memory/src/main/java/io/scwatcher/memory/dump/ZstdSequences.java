package io.scwatcher.memory.dump;

/** Zstandard's sequences: literals, then a match, again and again (RFC 8878, 3.1.1.3.2 and 3.1.1.4). */
final class ZstdSequences {
    private static final int PREDEFINED = 0;
    private static final int RLE = 1;
    private static final int FSE = 2;

    private static final int[] LITERALS_BASE = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 20, 22,
        24, 28, 32, 40, 48, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536};
    private static final int[] LITERALS_BITS = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3,
        4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    private static final int[] MATCH_BASE = {3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22,
        23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 37, 39, 41, 43, 47, 51, 59, 67, 83, 99, 131, 259, 515, 1027,
        2051, 4099, 8195, 16387, 32771, 65539};
    private static final int[] MATCH_BITS = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    private static final int MAX_OFFSET_CODE = 31;

    private static final FseTable LITERALS = table(6, 4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2,
            2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1);
    private static final FseTable OFFSETS = table(5, 1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
            1, 1, -1, -1, -1, -1, -1);
    private static final FseTable MATCHES = table(6, 1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
            1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1);

    private FseTable literalLengths;
    private FseTable offsets;
    private FseTable matchLengths;
    private int[] recent;
    private int at;

    private static FseTable table(int accuracy, int... probabilities) {
        return new FseTable(accuracy, probabilities, probabilities.length);
    }

    /** A frame starts. */
    void start() {
        literalLengths = null;
        offsets = null;
        matchLengths = null;
        recent = new int[] {1, 4, 8};
    }

    /**
     * Carries out a block's sequences, which lie from {@code in[from]} to {@code in[end]}.
     *
     * @return the position behind what was written to {@code out[to]}
     */
    int decode(byte[] in, int from, int end, byte[] literals, byte[] out, int to) throws CorruptDataException {
        at = from;
        int count = count(in);
        int literal = 0;
        if (count > 0) {
            int modes = in[at++];
            literalLengths = table(in, end, modes >>> 6 & 3, literalLengths, LITERALS, 9, LITERALS_BASE.length);
            offsets = table(in, end, modes >>> 4 & 3, offsets, OFFSETS, 8, MAX_OFFSET_CODE + 1);
            matchLengths = table(in, end, modes >>> 2 & 3, matchLengths, MATCHES, 9, MATCH_BASE.length);
            BackwardBits bits = new BackwardBits(in, at, end);
            int literalState = literalLengths.firstState(bits);
            int offsetState = offsets.firstState(bits);
            int matchState = matchLengths.firstState(bits);
            for (int i = 0; i < count; i++) {
                int offsetCode = offsets.symbol(offsetState);
                int matchCode = matchLengths.symbol(matchState);
                int literalCode = literalLengths.symbol(literalState);
                long offset = (1L << offsetCode) + bits.read(offsetCode);
                int match = MATCH_BASE[matchCode] + (int) bits.read(MATCH_BITS[matchCode]);
                int run = LITERALS_BASE[literalCode] + (int) bits.read(LITERALS_BITS[literalCode]);
                System.arraycopy(literals, literal, out, to, run);
                literal += run;
                to = Matches.copy(out, to + run, distance(offset, run), match);
                if (i + 1 < count) {
                    literalState = literalLengths.nextState(literalState, bits);
                    matchState = matchLengths.nextState(matchState, bits);
                    offsetState = offsets.nextState(offsetState, bits);
                }
                if (bits.left() < 0) {
                    throw new CorruptDataException("no Zstandard data (it ends early)");
                }
            }
        }
        System.arraycopy(literals, literal, out, to, literals.length - literal);
        return to + literals.length - literal;
    }

    private int count(byte[] in) {
        int first = in[at++] & 0xff;
        if (first < 128) {
            return first;
        }
        int second = in[at++] & 0xff;
        return first < 255 ? (first - 128 << 8) + second : second + ((in[at++] & 0xff) << 8) + 0x7f00;
    }

    private FseTable table(
            byte[] in, int end, int mode, FseTable before, FseTable predefined, int accuracy, int symbols)
            throws CorruptDataException {
        switch (mode) {
            case PREDEFINED -> {
                return predefined;
            }
            case RLE -> {
                int symbol = in[at++] & 0xff;
                if (symbol >= symbols) {
                    throw new CorruptDataException("no Zstandard data (code %d)".formatted(symbol));
                }
                return FseTable.always(symbol);
            }
            case FSE -> {
                FseTable table = FseTable.read(in, at, end, accuracy, symbols);
                at = table.end();
                return table;
            }
            default -> {
                if (before == null) {
                    throw new CorruptDataException("no Zstandard data (no table to repeat)");
                }
                return before;
            }
        }
    }

    /** The three most recent distances have the values 1 to 3; without literals these count one further. */
    private int distance(long value, int literals) throws CorruptDataException {
        if (value > Integer.MAX_VALUE) {
            throw new CorruptDataException("no Zstandard data (from %d back)".formatted(value));
        }
        if (value > 3) {
            recent = new int[] {(int) value - 3, recent[0], recent[1]};
            return recent[0];
        }
        int which = (int) value - (literals == 0 ? 0 : 1);
        int distance = which == 3 ? recent[0] - 1 : recent[which];
        if (which == 1) {
            recent = new int[] {distance, recent[0], recent[2]};
        } else if (which > 1) {
            recent = new int[] {distance, recent[0], recent[1]};
        }
        return distance;
    }
}
