package io.scwatcher.kernel.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.Lists;
import java.util.List;

/** Block devices (block/bdev.c, block/genhd.c). */
public final class BlockDevices {
    private BlockDevices() {}

    /** The inodes of all block devices: those of {@code blockdev_superblock}. */
    public static Iterable<KObject> inodes(Kernel kernel) {
        long superblock = new Variables(kernel).u64("blockdev_superblock", 0);
        return superblock == 0 ? List.of()
                : Lists.list(kernel.at(superblock, "super_block").at("s_inodes"), "inode", "i_sb_list");
    }
}
