package io.scwatcher.memory.dump;

/**
 * A bit stream of Zstandard that is read from its end (RFC 8878, 4.1): the highest bit set in the last byte marks where
 * it starts. Bits before the first byte read as zeros, which some decoders rely on.
 */
final class BackwardBits {
    private final byte[] in;
    private final int start;
    private long left;

    BackwardBits(byte[] in, int start, int end) throws CorruptDataException {
        if (end <= start || in[end - 1] == 0) {
            throw new CorruptDataException("no Zstandard data (a bit stream without an end)");
        }
        this.in = in;
        this.start = start;
        left = 8L * (end - start) - (Integer.numberOfLeadingZeros(in[end - 1] & 0xff) - 24) - 1;
    }

    /** The bits that are left; negative if more were read than there are. */
    long left() {
        return left;
    }

    void skip(int count) {
        left -= count;
    }

    /** @param count up to 32 */
    long read(int count) {
        long value = peek(count);
        left -= count;
        return value;
    }

    long peek(int count) {
        long from = left - count;
        if (count == 0 || left <= 0) {
            return 0;
        }
        long value = 0;
        int have = (int) Math.max(0, -from);
        for (long bit = Math.max(0, from); bit < left;) {
            int inByte = (int) (bit & 7);
            int take = (int) Math.min(8 - inByte, left - bit);
            value |= ((in[start + (int) (bit >>> 3)] & 0xffL) >>> inByte & (1L << take) - 1) << have;
            have += take;
            bit += take;
        }
        return value;
    }
}
