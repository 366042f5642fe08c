package io.scwatcher.vfs;

/** The file types of stat(2) and readdir(3). */
public enum FileType {
    /** Of anonymous inodes: eventfd, epoll and the like had no type before Linux 6.16. */
    UNKNOWN(0x0, 0),
    FIFO(0x1, 0010000),
    CHARACTER_DEVICE(0x2, 0020000),
    DIRECTORY(0x4, 0040000),
    BLOCK_DEVICE(0x6, 0060000),
    REGULAR(0x8, 0100000),
    SYMBOLIC_LINK(0xa, 0120000),
    SOCKET(0xc, 0140000);

    private final int direntType;
    private final int modeBits;

    FileType(int direntType, int modeBits) {
        this.direntType = direntType;
        this.modeBits = modeBits;
    }

    /** {@code d_type}. */
    public int direntType() {
        return direntType;
    }

    /** The {@code S_IFMT} part of {@code st_mode}. */
    public int modeBits() {
        return modeBits;
    }
}
