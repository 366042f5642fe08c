package io.scwatcher.memory;

import io.scwatcher.memory.dump.Dumps;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens the memory of a VM by what a person calls it. */
public final class GuestMemories {
    private GuestMemories() {}

    /**
     * @param vm path of a dump file
     * @throws GuestMemoryException one line: what is wrong with {@code vm} and what to do
     */
    public static GuestMemory open(String vm) {
        Path path = Path.of(vm);
        if (Files.exists(path)) {
            return Dumps.open(path);
        }
        throw new GuestMemoryException(
                vm + " is no file; name a dump file");
    }
}
