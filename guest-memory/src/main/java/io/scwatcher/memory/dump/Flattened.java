package io.scwatcher.memory.dump;

import io.scwatcher.memory.block.Backing;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The flattened form of a dump, {@code makedumpfile -F} and QEMU's {@code dump-guest-memory -z}: a list of writes, each
 * an offset, a size and the bytes, all numbers big-endian. A later write covers an earlier one; what none covers is
 * zero.
 */
final class Flattened implements Backing {
    private static final byte[] SIGNATURE = "makedumpfile\0\0\0\0".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER = 4096;

    private record Write(long length, long inFile) {}

    private final DumpFile file;
    private final NavigableMap<Long, Write> writes = new TreeMap<>();

    private Flattened(DumpFile file) {
        this.file = file;
    }

    static boolean recognizes(byte[] start) {
        return start.length >= 32 && Arrays.equals(start, 0, 16, SIGNATURE, 0, 16);
    }

    /** The dump as it would be if it were not flattened. */
    static DumpFile open(DumpFile file) {
        Flattened content = new Flattened(file);
        ByteBuffer header = file.buffer(16, 16, "flattened header").order(ByteOrder.BIG_ENDIAN);
        if (header.getLong(0) != 1 || header.getLong(8) != 1) {
            throw file.corrupt(
                    "its flattened form has type %d and version %d".formatted(header.getLong(0), header.getLong(8)));
        }
        long at = HEADER;
        while (true) {
            ByteBuffer write = file.buffer(at, 16, "flattened data").order(ByteOrder.BIG_ENDIAN);
            long offset = write.getLong(0);
            long length = write.getLong(8);
            if (offset == -1 && length == -1) {
                break;
            }
            file.checkWithin(at + 16, length, "flattened data");
            if (offset < 0 || offset + length < 0) {
                throw file.corrupt("it writes %#x bytes at %#x".formatted(length, offset));
            }
            content.add(offset, new Write(length, at + 16));
            at += 16 + length;
        }
        Map.Entry<Long, Write> last = content.writes.lastEntry();
        long size = last == null ? 0 : last.getKey() + last.getValue().length;
        return new DumpFile(file.name(), content, size, file.size());
    }

    private void add(long offset, Write write) {
        long end = offset + write.length;
        if (write.length == 0) {
            return;
        }
        Map.Entry<Long, Write> before = writes.floorEntry(offset);
        if (before != null) {
            keepRest(before, offset, end);
        }
        for (Map.Entry<Long, Write> next = writes.ceilingEntry(offset); next != null && next.getKey() < end;
                next = writes.ceilingEntry(offset)) {
            keepRest(next, offset, end);
        }
        writes.put(offset, write);
    }

    /** Cuts the bytes from {@code start} to {@code end} out of an earlier write. */
    private void keepRest(Map.Entry<Long, Write> earlier, long start, long end) {
        long from = earlier.getKey();
        long until = from + earlier.getValue().length;
        if (until <= start) {
            return;
        }
        writes.remove(from);
        if (from < start) {
            writes.put(from, new Write(start - from, earlier.getValue().inFile));
        }
        if (until > end) {
            writes.put(end, new Write(until - end, earlier.getValue().inFile + (end - from)));
        }
    }

    @Override
    public boolean read(long offset, byte[] destination, int at, int length) {
        Arrays.fill(destination, at, at + length, (byte) 0);
        long end = offset + length;
        Long first = writes.floorKey(offset);
        for (Map.Entry<Long, Write> each : writes.subMap(first == null ? offset : first, end).entrySet()) {
            long start = Math.max(offset, each.getKey());
            long stop = Math.min(end, each.getKey() + each.getValue().length);
            if (start < stop) {
                file.content().read(each.getValue().inFile + (start - each.getKey()),
                        destination, at + (int) (start - offset), (int) (stop - start));
            }
        }
        return true;
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
