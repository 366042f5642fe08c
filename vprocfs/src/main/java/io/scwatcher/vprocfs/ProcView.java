package io.scwatcher.vprocfs;

import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.fs.Path;
import io.scwatcher.kernel.fs.TaskFs;
import io.scwatcher.kernel.memory.MemoryFault;
import io.scwatcher.kernel.system.Timekeeping;
import io.scwatcher.kernel.task.PidNamespace;
import io.scwatcher.kernel.task.Task;
import io.scwatcher.kernel.type.NoSuchFieldInKernel;
import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.FileType;
import io.scwatcher.vfs.RegularFile;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One mount of proc during one epoch: whose processes it shows, by which numbers, and from which root paths are told.
 * Safe for several threads.
 */
public final class ProcView {
    private static final FileType[] FILE_TYPES = FileType.values();

    private final Kernel kernel;
    private final PidNamespace namespace;
    private final SelfProvider self;
    private final Map<String, Object> remembered = new ConcurrentHashMap<>();

    public ProcView(Kernel kernel, PidNamespace namespace, SelfProvider self) {
        this.kernel = kernel;
        this.namespace = namespace;
        this.self = self;
    }

    public Kernel kernel() {
        return kernel;
    }

    public PidNamespace namespace() {
        return namespace;
    }

    public SelfProvider self() {
        return self;
    }

    /** The root from which paths are told: that of the namespace's init, which stands for the reader. */
    public Path root() {
        return remember("root", () -> {
            Task reader = namespace.childReaper();
            Path root = TaskFs.root(reader);
            return root != null ? root : TaskFs.root(new Task(kernel.object("init_task", "task_struct")));
        });
    }

    /** Computes something once in this epoch. */
    @SuppressWarnings("unchecked")
    public <T> T remember(String key, Supplier<T> maker) {
        Object known = remembered.get(key);
        if (known == null) {
            known = maker.get();
            remembered.put(key, known);
        }
        return (T) known;
    }

    /** Attributes of a proc file: no size, the time of the epoch. */
    public Attributes attributes(int mode, long inode, int links, int uid, int gid, long size) {
        return new Attributes(type(mode), mode & 07777, Math.max(1, inode), links, uid, gid, size, 0, now());
    }

    /** The guest's time of day at this epoch, 0 where it cannot be read: proc's files are as old as their first lookup. */
    private long now() {
        return remember("now", () -> {
            try {
                return new Timekeeping(kernel).real();
            } catch (MemoryFault | NoSuchFieldInKernel broken) {
                kernel.anomalies().record("the time of day: " + broken.getMessage());
                return 0L;
            }
        });
    }

    /** A file whose text is printed when it is opened. @param name its path below /proc, for anomalies */
    public RegularFile file(String name, Attributes attributes, Consumer<ProcText> printer) {
        return new GeneratedFile(name, attributes, kernel.anomalies(), printer);
    }

    /** The file type in a {@code st_mode}. */
    public static FileType type(int mode) {
        for (FileType type : FILE_TYPES) {
            if (type.modeBits() == (mode & 0170000)) {
                return type;
            }
        }
        return FileType.REGULAR;
    }
}
