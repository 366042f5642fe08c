package io.scwatcher.memory.dump;

import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.GuestMemoryException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Memory dumps in files. The content says which format it is, never the name. */
public final class Dumps {
    private static final int START = 4096;

    private Dumps() {}

    /** @throws GuestMemoryException if the file cannot be read, or is no dump that is known */
    public static GuestMemory open(Path path) {
        if (Files.isDirectory(path)) {
            throw new GuestMemoryException(path + " is a directory; name the dump file in it");
        }
        DumpFile file = new DumpFile(path);
        try {
            return open(file);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static GuestMemory open(DumpFile file) {
        byte[] start = file.bytes(0, (int) Math.min(START, file.size()), "start");
        if (ElfCore.recognizes(start)) {
            return ElfCore.open(file);
        }
        throw new GuestMemoryException(file.name() + " is no memory dump of a known format");
    }
}
