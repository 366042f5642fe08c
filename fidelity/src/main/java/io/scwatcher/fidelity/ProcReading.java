package io.scwatcher.fidelity;

import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.Node;
import io.scwatcher.vfs.RegularFile;
import io.scwatcher.vfs.SpecialFile;
import io.scwatcher.vfs.SymbolicLink;
import io.scwatcher.vfs.VfsException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/**
 * What reading a node of ours to its end gives.
 *
 * @param content what came, also in front of an error
 * @param error errno of opening or reading, else 0
 */
record ProcReading(byte[] content, int error) {
    private static final int CHUNK = 1 << 16;
    /** That of procwalk.c. */
    private static final int LIMIT = 32 << 20;

    static ProcReading read(RegularFile file) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        try (RegularFile.OpenFile open = file.open()) {
            open.readAll(new byte[CHUNK], LIMIT, (bytes, length) -> content.write(bytes, 0, length));
            return new ProcReading(content.toByteArray(), 0);
        } catch (VfsException failure) {
            return new ProcReading(content.toByteArray(), failure.errno().number());
        }
    }

    static ProcReading read(SymbolicLink link) {
        try {
            return new ProcReading(link.target().getBytes(StandardCharsets.ISO_8859_1), 0);
        } catch (VfsException failure) {
            return new ProcReading(new byte[0], failure.errno().number());
        }
    }

    /** Reads the file or link at a path; a directory reads as its entries, one in a line. */
    static ProcReading at(Directory root, String path) {
        Node node = root;
        for (String name : path.split("/")) {
            node = node instanceof Directory directory ? lookup(directory, name) : null;
        }
        return switch (node) {
            case null -> new ProcReading(new byte[0], Errno.ENOENT.number());
            case RegularFile file -> read(file);
            case SymbolicLink link -> read(link);
            case Directory directory -> new ProcReading(directory.list().stream().map(entry -> entry.name() + "\n")
                    .collect(Collectors.joining()).getBytes(StandardCharsets.ISO_8859_1), 0);
            case SpecialFile special -> new ProcReading(new byte[0], 0);
        };
    }

    /** The entry of that name; null also where looking it up fails. */
    static Node lookup(Directory directory, String name) {
        try {
            return directory.lookup(name);
        } catch (VfsException failure) {
            return null;
        }
    }

    /** The content, one {@code char} for each byte. */
    String text() {
        return new String(content, StandardCharsets.ISO_8859_1);
    }
}
