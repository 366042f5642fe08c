package io.scwatcher.kernel.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.RbTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The kernel's own sysctl tables (fs/proc/proc_sysctl.c): directories are red-black trees of table entries by name. What
 * belongs to a namespace lies in that namespace's set and is linked from the root set; links are followed here, for the
 * sets of one network namespace and of the initial IPC, PID and user namespaces.
 */
public final class SysctlTables {
    private static final int S_IFMT = 0170000;
    private static final int S_IFDIR = 0040000;
    private static final int S_IFLNK = 0120000;
    private static final int NAME_LIMIT = 256;
    private static final int DEEPEST = 32;

    private final Kernel kernel;
    private final Map<Long, KObject> setsByRoot = new LinkedHashMap<>();

    /** @param network the {@code struct net} whose settings to show, or null for none */
    public SysctlTables(Kernel kernel, KObject network) {
        this.kernel = kernel;
        if (network != null && network.has("sysctls")) {
            addSet(network.at("sysctls"));
        }
        addSetOf("init_user_ns", "user_namespace", "set");
        addSetOf("init_ipc_ns", "ipc_namespace", "ipc_set");
        addSetOf("init_ipc_ns", "ipc_namespace", "mq_set");
        addSetOf("init_pid_ns", "pid_namespace", "set");
    }

    /** A {@code struct ctl_table} with its {@code struct ctl_table_header}. */
    public record TableEntry(KObject header, KObject table) {
        public String name() {
            return table.string("procname", NAME_LIMIT);
        }

        /** Permissions and file type. */
        public int mode() {
            return table.getInt("mode") & 0xffff;
        }

        public boolean isDirectory() {
            return (mode() & S_IFMT) == S_IFDIR;
        }

        boolean isLink() {
            return (mode() & S_IFMT) == S_IFLNK;
        }
    }

    /** {@code /proc/sys} itself: a {@code struct ctl_dir}. */
    public KObject root() {
        return kernel.object("sysctl_table_root", "ctl_table_root").at("default_set.dir");
    }

    /** The entries of a directory ({@code struct ctl_dir}) by name, links followed; what leads nowhere is left out. */
    public List<TableEntry> entries(KObject directory) {
        List<TableEntry> entries = new ArrayList<>();
        for (TableEntry entry : plainEntries(directory)) {
            TableEntry target = entry.isLink() ? follow(entry) : entry;
            if (target != null) {
                entries.add(target);
            }
        }
        return entries;
    }

    /** One entry of a directory by name, link followed; null if there is none. */
    public TableEntry find(KObject directory, String name) {
        for (TableEntry entry : plainEntries(directory)) {
            if (entry.name().equals(name)) {
                return entry.isLink() ? follow(entry) : entry;
            }
        }
        return null;
    }

    /** The directory that a directory entry stands for: its header is the first member of {@code struct ctl_dir}. */
    public KObject directory(TableEntry entry) {
        return entry.header.containerOf("ctl_dir", "header");
    }

    /** {@code sysctl_is_perm_empty_ctl_header}: a directory that is there only to be mounted on. */
    public boolean isMountPoint(KObject directory) {
        if (directory.has("header.type")) {
            return directory.get("header.type") == new Variables(kernel).constant(
                    "SYSCTL_TABLE_TYPE_PERMANENTLY_EMPTY", 1);
        }
        KObject table = directory.ptr("header.ctl_table");
        long marker = new Variables(kernel).addressOr("sysctl_mount_point", 0);
        return marker != 0 && table.has("child") && table.get("child") == marker;
    }

    private List<TableEntry> plainEntries(KObject directory) {
        List<TableEntry> entries = new ArrayList<>();
        int nodeSize = kernel.types().struct("ctl_node").size();
        for (KObject node : RbTree.inOrder(directory.at("root"), "ctl_node", "node")) {
            KObject header = node.ptr("header");
            long index = (node.address() - header.get("node")) / nodeSize;
            if (index < 0 || index > 1 << 16) {
                kernel.anomalies().record("sysctl node %#x is not of its header's table".formatted(node.address()));
                continue;
            }
            entries.add(new TableEntry(header, header.ptr("ctl_table").index(index)));
        }
        return entries;
    }

    /** {@code sysctl_follow_link}: the same place in the set of the namespace. */
    private TableEntry follow(TableEntry link) {
        KObject set = setsByRoot.get(link.table.get("data"));
        if (set == null) {
            return null;
        }
        KObject directory = translate(set, link.header.ptr("parent"), 0);
        return directory == null ? null : findPlain(directory, link.name());
    }

    /** {@code xlate_dir}: the directory of the same path in another set. */
    private KObject translate(KObject set, KObject directory, int depth) {
        KObject parent = directory.ptr("header.parent");
        if (parent.isNull() || depth > DEEPEST) {
            return set.at("dir");
        }
        KObject translated = translate(set, parent, depth + 1);
        if (translated == null) {
            return null;
        }
        TableEntry found = findPlain(translated, directory.ptr("header.ctl_table").string("procname", NAME_LIMIT));
        return found == null || !found.isDirectory() ? null : directory(found);
    }

    private TableEntry findPlain(KObject directory, String name) {
        for (TableEntry entry : plainEntries(directory)) {
            if (entry.name().equals(name)) {
                return entry;
            }
        }
        return null;
    }

    private void addSetOf(String symbol, String structure, String member) {
        if (kernel.symbols().has(symbol) && kernel.types().struct(structure).has(member)) {
            addSet(kernel.object(symbol, structure).at(member));
        }
    }

    /** A set's own directory names the root that looks it up, which is what links carry. */
    private void addSet(KObject set) {
        setsByRoot.put(set.get("dir.header.root"), set);
    }
}
