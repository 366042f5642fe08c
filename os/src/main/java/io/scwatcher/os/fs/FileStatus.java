package io.scwatcher.os.fs;

import io.scwatcher.vfs.FileType;

/**
 * What stat(2) and statx(2) tell of a file. Times are nanoseconds since the epoch.
 *
 * @param device {@code st_dev}, encoded as {@link DeviceNumber}
 * @param mode type and permission bits
 * @param specialDevice {@code st_rdev}
 * @param size bytes
 * @param blockSize the preferred size of transfers, bytes
 * @param blocks allocated units of 512 bytes
 */
public record FileStatus(long device, long inode, int mode, int links, int uid, int gid, long specialDevice, long size,
                         int blockSize, long blocks, long atime, long mtime, long ctime, long birthTime) {
    /** The {@code S_IFMT} bits of a mode. */
    public static final int TYPE_MASK = 0170000;

    public FileType type() {
        return type(mode);
    }

    /** The type that a mode says, or null where its type bits mean nothing. */
    public static FileType type(int mode) {
        return switch (mode & TYPE_MASK) {
            case 0010000 -> FileType.FIFO;
            case 0020000 -> FileType.CHARACTER_DEVICE;
            case 0040000 -> FileType.DIRECTORY;
            case 0060000 -> FileType.BLOCK_DEVICE;
            case 0100000 -> FileType.REGULAR;
            case 0120000 -> FileType.SYMBOLIC_LINK;
            case 0140000 -> FileType.SOCKET;
            default -> null;
        };
    }
}
