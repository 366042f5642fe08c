package io.scwatcher.vfs.tree;

import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.FileType;
import io.scwatcher.vfs.SymbolicLink;

/**
 * A symbolic link with a fixed target.
 *
 * @param target the link's text, one {@code char} for each byte
 */
public record MemoryLink(Attributes attributes, String target) implements SymbolicLink {
    /** A link as in /proc: mode 0777, owned by root, size 0. */
    public MemoryLink(long inode, String target) {
        this(new Attributes(FileType.SYMBOLIC_LINK, 0777, inode, 1, 0, 0, 0, 0, 0), target);
    }
}
