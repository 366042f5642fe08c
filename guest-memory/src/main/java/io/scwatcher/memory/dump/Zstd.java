package io.scwatcher.memory.dump;

import java.util.Arrays;

/** Zstandard frames of one page, without dictionaries. See RFC 8878. */
final class Zstd {
    private static final int MAGIC = 0xfd2fb528;
    private static final int SKIPPABLE = 0x184d2a50;
    private static final int RAW = 0;
    private static final int RLE = 1;
    private static final int COMPRESSED = 2;

    private final byte[] in;
    private final byte[] out;
    private int at;
    private int to;
    private HuffmanTable huffman;
    private byte[] literals;
    private final ZstdSequences sequences = new ZstdSequences();

    private Zstd(byte[] in, int limit) {
        this.in = in;
        out = new byte[limit];
    }

    /** @param limit the most bytes that may come out */
    static byte[] decompress(byte[] input, int limit) throws CorruptDataException {
        Zstd zstd = new Zstd(input, limit);
        try {
            while (zstd.at < input.length) {
                zstd.frame();
            }
        } catch (IndexOutOfBoundsException e) {
            throw new CorruptDataException("no Zstandard data (it ends early)");
        }
        return zstd.to == limit ? zstd.out : Arrays.copyOf(zstd.out, zstd.to);
    }

    private void frame() throws CorruptDataException {
        int magic = (int) little(4);
        if ((magic & -16) == SKIPPABLE) {
            skip(little(4));
            return;
        }
        if (magic != MAGIC) {
            throw new CorruptDataException("no Zstandard data (no magic number)");
        }
        int descriptor = in[at++] & 0xff;
        boolean single = (descriptor & 0x20) != 0;
        int contentSize = descriptor >>> 6;
        // Window, dictionary and content size: a page needs none of them.
        skip((single ? 0 : 1) + (1 << (descriptor & 3) >> 1)
                + (contentSize == 0 ? single ? 1 : 0 : 1 << contentSize));
        sequences.start();
        huffman = null;
        boolean last;
        do {
            int header = (int) little(3);
            last = (header & 1) != 0;
            block(header >>> 1 & 3, header >>> 3);
        } while (!last);
        skip((descriptor & 4) != 0 ? 4 : 0);
    }

    private void block(int type, int size) throws CorruptDataException {
        switch (type) {
            case RAW -> {
                System.arraycopy(in, at, out, to, size);
                at += size;
                to += size;
            }
            case RLE -> {
                Arrays.fill(out, to, Math.addExact(to, size), in[at++]);
                to += size;
            }
            case COMPRESSED -> {
                int end = at + size;
                if (end > in.length) {
                    throw new CorruptDataException("no Zstandard data (it ends early)");
                }
                literals(end);
                to = sequences.decode(in, at, end, literals, out, to);
                at = end;
            }
            default -> throw new CorruptDataException("no Zstandard data (a block of type 3)");
        }
    }

    /** RFC 8878, 3.1.1.3.1. */
    private void literals(int end) throws CorruptDataException {
        int type = in[at] & 3;
        int format = in[at] >>> 2 & 3;
        if (type == RAW || type == RLE) {
            int bytes = (format & 1) == 0 ? 1 : format == 1 ? 2 : 3;
            int size = (int) little(bytes) >>> (bytes == 1 ? 3 : 4);
            literals = new byte[checked(size)];
            if (type == RAW) {
                System.arraycopy(in, at, literals, 0, size);
                at += size;
            } else {
                Arrays.fill(literals, in[at++]);
            }
            return;
        }
        int width = format < 2 ? 10 : format == 2 ? 14 : 18;
        long header = little(format < 2 ? 3 : format + 2) >>> 4;
        int size = checked((int) (header & (1 << width) - 1));
        int stored = (int) (header >>> width & (1 << width) - 1);
        int stop = at + stored;
        if (stop > end) {
            throw new CorruptDataException("no Zstandard data (it ends early)");
        }
        if (type == COMPRESSED) {
            huffman = new HuffmanTable(in, at, stop);
            at = huffman.end();
        } else if (huffman == null) {
            throw new CorruptDataException("no Zstandard data (no Huffman table)");
        }
        literals = new byte[size];
        if (format == 0) {
            huffman.decode(in, at, stop, literals, 0, size);
        } else {
            fourStreams(stop, size);
        }
        at = stop;
    }

    private void fourStreams(int stop, int size) throws CorruptDataException {
        int part = (size + 3) / 4;
        int from = at + 6;
        for (int i = 0; i < 4; i++) {
            int length = i < 3 ? (int) little(2) : stop - from;
            int until = from + length;
            if (until > stop || 3 * part > size) {
                throw new CorruptDataException("no Zstandard data (it ends early)");
            }
            huffman.decode(in, from, until, literals, i * part, i < 3 ? part : size - 3 * part);
            from = until;
        }
    }

    /** What comes out of a page's literals cannot be more than the page. */
    private int checked(int size) throws CorruptDataException {
        if (size > out.length - to) {
            throw new CorruptDataException("no Zstandard data (%d literals)".formatted(size));
        }
        return size;
    }

    private void skip(long bytes) throws CorruptDataException {
        if (bytes > in.length - at) {
            throw new CorruptDataException("no Zstandard data (it ends early)");
        }
        at += (int) bytes;
    }

    private long little(int bytes) {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (in[at++] & 0xffL) << 8 * i;
        }
        return value;
    }
}
