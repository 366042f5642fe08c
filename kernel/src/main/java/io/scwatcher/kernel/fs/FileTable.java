package io.scwatcher.kernel.fs;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.memory.VirtualMemory;
import io.scwatcher.kernel.task.Task;
import java.util.ArrayList;
import java.util.List;

/**
 * A process's open files.
 *
 * @param object the {@code struct files_struct}
 */
public record FileTable(KObject object) {
    /** Twice what a process can open unless {@code fs.nr_open} is raised. */
    private static final int MOST_FILES = 1 << 21;

    /** One descriptor. */
    public record Descriptor(int number, OpenFile file) {}

    /** A task's table, or null after it exited. */
    public static FileTable of(Task task) {
        KObject files = task.object().ptr("files");
        return files.isNull() ? null : new FileTable(files);
    }

    /** Slots allocated, {@code FDSize}. */
    public int size() {
        return (int) Math.clamp(object.ptr("fdt").get("max_fds"), 0, MOST_FILES);
    }

    /** The open descriptors, ascending. */
    public List<Descriptor> descriptors() {
        KObject table = object.ptr("fdt");
        VirtualMemory memory = object.memory();
        long open = table.get("open_fds");
        long files = table.get("fd");
        int size = size();
        List<Descriptor> descriptors = new ArrayList<>();
        for (int base = 0; base < size; base += Long.SIZE) {
            long word = memory.u64(open + base / 8);
            for (; word != 0; word &= word - 1) {
                int number = base + Long.numberOfTrailingZeros(word);
                long file = number < size ? memory.u64(files + (long) number * Long.BYTES) : 0;
                if (file != 0) {
                    descriptors.add(new Descriptor(number, file(file)));
                }
            }
        }
        return descriptors;
    }

    /** The open file of a descriptor, or null. */
    public OpenFile find(int number) {
        if (number < 0 || number >= size()) {
            return null;
        }
        long file = object.memory().u64(object.ptr("fdt").get("fd") + (long) number * Long.BYTES);
        return file == 0 ? null : file(file);
    }

    /** How many descriptors are open: what stat(2) gives as the size of /proc/PID/fd since 6.2. */
    public int count() {
        KObject table = object.ptr("fdt");
        long open = table.get("open_fds");
        int size = size();
        int count = 0;
        for (int base = 0; base < size; base += Long.SIZE) {
            count += Long.bitCount(object.memory().u64(open + base / 8));
        }
        return count;
    }

    /** Whether a descriptor is closed on exec. */
    public boolean closesOnExec(int number) {
        long bitmap = object.ptr("fdt").get("close_on_exec");
        return (object.memory().u8(bitmap + number / 8) >> number % 8 & 1) != 0;
    }

    private OpenFile file(long address) {
        return new OpenFile(object.kernel().at(address, "file"));
    }
}
