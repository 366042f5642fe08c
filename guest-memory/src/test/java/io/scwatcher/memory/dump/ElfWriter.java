package io.scwatcher.memory.dump;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes small ELF core files, in both classes and both byte orders, with few or more than 65,534 segments. */
final class ElfWriter {
    private record Segment(int type, long physical, byte[] content, long inMemory) {}

    private final boolean wide;
    private final ByteOrder order;
    private final List<Segment> segments = new ArrayList<>();

    ElfWriter(boolean wide, ByteOrder order) {
        this.wide = wide;
        this.order = order;
    }

    ElfWriter load(long physical, byte[] content) {
        return load(physical, content, content.length);
    }

    ElfWriter load(long physical, byte[] content, long inMemory) {
        segments.add(new Segment(1, physical, content, inMemory));
        return this;
    }

    ElfWriter note(String name, byte[] descriptor) {
        ByteBuffer note = ByteBuffer.allocate(12 + (name.length() + 1 + 3 & -4) + (descriptor.length + 3 & -4)).order(order);
        note.putInt(name.length() + 1).putInt(descriptor.length).putInt(0);
        note.put(12, name.getBytes());
        note.put(12 + (name.length() + 1 + 3 & -4), descriptor);
        segments.add(new Segment(4, 0, note.array(), 0));
        return this;
    }

    byte[] bytes() {
        int header = wide ? 64 : 52;
        int entry = wide ? 56 : 32;
        int section = wide ? 64 : 40;
        int table = header + section;
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        ByteBuffer out = ByteBuffer.allocate(table + entry * segments.size()).order(order);
        boolean many = segments.size() >= 0xffff;
        out.put(new byte[] {0x7f, 'E', 'L', 'F', (byte) (wide ? 2 : 1), (byte) (order == ByteOrder.LITTLE_ENDIAN ? 1 : 2), 1});
        out.putShort(16, (short) 4).putShort(18, (short) 62);
        address(out, wide ? 32 : 28, table);
        if (many) {
            address(out, wide ? 40 : 32, header);
            out.putInt(header + (wide ? 44 : 28), segments.size());
        }
        out.putShort(wide ? 54 : 42, (short) entry);
        out.putShort(wide ? 56 : 44, (short) (many ? 0xffff : segments.size()));
        for (int i = 0; i < segments.size(); i++) {
            Segment s = segments.get(i);
            int at = table + i * entry;
            out.putInt(at, s.type);
            address(out, at + (wide ? 8 : 4), out.capacity() + content.size());
            address(out, at + (wide ? 24 : 12), s.physical);
            address(out, at + (wide ? 32 : 16), s.content.length);
            address(out, at + (wide ? 40 : 20), s.inMemory);
            content.writeBytes(s.content);
        }
        byte[] all = java.util.Arrays.copyOf(out.array(), out.capacity() + content.size());
        System.arraycopy(content.toByteArray(), 0, all, out.capacity(), content.size());
        return all;
    }

    Path write(Path file) throws IOException {
        return Files.write(file, bytes());
    }

    private void address(ByteBuffer out, int at, long value) {
        if (wide) {
            out.putLong(at, value);
        } else {
            out.putInt(at, (int) value);
        }
    }
}
