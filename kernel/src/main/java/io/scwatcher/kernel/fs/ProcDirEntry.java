package io.scwatcher.kernel.fs;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.RbTree;
import java.util.ArrayList;
import java.util.List;

/**
 * An entry of the kernel's own description of /proc (fs/proc/internal.h): the tree of what drivers and subsystems
 * registered there.
 *
 * @param object the {@code struct proc_dir_entry}
 */
public record ProcDirEntry(KObject object) {
    private static final int LONGEST_NAME = 255;
    private static final int MOST_ENTRIES = 1 << 20;

    /** /proc itself; null where the symbol table has no data symbols. */
    public static ProcDirEntry root(Kernel kernel) {
        return kernel.symbols().has("proc_root") ? new ProcDirEntry(kernel.object("proc_root", "proc_dir_entry")) : null;
    }

    public String name() {
        return object.string("name", nameLength());
    }

    private int nameLength() {
        return Math.min(LONGEST_NAME, object.getInt("namelen") & 0xff);
    }

    /** {@code st_mode}, with the file type. */
    public int mode() {
        return object.getInt("mode");
    }

    public long inode() {
        return object.get("low_ino") & 0xffff_ffffL;
    }

    public int links() {
        return object.getInt("nlink");
    }

    public int uid() {
        return object.getInt("uid.val");
    }

    public int gid() {
        return object.getInt("gid.val");
    }

    public long size() {
        return object.get("size");
    }

    /** What a symbolic link points to. */
    public String linkTarget() {
        return object.string("data", 4096);
    }

    /** The entries in the order of readdir: by length of the name, then by its bytes. */
    public List<ProcDirEntry> children() {
        List<ProcDirEntry> children = new ArrayList<>();
        for (KObject child : RbTree.inOrder(object.at("subdir"), "proc_dir_entry", "subdir_node")) {
            children.add(new ProcDirEntry(child));
            if (children.size() >= MOST_ENTRIES) {
                break;
            }
        }
        return children;
    }

    /** {@code pde_subdir_find}: down the tree as the kernel goes; null if there is none. */
    public ProcDirEntry child(String name) {
        long node = object.get("subdir.rb_node");
        for (int depth = 0; node != 0 && depth < 128; depth++) {
            ProcDirEntry entry = new ProcDirEntry(
                    object.kernel().at(node, "rb_node").containerOf("proc_dir_entry", "subdir_node"));
            int order = entry.compare(name);
            if (order == 0) {
                return entry;
            }
            node = entry.object.get(order < 0 ? "subdir_node.rb_left" : "subdir_node.rb_right");
        }
        return null;
    }

    /** {@code proc_match}: where the name lies from this one. Most names are told apart by their lengths. */
    private int compare(String wanted) {
        int length = nameLength();
        return wanted.length() != length ? Integer.compare(wanted.length(), length) : wanted.compareTo(name());
    }
}
