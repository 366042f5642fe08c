package io.scwatcher.kernel.fs;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.collection.RbTree;
import io.scwatcher.kernel.net.NetNamespace;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A node of a kernfs, of which sysfs and the hierarchies of control groups are made (fs/kernfs/dir.c). All its names are in memory, whether anybody
 * has looked at them or not.
 *
 * @param object the {@code struct kernfs_node}
 */
public record KernfsNode(KObject object) {
    private static final int TYPE_MASK = 0x0f;
    private static final int DIRECTORY = 1;
    private static final int LINK = 4;
    private static final int DEEPEST = 256;
    private static final int LONGEST_NAME = 255;
    private static final int MOST_CHILDREN = 1 << 17;

    /** "" for a root. */
    public String name() {
        return object.string("name", LONGEST_NAME);
    }

    public boolean isDirectory() {
        return (flags() & TYPE_MASK) == DIRECTORY;
    }

    public boolean isLink() {
        return (flags() & TYPE_MASK) == LINK;
    }

    /** {@code st_mode}. */
    public int mode() {
        return object.getInt("mode") & 0xffff;
    }

    /** The inode's number, which is the whole of {@code id} on 64-bit machines. */
    public long inode() {
        return object.get("id");
    }

    /** {@code nlink}: of directories as many as there are directories in it, and two. */
    public int links() {
        return isDirectory() ? (int) object.get("dir.subdirs") + 2 : 1;
    }

    /** {@code st_size}. */
    public long size() {
        return isDirectory() || isLink() ? 0 : object.get("attr.size");
    }

    /** The owners that somebody gave it, else root. */
    public int uid() {
        KObject own = object.ptr("iattr");
        return own.isNull() ? 0 : (int) own.get("ia_uid.val");
    }

    public int gid() {
        KObject own = object.ptr("iattr");
        return own.isNull() ? 0 : (int) own.get("ia_gid.val");
    }

    /** What the file system keeps of it: of a directory of sysfs the {@code struct kobject}, of a file the {@code struct attribute}. */
    public long data() {
        return object.get("priv");
    }

    /** The directory that it is in; null for a root. */
    public KernfsNode parent() {
        // 6.15 marked the parent as protected by RCU and renamed it.
        KObject parent = object.ptr(object.has("__parent") ? "__parent" : "parent");
        return parent.isNull() ? null : new KernfsNode(parent);
    }

    /** What a link leads to. */
    public KernfsNode target() {
        return new KernfsNode(object.ptr("symlink.target_kn"));
    }

    /** The text of a link: {@code kernfs_get_target_path} (fs/kernfs/symlink.c). */
    public String targetPath() {
        String above = "";
        KernfsNode base = parent();
        for (int up = 0; up < DEEPEST && base != null && base.parent() != null && !isBelow(target(), base); up++) {
            above += "../";
            base = base.parent();
        }
        String below = "";
        KernfsNode at = target();
        for (int down = 0; down < DEEPEST && at.parent() != null && (base == null || !at.isSame(base)); down++) {
            below = below.isEmpty() ? at.name() : at.name() + "/" + below;
            at = at.parent();
        }
        return above + below;
    }

    public boolean isSame(KernfsNode other) {
        return object.address() == other.object.address();
    }

    /**
     * What a directory shows in the initial network namespace, by name, in the order of readdir: {@code kernfs_dir_pos}. Nodes that are being made
     * or removed are left out.
     */
    public Map<String, KernfsNode> children() {
        Map<String, KernfsNode> children = new LinkedHashMap<>();
        long tagged = object.kernel().types().enumerator("KERNFS_NS").orElse(0x20);
        boolean byNamespace = (flags() & tagged) != 0;
        for (KObject child : RbTree.inOrder(object.at("dir.children"), "kernfs_node", "rb")) {
            boolean active = child.getInt("active.counter") >= 0;
            if (active && (!byNamespace || isInitial(child.get("ns"))) && children.size() < MOST_CHILDREN) {
                KernfsNode node = new KernfsNode(child);
                children.put(node.name(), node);
            }
        }
        return children;
    }

    /** Directories are tagged with the namespace itself, since 7.1 with the part of it that all namespaces have. */
    private boolean isInitial(long tag) {
        KObject net = NetNamespace.initial(object.kernel()).net();
        return tag == net.address() || tag == net.at("ns").address();
    }

    private static boolean isBelow(KernfsNode node, KernfsNode base) {
        KernfsNode at = node.parent();
        for (int up = 0; up < DEEPEST && at != null; up++) {
            if (at.isSame(base)) {
                return true;
            }
            at = at.parent();
        }
        return false;
    }

    private int flags() {
        return object.getInt("flags");
    }
}
