package io.scwatcher.memory.dump;

import io.scwatcher.memory.block.Backing;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Data frames of Snappy's framing format, one behind the other, read from any offset. */
final class SnappyFrames implements Backing {
    /** The most that a frame may hold. */
    private static final int FRAME = 1 << 16;
    private static final int MAX_FRAMES = 1 << 24;
    private static final int CACHED = 256;

    private final DumpFile file;
    /** Of each frame: where its data starts, uncompressed; one more entry for the end. */
    private long[] starts = new long[1024];
    private long[] positions = new long[1024];
    /** Bytes in the file, negative if not compressed. */
    private int[] sizes = new int[1024];
    private int count;
    private final AtomicReferenceArray<Frame> cache = new AtomicReferenceArray<>(CACHED);

    private record Frame(int number, byte[] content) {}

    SnappyFrames(DumpFile file) {
        this.file = file;
    }

    /** Bytes of all frames so far, uncompressed. */
    long length() {
        return starts[count];
    }

    void add(long position, int size, boolean compressed) {
        if (size <= 0 || size > 2 * FRAME || count == MAX_FRAMES) {
            throw file.corrupt("a Snappy frame at %#x has %d bytes, or it has too many".formatted(position, size));
        }
        file.checkWithin(position, size, "Snappy frames");
        int length = compressed ? uncompressedLength(position, size) : size;
        if (length <= 0 || length > FRAME) {
            throw file.corrupt("a Snappy frame at %#x holds %d bytes".formatted(position, length));
        }
        if (count + 1 == starts.length) {
            starts = Arrays.copyOf(starts, 2 * starts.length);
            positions = Arrays.copyOf(positions, 2 * positions.length);
            sizes = Arrays.copyOf(sizes, 2 * sizes.length);
        }
        positions[count] = position;
        sizes[count] = compressed ? size : -size;
        starts[count + 1] = starts[count] + length;
        count++;
    }

    private int uncompressedLength(long position, int size) {
        try {
            return Snappy.length(file.bytes(position, Math.min(size, 5), "Snappy frames"), FRAME);
        } catch (CorruptDataException e) {
            throw file.corrupt("a frame at %#x is %s".formatted(position, e.getMessage()));
        }
    }

    @Override
    public boolean read(long offset, byte[] destination, int at, int length) {
        int found = Arrays.binarySearch(starts, 0, count, offset);
        for (int number = found >= 0 ? found : -found - 2; length > 0; number++) {
            byte[] content = content(number);
            int inFrame = (int) (offset - starts[number]);
            int here = Math.min(length, content.length - inFrame);
            System.arraycopy(content, inFrame, destination, at, here);
            offset += here;
            at += here;
            length -= here;
        }
        return true;
    }

    private byte[] content(int number) {
        Frame frame = cache.get(number % CACHED);
        if (frame == null || frame.number != number) {
            frame = new Frame(number, load(number));
            cache.set(number % CACHED, frame);
        }
        return frame.content;
    }

    private byte[] load(int number) {
        byte[] stored = file.bytes(positions[number], Math.abs(sizes[number]), "Snappy frames");
        if (sizes[number] < 0) {
            return stored;
        }
        try {
            return Snappy.decompress(stored, FRAME);
        } catch (CorruptDataException e) {
            throw file.corrupt("a frame at %#x of it is %s".formatted(positions[number], e.getMessage()));
        }
    }

    @Override
    public void populated(long offset, long length, Extents found) {
        found.add(offset, length);
    }

    @Override
    public void close() {
        file.close();
    }
}
