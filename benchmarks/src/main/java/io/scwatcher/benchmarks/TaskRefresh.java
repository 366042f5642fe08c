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

    private final Watch watch;
    private final byte[] buffer = new byte[1 << 16];
    private int tasks;
    private long bytes;

    TaskRefresh(Watch watch) {
        this.watch = watch;
    }

    /** @return milliseconds */
    double run() {
        long start = System.nanoTime();
        Kernel epoch = watch.profile().epoch(watch.memory());
        Directory proc = new ProcFs(() -> epoch).root();
        tasks = 0;
        bytes = 0;
        for (Directory.Entry entry : proc.list()) {
            if (entry.type() == FileType.DIRECTORY && Character.isDigit(entry.name().charAt(0))
                    && proc.lookup(entry.name()) instanceof Directory process) {
                tasks++;
                for (String name : FILES) {
                    read(process, name);
                }
            }
        }
        return (System.nanoTime() - start) / 1e6;
    }

    private void read(Directory process, String name) {
        if (process.lookup(name) instanceof RegularFile file) {
            try (OpenFile open = file.open()) {
                long position = 0;
                for (int count; (count = open.read(position, buffer, 0, buffer.length)) > 0;) {
                    position += count;
                }
                bytes += position;
            } catch (VfsException gone) {
                // a live guest's task may end meanwhile
            }
        }
    }

    int tasks() {
        return tasks;
    }

    long bytes() {
        return bytes;
    }
}
