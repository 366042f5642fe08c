package io.scwatcher.os.fs;

/** Somebody who wants to know what happens to an inode; events as inotify(7) numbers them. */
@FunctionalInterface
public interface InodeWatch {
    int ACCESS = 0x1, MODIFY = 0x2, ATTRIB = 0x4, CLOSE_WRITE = 0x8, CLOSE_NOWRITE = 0x10, OPEN = 0x20, MOVED_FROM = 0x40, MOVED_TO = 0x80, CREATE = 0x100,
            DELETE = 0x200, DELETE_SELF = 0x400, MOVE_SELF = 0x800;

    /**
     * Something happened. Called with locks of the file system held: must neither block nor call back.
     *
     * @param cookie joins the two events of a rename; else 0
     * @param name of the entry, for events of a directory's entries; else null
     * @param directory whether it happened to a directory
     */
    void happened(int event, int cookie, String name, boolean directory);
}
