package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.symbol.Symbol;
import io.scwatcher.kernel.task.PidNamespace;
import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.FileType;
import io.scwatcher.vfs.MagicLink.FileObject;
import io.scwatcher.vfs.Node;
import io.scwatcher.vprocfs.FileObjects;
import io.scwatcher.vprocfs.ObjectLink;
import java.util.ArrayList;
import java.util.List;

/** /proc/PID/ns: fs/proc/namespaces.c; which kinds there are is read from the kernel's own table. */
record NamespacesDirectory(TaskView task, Attributes attributes) implements Directory {
    private static final int MOST_KINDS = 64;
    private static final int LINK_MODE = 0120777;

    @Override
    public Node lookup(String name) {
        List<KObject> kinds = kinds();
        for (int i = 0; i < kinds.size(); i++) {
            KObject kind = kinds.get(i);
            if (kind.string("name", 64).equals(name)) {
                Ownership owner = Ownership.of(task.task(), LINK_MODE);
                Attributes own = task.view().attributes(LINK_MODE, attributes.inode() + (i + 1L << 8), 1, owner.uid(),
                        owner.gid(), 0);
                return new ObjectLink(own, () -> target(kind, name), () -> object(name));
            }
        }
        return null;
    }

    @Override
    public List<Entry> list() {
        List<Entry> entries = new ArrayList<>();
        for (KObject kind : kinds()) {
            long inode = attributes.inode() + (entries.size() + 1L << 8);
            entries.add(new Entry(kind.string("name", 64), inode, FileType.SYMBOLIC_LINK));
        }
        return entries;
    }

    /** {@code ns_get_name}: null where the task has none, as after its exit. */
    private String target(KObject kind, String name) {
        KObject namespace = namespace(name);
        if (namespace == null || namespace.isNull()) {
            return null;
        }
        String real = kind.has("real_ns_name") && kind.get("real_ns_name") != 0 ? kind.string("real_ns_name", 64) : name;
        return real + ":[" + Integer.toUnsignedString(namespace.getInt("ns.inum")) + "]";
    }

    private FileObject object(String name) {
        KObject namespace = namespace(name);
        return namespace == null || namespace.isNull() ? null : FileObjects.ofNamespace(namespace);
    }

    private KObject namespace(String name) {
        if (name.equals("user")) {
            return task.task().credentials().userNamespace();
        }
        if (name.equals("pid")) {
            PidNamespace own = PidNamespace.of(task.task());
            return own == null ? null : own.object();
        }
        KObject proxy = task.object().ptr("nsproxy");
        if (proxy.isNull()) {
            return null;
        }
        return switch (name) {
            case "pid_for_children" -> withReaper(proxy.ptr("pid_ns_for_children"));
            case "time_for_children" -> proxy.ptr("time_ns_for_children");
            default -> proxy.has(name + "_ns") ? proxy.ptr(name + "_ns") : null;
        };
    }

    /** {@code pidns_for_children_get}: a namespace that nobody was born in yet is not told. */
    private static KObject withReaper(KObject namespace) {
        return namespace.isNull() || namespace.get("child_reaper") == 0 ? null : namespace;
    }

    private List<KObject> kinds() {
        return task.view().remember("ns_entries", () -> {
            Kernel kernel = task.kernel();
            List<KObject> kinds = new ArrayList<>();
            if (!kernel.symbols().has("ns_entries")) {
                return kinds;
            }
            long table = kernel.address("ns_entries");
            for (int i = 0; i < MOST_KINDS; i++) {
                Symbol owner = kernel.symbols().containing(table + 8L * i);
                long kind = kernel.memory().u64(table + 8L * i);
                if (owner == null || owner.address() != table || kind == 0 || !kernel.memory().isMapped(kind)) {
                    break;
                }
                kinds.add(kernel.at(kind, "proc_ns_operations"));
            }
            return kinds;
        });
    }
}
