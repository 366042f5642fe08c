package io.scwatcher.host.fuse;

import io.scwatcher.vfs.Directory;
import java.util.function.Supplier;

/**
 * What a mount exports.
 *
 * @param generation the age of what the tree shows, compared by identity: when it answers with another object, every
 *     node is looked up again before it is used. The kernel holds on to nodes for as long as it likes (a shell's working
 *     directory); this keeps them from showing, and from holding in memory, an epoch of long ago.
 */
public record Tree(Directory root, Supplier<?> generation) {
    /** A tree whose nodes never go out of date. */
    public static Tree unchanging(Directory root) {
        return new Tree(root, () -> root);
    }
}
