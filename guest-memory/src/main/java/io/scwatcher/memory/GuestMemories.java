package io.scwatcher.memory;

import io.scwatcher.memory.dump.Dumps;
import io.scwatcher.memory.qemu.QemuSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens the memory of a VM by what a person calls it. */
public final class GuestMemories {
    private static final int S_IFMT = 0170000;
    private static final int S_IFSOCK = 0140000;

    private GuestMemories() {}

    /**
     * @param vm path of a dump file
     * @throws GuestMemoryException one line: what is wrong with {@code vm} and what to do
     */
    public static GuestMemory open(String vm) {
        Path path = Path.of(vm);
        if (isSocket(path)) {
            return QemuSource.open(path);
        }
        if (Files.exists(path)) {
            return Dumps.open(path);
        }
        throw new GuestMemoryException(
                vm + " is no file; name a dump file");
    }

    private static boolean isSocket(Path path) {
        try {
            return ((int) Files.getAttribute(path, "unix:mode") & S_IFMT) == S_IFSOCK;
        } catch (IOException e) {
            return false;
        }
    }
}
