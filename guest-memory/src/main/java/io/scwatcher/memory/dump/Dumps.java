package io.scwatcher.memory.dump;

import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.GuestMemoryException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Memory dumps in files. The content says which format it is, never the name. */
public final class Dumps {
    private static final int START = 4096;
    private static final Pattern WITH_HOLE = Pattern.compile("(.+),low=(\\d{1,6})([MG])");

    private Dumps() {}

    /**
     * @param name path of the file; for a raw image of RAM without its hole {@code PATH,low=2G} says where that starts
     * @return the memory, or each that is possible, the likeliest first, if it is a raw image
     * @throws GuestMemoryException if the file cannot be read, or is no dump that is known
     */
    public static List<GuestMemory> open(String name) {
        Path path = Path.of(name);
        Matcher hole = WITH_HOLE.matcher(name);
        boolean withHole = !Files.exists(path) && hole.matches();
        if (withHole) {
            path = Path.of(hole.group(1));
        }
        if (name.isEmpty() || !Files.exists(path)) {
            throw new GuestMemoryException(
                    "'%s' is no process id, no socket and no file; `scwatcher vms` lists the VMs of this host"
                            .formatted(name));
        }
        if (!Files.isRegularFile(path)) {
            throw new GuestMemoryException(path + " is no regular file; name a dump file");
        }
        if (withHole) {
            long unit = hole.group(3).equals("G") ? 1L << 30 : 1L << 20;
            long low = Integer.parseInt(hole.group(2)) * unit;
            return opened(DumpFile.openSparse(path), file -> List.of(RawImage.withHole(file, low)));
        }
        List<GuestMemory> found = opened(DumpFile.open(path), Dumps::byContent);
        return found.isEmpty() ? opened(DumpFile.openSparse(path), RawImage::candidates) : found;
    }

    private static List<GuestMemory> opened(DumpFile file, Function<DumpFile, List<GuestMemory>> format) {
        try {
            return format.apply(file);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** @return nothing if the file has no header that is known; then it is closed */
    private static List<GuestMemory> byContent(DumpFile file) {
        byte[] start = start(file);
        DumpFile dump = file;
        if (Flattened.recognizes(start)) {
            dump = Flattened.open(file);
            start = start(dump);
        }
        if (ElfCore.recognizes(start)) {
            return List.of(ElfCore.open(dump));
        }
        if (KdumpFile.recognizes(start)) {
            return List.of(KdumpFile.open(dump));
        }
        if (LimeDump.recognizes(start)) {
            return List.of(LimeDump.open(dump));
        }
        if (AvmlDump.recognizes(start)) {
            return List.of(AvmlDump.open(dump));
        }
        file.close();
        return List.of();
    }

    private static byte[] start(DumpFile file) {
        return file.bytes(0, (int) Math.min(START, file.size()), "start");
    }
}
