package io.scwatcher.memory.dump;

/** What the Lempel-Ziv formats share. */
final class Matches {
    private Matches() {}

    /**
     * Repeats what was written {@code distance} bytes before; the two may overlap.
     *
     * @return the position behind the copy
     */
    static int copy(byte[] out, int to, int distance, int count) throws CorruptDataException {
        if (distance <= 0 || distance > to || count < 0 || count > out.length - to) {
            throw new CorruptDataException("not decompressible (%d bytes from %d back)".formatted(count, distance));
        }
        if (distance >= count) {
            System.arraycopy(out, to - distance, out, to, count);
        } else {
            for (int i = 0; i < count; i++) {
                out[to + i] = out[to - distance + i];
            }
        }
        return to + count;
    }
}
