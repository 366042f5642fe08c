package io.scwatcher.memory.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The mappings of a process, from {@code /proc/PID/maps}. See proc_pid_maps(5). */
public final class ProcMaps {
    private ProcMaps() {}

    /**
     * One mapping.
     *
     * @param permissions as in {@code rw-s}
     * @param offset in the file, if there is one
     * @param device as in {@code 00:01}
     * @param inode 0 for anonymous memory
     */
    public record Mapping(
            long start, long end, String permissions, long offset, String device, long inode, String path) {
        public long length() {
            return end - start;
        }

        public boolean readable() {
            return permissions.startsWith("r");
        }

        public boolean writable() {
            return permissions.startsWith("rw");
        }

        public boolean shared() {
            return permissions.endsWith("s");
        }

        public boolean contains(long address) {
            return address >= start && address < end;
        }
    }

    /** All mappings, ascending. */
    public static List<Mapping> of(int pid) throws IOException {
        List<Mapping> mappings = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/maps"), StandardCharsets.ISO_8859_1)) {
            String[] field = line.split(" +", 6);
            int dash = field[0].indexOf('-');
            mappings.add(new Mapping(
                    Long.parseUnsignedLong(field[0], 0, dash, 16),
                    Long.parseUnsignedLong(field[0], dash + 1, field[0].length(), 16),
                    field[1], Long.parseUnsignedLong(field[2], 16), field[3], Long.parseLong(field[4]),
                    field.length > 5 ? field[5] : ""));
        }
        return mappings;
    }
}
