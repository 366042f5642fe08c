package io.scwatcher.vfs;

import java.util.List;

/** A directory. */
public non-sealed interface Directory extends Node {
    /** The entry of that name, or null (ENOENT): absence is ordinary and must cost nothing. */
    Node lookup(String name);

    /** All entries without "." and "..", in the order in which readdir(3) gives them. */
    List<Entry> list();

    /**
     * One directory entry.
     *
     * @param inode as d_ino
     * @param type as d_type
     */
    record Entry(String name, long inode, FileType type) {}
}
