package io.scwatcher.memory.dump;

/** A Huffman table of Zstandard's literals (RFC 8878, 4.2). */
final class HuffmanTable {
    private static final int MAX_BITS = 11;
    private static final int MAX_WEIGHTS = 255;

    private final int maxBits;
    private final byte[] symbol;
    private final byte[] length;
    private final int end;

    /** Reads the description at {@code in[at]}. */
    HuffmanTable(byte[] in, int at, int limit) throws CorruptDataException {
        int header = in[at++] & 0xff;
        byte[] weights = new byte[MAX_WEIGHTS + 1];
        int count;
        if (header >= 128) {
            count = header - 127;
            for (int i = 0; i < count; i++) {
                weights[i] = (byte) (in[at + i / 2] >>> (i % 2 == 0 ? 4 : 0) & 15);
            }
            end = at + (count + 1) / 2;
        } else {
            end = at + header;
            if (end > limit) {
                throw new CorruptDataException("no Zstandard data (it ends early)");
            }
            count = compressedWeights(in, at, end, weights);
        }
        int sum = 0;
        for (int i = 0; i < count; i++) {
            sum += weights[i] > 0 ? 1 << weights[i] - 1 : 0;
        }
        // The last weight is not written: it fills up to a power of two.
        maxBits = sum == 0 ? 0 : 32 - Integer.numberOfLeadingZeros(sum);
        int rest = (1 << maxBits) - sum;
        if (maxBits == 0 || maxBits > MAX_BITS || Integer.bitCount(rest) != 1) {
            throw new CorruptDataException("no Zstandard data (Huffman weights of %d in all)".formatted(sum));
        }
        weights[count++] = (byte) (Integer.numberOfTrailingZeros(rest) + 1);
        symbol = new byte[1 << maxBits];
        length = new byte[1 << maxBits];
        int to = 0;
        for (int weight = 1; weight <= maxBits; weight++) {
            for (int s = 0; s < count; s++) {
                for (int i = 0; weights[s] == weight && i < 1 << weight - 1; i++) {
                    symbol[to] = (byte) s;
                    length[to++] = (byte) (maxBits + 1 - weight);
                }
            }
        }
    }

    /** Two states take turns until the bits are used up. */
    private static int compressedWeights(byte[] in, int at, int end, byte[] weights) throws CorruptDataException {
        FseTable table = FseTable.read(in, at, end, 6, 13);
        BackwardBits bits = new BackwardBits(in, table.end(), end);
        int[] state = {table.firstState(bits), table.firstState(bits)};
        int count = 0;
        for (int turn = 0; count < MAX_WEIGHTS - 1; turn ^= 1) {
            weights[count++] = (byte) table.symbol(state[turn]);
            state[turn] = table.nextState(state[turn], bits);
            if (bits.left() < 0) {
                weights[count++] = (byte) table.symbol(state[turn ^ 1]);
                return count;
            }
        }
        throw new CorruptDataException("no Zstandard data (too many Huffman weights)");
    }

    /** Behind the description. */
    int end() {
        return end;
    }

    /** Decodes the stream {@code in[from]} to {@code in[until]}, which must yield exactly {@code count} bytes. */
    void decode(byte[] in, int from, int until, byte[] out, int to, int count) throws CorruptDataException {
        BackwardBits bits = new BackwardBits(in, from, until);
        for (int i = 0; i < count; i++) {
            int code = (int) bits.peek(maxBits);
            out[to + i] = symbol[code];
            bits.skip(length[code]);
        }
        if (bits.left() != 0) {
            throw new CorruptDataException("no Zstandard data (a Huffman stream of the wrong length)");
        }
    }
}
