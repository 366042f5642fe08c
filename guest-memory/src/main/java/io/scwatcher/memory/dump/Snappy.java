package io.scwatcher.memory.dump;

/** Snappy's raw format: the length as a varint, then literals and copies. See format_description.txt of Snappy. */
final class Snappy {
    private Snappy() {}

    /** @param limit the most bytes that may come out */
    static byte[] decompress(byte[] input, int limit) throws CorruptDataException {
        try {
            return new Reader(input).decompress(limit);
        } catch (ArrayIndexOutOfBoundsException e) {
            throw new CorruptDataException("no Snappy data (it ends early)");
        }
    }

    /** The length that compressed data says it has, of which {@code start} is the start. */
    static int length(byte[] start, int limit) throws CorruptDataException {
        try {
            return new Reader(start).length(limit);
        } catch (ArrayIndexOutOfBoundsException e) {
            throw new CorruptDataException("no Snappy data (it ends early)");
        }
    }

    private static final class Reader {
        private final byte[] in;
        private int at;

        Reader(byte[] in) {
            this.in = in;
        }

        byte[] decompress(int limit) throws CorruptDataException {
            byte[] out = new byte[length(limit)];
            int to = 0;
            while (at < in.length) {
                int tag = in[at++] & 0xff;
                int count = tag >>> 2;
                if ((tag & 3) == 0) {
                    count = (count < 60 ? count : little(count - 59)) + 1;
                    if (count < 0 || count > out.length - to || count > in.length - at) {
                        throw new CorruptDataException("no Snappy data (a literal of %d bytes)".formatted(count));
                    }
                    System.arraycopy(in, at, out, to, count);
                    at += count;
                    to += count;
                    continue;
                }
                int distance;
                if ((tag & 3) == 1) {
                    count = (count & 7) + 4;
                    distance = tag >>> 5 << 8 | little(1);
                } else {
                    count++;
                    distance = little((tag & 3) == 2 ? 2 : 4);
                }
                to = Matches.copy(out, to, distance, count);
            }
            if (to != out.length) {
                throw new CorruptDataException("no Snappy data (it ends early)");
            }
            return out;
        }

        int length(int limit) throws CorruptDataException {
            long length = 0;
            for (int shift = 0; shift <= 28; shift += 7) {
                int next = in[at++];
                length |= (next & 0x7fL) << shift;
                if (next >= 0 && length <= limit) {
                    return (int) length;
                }
            }
            throw new CorruptDataException("no Snappy data (%d bytes long)".formatted(length));
        }

        private int little(int bytes) {
            int value = 0;
            for (int i = 0; i < bytes; i++) {
                value |= (in[at++] & 0xff) << 8 * i;
            }
            return value;
        }
    }
}
