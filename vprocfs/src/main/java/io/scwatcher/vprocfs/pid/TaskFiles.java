package io.scwatcher.vprocfs.pid;

import java.util.Map;

/** All printers of /proc/PID and /proc/PID/task/TID by name. Which of them a guest has, its kernel tells. */
public final class TaskFiles {
    private static final Map<String, TaskFile> BY_NAME = Map.ofEntries(
            Map.entry("cmdline", new CmdlineFile()),
            Map.entry("comm", new CommFile()),
            Map.entry("stat", new StatFile()),
            Map.entry("statm", new StatmFile()),
            Map.entry("status", new StatusFile()));

    private TaskFiles() {}

    /** The printer of that name, or null. */
    static TaskFile find(String name) {
        return BY_NAME.get(name);
    }
}
