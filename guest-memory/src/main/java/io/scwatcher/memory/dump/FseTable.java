package io.scwatcher.memory.dump;

/** A decoding table of finite state entropy (RFC 8878, 4.1.1). */
final class FseTable {
    private final int accuracy;
    private final byte[] symbol;
    private final byte[] bits;
    private final short[] base;
    /** Behind the description that the table was read from. */
    private int end;

    /** @param probabilities of the symbols, in 1/2^accuracy; -1 stands for less than one such part */
    FseTable(int accuracy, int[] probabilities, int symbols) {
        this.accuracy = accuracy;
        int size = 1 << accuracy;
        symbol = new byte[size];
        bits = new byte[size];
        base = new short[size];
        int[] next = new int[symbols];
        int high = size;
        for (int s = 0; s < symbols; s++) {
            next[s] = Math.abs(probabilities[s]);
            if (probabilities[s] == -1) {
                symbol[--high] = (byte) s;
            }
        }
        int at = 0;
        for (int s = 0; s < symbols; s++) {
            for (int i = 0; i < probabilities[s]; i++) {
                symbol[at] = (byte) s;
                do {
                    at = at + (size >> 1) + (size >> 3) + 3 & size - 1;
                } while (at >= high);
            }
        }
        for (int state = 0; state < size; state++) {
            int x = next[symbol[state]]++;
            bits[state] = (byte) (accuracy - (31 - Integer.numberOfLeadingZeros(x)));
            base[state] = (short) ((x << bits[state]) - size);
        }
    }

    /** A table that always yields one symbol. */
    static FseTable always(int symbol) {
        FseTable table = new FseTable(0, new int[] {1}, 1);
        table.symbol[0] = (byte) symbol;
        return table;
    }

    /**
     * Reads a table's description from {@code in[at]} on.
     *
     * @param symbols the most that the table may have
     */
    static FseTable read(byte[] in, int at, int end, int maxAccuracy, int symbols) throws CorruptDataException {
        long bit = 8L * at + 4;
        int accuracy = (in[at] & 15) + 5;
        if (accuracy > maxAccuracy) {
            throw new CorruptDataException("no Zstandard data (a table of 2^%d states)".formatted(accuracy));
        }
        int[] probabilities = new int[symbols];
        int remaining = 1 << accuracy;
        int count = 0;
        while (remaining > 0) {
            if (count >= symbols) {
                throw new CorruptDataException("no Zstandard data (a table of too many symbols)");
            }
            // Values below the threshold take a bit less.
            int width = 32 - Integer.numberOfLeadingZeros(remaining + 1);
            int value = forward(in, bit, end, width);
            int half = (1 << width - 1) - 1;
            int threshold = (1 << width) - 2 - remaining;
            if ((value & half) < threshold) {
                value &= half;
                bit += width - 1;
            } else {
                value -= value > half ? threshold : 0;
                bit += width;
            }
            probabilities[count++] = value - 1;
            remaining -= Math.abs(value - 1);
            if (value == 1) {
                int zeros;
                do {
                    zeros = forward(in, bit, end, 2);
                    bit += 2;
                    count += zeros;
                } while (zeros == 3);
            }
        }
        if (remaining != 0 || count > symbols || bit > 8L * end) {
            throw new CorruptDataException("no Zstandard data (a table that does not add up)");
        }
        FseTable table = new FseTable(accuracy, probabilities, count);
        table.end = (int) (bit + 7 >>> 3);
        return table;
    }

    private static int forward(byte[] in, long bit, int end, int count) {
        int value = 0;
        for (int i = 0; i < count; i++) {
            int at = (int) (bit + i >>> 3);
            value |= (at < end ? in[at] >>> (bit + i & 7) & 1 : 0) << i;
        }
        return value;
    }

    int end() {
        return end;
    }

    int firstState(BackwardBits in) {
        return (int) in.read(accuracy);
    }

    int symbol(int state) {
        return symbol[state];
    }

    int nextState(int state, BackwardBits in) {
        return base[state] + (int) in.read(bits[state]);
    }
}
