package io.scwatcher.memory.dump;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.Deflater;

/** Writes small kdump files as makedumpfile does, plain or flattened. */
final class KdumpWriter {
    static final int PAGE = 4096;

    private record Stored(byte[] bytes, int flags) {}

    private final int version;
    private final SortedMap<Long, Stored> pages = new TreeMap<>();
    private final SortedMap<Long, Boolean> excluded = new TreeMap<>();
    private long from;
    private long until = -1;
    private byte[] vmcoreinfo = {};

    KdumpWriter(int version) {
        this.version = version;
    }

    KdumpWriter plain(long page, byte[] content) {
        return compressed(page, content, 0);
    }

    KdumpWriter zlib(long page, byte[] content) {
        Deflater deflater = new Deflater();
        deflater.setInput(content);
        deflater.finish();
        byte[] out = new byte[2 * PAGE];
        return compressed(page, Arrays.copyOf(out, deflater.deflate(out)), 1);
    }

    KdumpWriter compressed(long page, byte[] content, int flags) {
        pages.put(page, new Stored(content, flags));
        return this;
    }

    /** RAM that is not dumped. */
    KdumpWriter excluded(long page) {
        excluded.put(page, true);
        return this;
    }

    KdumpWriter vmcoreinfo(String text) {
        vmcoreinfo = text.getBytes(StandardCharsets.ISO_8859_1);
        return this;
    }

    /** One of several files: the pages from {@code from} up to {@code until}. */
    KdumpWriter part(long from, long until) {
        this.from = from;
        this.until = until;
        return this;
    }

    byte[] bytes() {
        long count = Math.max(pages.isEmpty() ? 0 : pages.lastKey(), excluded.isEmpty() ? 0 : excluded.lastKey()) + 1;
        int bitmap = (int) ((count + 8L * PAGE - 1) / (8L * PAGE)) * PAGE;
        ByteBuffer head = ByteBuffer.allocate(2 * PAGE + 2 * bitmap).order(ByteOrder.LITTLE_ENDIAN);
        head.put("KDUMP   ".getBytes(StandardCharsets.US_ASCII)).putInt(version);
        head.putInt(428, PAGE).putInt(432, 1).putInt(436, 2 * bitmap / PAGE);
        head.putInt(440, version >= 6 ? -1 : (int) count);
        SortedMap<Long, Stored> mine = until < 0 ? pages : pages.subMap(from, until);
        int data = head.capacity() + 24 * mine.size();
        if (version >= 2 && until >= 0) {
            head.putInt(PAGE + 12, 1).putLong(PAGE + 16, from).putLong(PAGE + 24, until);
        }
        if (version >= 3 && vmcoreinfo.length > 0) {
            head.putLong(PAGE + 32, data).putLong(PAGE + 40, vmcoreinfo.length);
        }
        if (version >= 6) {
            head.putLong(PAGE + 80, from).putLong(PAGE + 88, until).putLong(PAGE + 96, count);
        }
        for (long page : excluded.keySet()) {
            set(head, 2 * PAGE, page);
        }
        ByteBuffer descriptors = ByteBuffer.allocate(24 * mine.size()).order(ByteOrder.LITTLE_ENDIAN);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(vmcoreinfo);
        for (Map.Entry<Long, Stored> page : pages.entrySet()) {
            set(head, 2 * PAGE, page.getKey());
            set(head, 2 * PAGE + bitmap, page.getKey());
            if (mine.containsKey(page.getKey())) {
                descriptors.putLong(data + out.size()).putInt(page.getValue().bytes.length)
                        .putInt(page.getValue().flags).putLong(0);
                out.writeBytes(page.getValue().bytes);
            }
        }
        return ByteBuffer.allocate(data + out.size()).put(head.array()).put(descriptors.array())
                .put(out.toByteArray()).array();
    }

    private static void set(ByteBuffer head, int bitmap, long page) {
        int at = bitmap + (int) (page >>> 3);
        head.put(at, (byte) (head.get(at) | 1 << (page & 7)));
    }

    /** The flattened form, in pieces out of order, with a first header that a later one covers. */
    static byte[] flatten(byte[] dump) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(Arrays.copyOf("makedumpfile".getBytes(StandardCharsets.US_ASCII), 16));
        out.writeBytes(ByteBuffer.allocate(4096 - 16).putLong(1).putLong(1).array());
        write(out, 100, new byte[5000]);
        int piece = 3001;
        for (int pass = 1; pass >= 0; pass--) {
            for (int at = pass * piece; at < dump.length; at += 2 * piece) {
                write(out, at, Arrays.copyOfRange(dump, at, Math.min(dump.length, at + piece)));
            }
        }
        out.writeBytes(ByteBuffer.allocate(16).putLong(-1).putLong(-1).array());
        return out.toByteArray();
    }

    private static void write(ByteArrayOutputStream out, long offset, byte[] bytes) {
        out.writeBytes(ByteBuffer.allocate(16).putLong(offset).putLong(bytes.length).array());
        out.writeBytes(bytes);
    }
}
