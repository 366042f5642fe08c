package io.scwatcher.os.fs;

import io.scwatcher.os.Layer;

/** One file system: what several mounts can show. Safe for several threads. */
public interface FileSystem {
    /** As in /proc/filesystems: {@code tmpfs}, {@code proc} ... */
    String type();

    /** The root directory; always the same object. */
    Dentry root();

    /** What statfs(2) tells. */
    Statistics statistics();

    /** {@code st_dev} of its files. */
    long device();

    /** It becomes part of a layer: called once, before any program runs. */
    default void attach(Layer layer) {}

    /**
     * Blocks and inodes; sizes in units of {@code blockSize} bytes.
     *
     * @param magic {@code f_type} (include/uapi/linux/magic.h)
     */
    record Statistics(long magic, int blockSize, long blocks, long freeBlocks, long inodes, long freeInodes, int nameLength) {}
}
