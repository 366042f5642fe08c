package io.scwatcher.memory.dump;

import java.util.Arrays;

/**
 * LZO1X data of one page. Each instruction names a match and 0 to 3 literals behind it; instructions below 16 depend on
 * how many literals came before. See the kernel's Documentation/staging/lzo.rst.
 */
final class Lzo {
    private final byte[] in;
    private final byte[] out;
    private int at;
    private int to;

    private Lzo(byte[] in, int limit) {
        this.in = in;
        out = new byte[limit];
    }

    /** @param limit the most bytes that may come out */
    static byte[] decompress(byte[] input, int limit) throws CorruptDataException {
        Lzo lzo = new Lzo(input, limit);
        try {
            lzo.run();
        } catch (IndexOutOfBoundsException e) {
            throw new CorruptDataException("no LZO data (it ends early)");
        }
        return lzo.to == limit ? lzo.out : Arrays.copyOf(lzo.out, lzo.to);
    }

    private void run() throws CorruptDataException {
        // Literals before the next instruction: none, 1 to 3 behind a match, or 4 for a long run.
        int state = 0;
        int first = in[0] & 0xff;
        if (first > 17) {
            at = 1;
            literals(first - 17);
            state = Math.min(first - 17, 4);
        }
        while (true) {
            int code = in[at++] & 0xff;
            if (code < 16 && state == 0) {
                literals(length(code, 15) + 3);
                state = 4;
                continue;
            }
            int count;
            int distance;
            int trailing = code & 3;
            if (code < 16) {
                count = state == 4 ? 3 : 2;
                distance = (in[at++] & 0xff) << 2 | code >>> 2;
                distance += state == 4 ? 2049 : 1;
            } else if (code < 32) {
                count = length(code & 7, 7) + 2;
                int low = little16();
                distance = 16384 + ((code & 8) << 11) + (low >>> 2);
                trailing = low & 3;
                if (distance == 16384) {
                    return;
                }
            } else if (code < 64) {
                count = length(code & 31, 31) + 2;
                int low = little16();
                distance = (low >>> 2) + 1;
                trailing = low & 3;
            } else {
                count = code < 128 ? 3 + (code >>> 5 & 1) : 5 + (code >>> 5 & 3);
                distance = ((in[at++] & 0xff) << 3 | code >>> 2 & 7) + 1;
            }
            to = Matches.copy(out, to, distance, count);
            literals(trailing);
            state = trailing;
        }
    }

    /** A length of which {@code field} is the start: zero goes on in the next bytes. */
    private int length(int field, int mask) {
        if (field != 0) {
            return field;
        }
        int length = mask;
        while (in[at] == 0) {
            at++;
            length += 255;
        }
        return length + (in[at++] & 0xff);
    }

    private int little16() {
        int value = in[at] & 0xff | (in[at + 1] & 0xff) << 8;
        at += 2;
        return value;
    }

    private void literals(int count) {
        System.arraycopy(in, at, out, to, count);
        at += count;
        to += count;
    }
}
