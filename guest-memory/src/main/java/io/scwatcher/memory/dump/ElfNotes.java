package io.scwatcher.memory.dump;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** ELF notes: n_namesz, n_descsz, n_type, then name and descriptor, each padded to four bytes. */
final class ElfNotes {
    private static final int HEADER = 12;

    private ElfNotes() {}

    /** The descriptor of the note named VMCOREINFO. Broken notes end the search. */
    static Optional<byte[]> vmcoreinfo(ByteBuffer notes) {
        long at = 0;
        while (at + HEADER <= notes.limit()) {
            long nameLength = Integer.toUnsignedLong(notes.getInt((int) at));
            long length = Integer.toUnsignedLong(notes.getInt((int) at + 4));
            long name = at + HEADER;
            long descriptor = name + padded(nameLength);
            if (descriptor + length > notes.limit()) {
                return Optional.empty();
            }
            if (nameLength == 11 && "VMCOREINFO".equals(text(notes, (int) name, 10))) {
                byte[] content = new byte[(int) length];
                notes.get((int) descriptor, content);
                return Optional.of(content);
            }
            at = descriptor + padded(length);
        }
        return Optional.empty();
    }

    private static String text(ByteBuffer from, int at, int length) {
        byte[] bytes = new byte[length];
        from.get(at, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static long padded(long length) {
        return length + 3 & -4;
    }
}
