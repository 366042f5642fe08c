package io.scwatcher.kernel.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.RbTree;

/** The key retention service (security/keys). */
public final class Keys {
    private final Kernel kernel;

    public Keys(Kernel kernel) {
        this.kernel = kernel;
    }

    /** All {@code struct key} by serial number. */
    public Iterable<KObject> all() {
        return RbTree.inOrder(kernel.object("key_serial_tree", "rb_root"), "key", "serial_node");
    }

    /** All {@code struct key_user} by user id. */
    public Iterable<KObject> users() {
        return RbTree.inOrder(kernel.object("key_user_tree", "rb_root"), "key_user", "node");
    }
}
