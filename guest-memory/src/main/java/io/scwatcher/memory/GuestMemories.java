package io.scwatcher.memory;

import io.scwatcher.memory.dump.Dumps;
import io.scwatcher.memory.qemu.QemuSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** Opens the memory of a VM by what a person calls it. */
public final class GuestMemories {
    private static final int S_IFMT = 0170000;
    private static final int S_IFSOCK = 0140000;

    /** A kind of source: the names that it takes, and how it opens one. Another kind is one more line below. */
    private record Opener(Predicate<String> takes, Function<String, List<GuestMemory>> open) {}

    private static final List<Opener> OPENERS = List.of(
            new Opener(GuestMemories::isProcessId, vm -> QemuSource.open(Integer.parseInt(vm))),
            new Opener(GuestMemories::isSocket, vm -> List.of(QemuSource.open(Path.of(vm)))),
            new Opener(vm -> true, vm -> Dumps.open(vm)));

    private GuestMemories() {}

    /**
     * @param vm process id of a QEMU, path of its QMP socket, or path of a dump file
     * @throws GuestMemoryException one line: what is wrong with {@code vm} and what to do
     */
    public static GuestMemory open(String vm) {
        List<GuestMemory> candidates = candidates(vm);
        candidates.stream().skip(1).forEach(GuestMemory::close);
        return candidates.getFirst();
    }

    /**
     * Like {@link #open}, with every memory map that is possible where the source cannot tell, the likeliest first.
     * Mostly that is one. Who knows what should lie in the memory chooses; the caller closes all.
     */
    public static List<GuestMemory> candidates(String vm) {
        return OPENERS.stream().filter(opener -> opener.takes.test(vm)).findFirst().orElseThrow().open.apply(vm);
    }

    private static boolean isProcessId(String vm) {
        return vm.matches("[1-9][0-9]{0,8}");
    }

    private static boolean isSocket(String vm) {
        try {
            return ((int) Files.getAttribute(Path.of(vm), "unix:mode") & S_IFMT) == S_IFSOCK;
        } catch (IOException e) {
            return false;
        }
    }
}
