package io.scwatcher.benchmarks;

import io.scwatcher.host.Watch;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.FileType;
import io.scwatcher.vfs.RegularFile;
import io.scwatcher.vfs.RegularFile.OpenFile;
import io.scwatcher.vfs.VfsException;
import io.scwatcher.vprocfs.ProcFs;
import java.util.List;

/** One full refresh: in a new epoch, with nothing cached but the profile, every process's files are read. */
final class TaskRefresh {
    private static final List<String> FILES = List.of("stat", "status", "statm", "cmdline");
    private static final ThreadLocal<byte[]> BUFFER = ThreadLocal.withInitial(() -> new byte[1 << 16]);

    private final Watch watch;
    private final boolean parallel;
    private int tasks;
    private long bytes;

    /** @param parallel on all processors instead of in one thread */
    TaskRefresh(Watch watch, boolean parallel) {
        this.watch = watch;
        this.parallel = parallel;
    }

    /** @return milliseconds */
    double run() {
        long start = System.nanoTime();
        Kernel epoch = watch.profile().epoch(watch.memory());
        Directory proc = new ProcFs(() -> epoch).root();
        List<String> processes = proc.list().stream().filter(TaskRefresh::isProcess).map(Directory.Entry::name).toList();
        var each = parallel ? processes.parallelStream() : processes.stream();
        bytes = each.mapToLong(name -> read(proc, name)).sum();
        tasks = processes.size();
        return (System.nanoTime() - start) / 1e6;
    }

    private static boolean isProcess(Directory.Entry entry) {
        return entry.type() == FileType.DIRECTORY && Character.isDigit(entry.name().charAt(0));
    }

    private static long read(Directory proc, String name) {
        long bytes = 0;
        if (proc.lookup(name) instanceof Directory process) {
            for (String file : FILES) {
                bytes += process.lookup(file) instanceof RegularFile regular ? read(regular) : 0;
            }
        }
        return bytes;
    }

    private static long read(RegularFile file) {
        try (OpenFile open = file.open()) {
            return open.readAll(BUFFER.get(), Long.MAX_VALUE, (_, _) -> {});
        } catch (VfsException gone) {
            // a live guest's task may end meanwhile
            return 0;
        }
    }

    int tasks() {
        return tasks;
    }

    long bytes() {
        return bytes;
    }
}
