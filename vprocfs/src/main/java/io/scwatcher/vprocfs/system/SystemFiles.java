package io.scwatcher.vprocfs.system;

import io.scwatcher.vprocfs.SystemFile;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The table of the files about the system as a whole: one line for each. */
public final class SystemFiles {
    private static final Map<String, Entry> TABLE = Collections.unmodifiableMap(new Builder()
            .add("loadavg", 0444, new LoadAverageFile())
            .add("meminfo", 0444, new MemInfoFile())
            .add("modules", 0444, new ModulesFile())
            .add("stat", 0444, new StatFile())
            .add("uptime", 0444, new UptimeFile())
            .add("version", 0444, new VersionFile())
            .entries);

    private SystemFiles() {}

    /**
     * A file.
     *
     * @param mode the permissions that the kernel gives it
     */
    public record Entry(int mode, SystemFile file) {}

    /** All files by path below /proc ({@code tty/drivers}), in the order of the table. */
    public static Map<String, Entry> table() {
        return TABLE;
    }

    private static final class Builder {
        private final Map<String, Entry> entries = new LinkedHashMap<>();

        Builder add(String path, int mode, SystemFile file) {
            entries.put(path, new Entry(mode, file));
            return this;
        }
    }
}
