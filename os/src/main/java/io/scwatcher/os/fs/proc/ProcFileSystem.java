package io.scwatcher.os.fs.proc;

import io.scwatcher.os.Layer;
import io.scwatcher.os.fs.Dentry;
import io.scwatcher.os.fs.DeviceNumber;
import io.scwatcher.os.fs.FileSystem;
import io.scwatcher.vfs.Directory;

/**
 * /proc of a layer. With a system's own proc tree it is that, in everything, except that the layer's own processes find themselves: by {@code self}, by
 * {@code thread-self} and by their numbers, which lie above the system's and show in no listing. Without one it is a small proc of the layer's processes.
 */
public final class ProcFileSystem implements FileSystem {
    public static final long PROC_SUPER_MAGIC = 0x9fa0;
    private static final Statistics STATISTICS = new Statistics(PROC_SUPER_MAGIC, 4096, 0, 0, 0, 0, 255);

    private final Directory system;
    private final Dentry root;
    private volatile Layer layer;

    /** @param system the system's proc tree, or null */
    public ProcFileSystem(Directory system) {
        this.system = system;
        this.root = new Dentry(null, "/", system == null ? new LayerRoot(this) : new SystemRoot(this, system));
    }

    @Override
    public void attach(Layer layer) {
        this.layer = layer;
    }

    Layer layer() {
        return layer;
    }

    /** The system's proc tree, or null. */
    Directory system() {
        return system;
    }

    @Override
    public String type() {
        return "proc";
    }

    @Override
    public Dentry root() {
        return root;
    }

    @Override
    public Statistics statistics() {
        return STATISTICS;
    }

    @Override
    public long device() {
        return DeviceNumber.of(0, 5);
    }
}
