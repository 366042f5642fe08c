package io.scwatcher.vfs;

/**
 * What stat(2) tells of a node.
 *
 * @param permissions the mode's lower twelve bits
 * @param inode at least 1
 * @param size bytes; 0 for proc files, whatever they hold
 * @param deviceNumber of special files, else 0
 * @param mtimeNanos nanoseconds since the epoch, likewise taken for atime and ctime
 */
public record Attributes(FileType type, int permissions, long inode, int links, int uid, int gid, long size,
                         long deviceNumber, long mtimeNanos) {
    /** {@code st_mode}. */
    public int mode() {
        return type.modeBits() | permissions;
    }
}
