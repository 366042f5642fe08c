package io.scwatcher.host.fuse;

/** Numbers of the FUSE kernel protocol, include/uapi/linux/fuse.h. Structures are in {@link Request} and {@link Reply}. */
final class Protocol {
    /** Structures are those of 7.31 (Linux 5.4); a kernel speaks down to what we answer. */
    static final int MAJOR = 7;
    static final int MINOR = 31;
    /** The first minor version whose {@code fuse_init_out} has 64 bytes (Linux 4.2); nothing older is served. */
    static final int OLDEST_MINOR = 23;

    static final int LOOKUP = 1;
    static final int FORGET = 2;
    static final int GETATTR = 3;
    static final int READLINK = 5;
    static final int OPEN = 14;
    static final int READ = 15;
    static final int STATFS = 17;
    static final int RELEASE = 18;
    static final int INIT = 26;
    static final int OPENDIR = 27;
    static final int READDIR = 28;
    static final int RELEASEDIR = 29;
    static final int INTERRUPT = 36;
    static final int DESTROY = 38;
    static final int BATCH_FORGET = 42;

    static final int INIT_ASYNC_READ = 1;
    static final int INIT_PARALLEL_DIROPS = 1 << 18;
    static final int INIT_MAX_PAGES = 1 << 22;

    /** An open reply's flag: reads go past the page cache, so the size that stat(2) tells does not bound them. */
    static final int FOPEN_DIRECT_IO = 1;

    static final long ROOT_ID = 1;
    static final int IN_HEADER = 40;
    static final int OUT_HEADER = 16;
    /** {@code struct fuse_attr}. */
    static final int ATTRIBUTES = 88;
    /** {@code struct fuse_dirent} without its name. */
    static final int DIRENT = 24;
    static final int BATCH_FORGET_ENTRY = 16;

    /** Pages of 4 KiB in the largest read. */
    static final int MAX_PAGES = 256;
    static final int LARGEST_READ = MAX_PAGES * 4096;
    /** The largest write that the kernel may send; there are none, but it wants at least a page. */
    static final int MAX_WRITE = 4096;
    /** Longest name that the kernel takes in a directory entry. */
    static final int LONGEST_NAME = 255;
    /** The kernel takes a link's text of less than a page. */
    static final int LONGEST_LINK = 4095;

    private Protocol() {}
}
