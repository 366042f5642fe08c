package io.scwatcher.vprocfs.sysfs;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.fs.KernfsNode;
import io.scwatcher.kernel.fs.MountNamespace;
import io.scwatcher.kernel.system.Variables;
import io.scwatcher.kernel.task.PidNamespace;
import io.scwatcher.kernel.task.Task;
import io.scwatcher.kernel.task.Tasks;
import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.Node;
import io.scwatcher.vprocfs.Guarded;
import io.scwatcher.vprocfs.ProcView;
import io.scwatcher.vprocfs.SelfProvider;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * /sys of a guest: sysfs with the hierarchies of control groups that the guest's init has mounted on it. Every access to the root sees the current
 * epoch; what was looked up there stays with the epoch in which it was found.
 */
public final class SysFs {
    private final Supplier<Kernel> epochs;
    private volatile KernfsDirectory current;

    /** @param epochs gives the kernel of the current epoch; the same object as long as the epoch lasts */
    public SysFs(Supplier<Kernel> epochs) {
        this.epochs = epochs;
    }

    /** The tree. Its nodes fail with {@link io.scwatcher.vfs.VfsException}, whatever the guest's memory holds. */
    public Directory root() {
        return Guarded.tree(new Root(), () -> epochs.get().anomalies());
    }

    private KernfsDirectory directory() {
        Kernel kernel = epochs.get();
        KernfsDirectory known = current;
        if (known == null || known.view().kernel() != kernel) {
            ProcView view = new ProcView(kernel, PidNamespace.initial(kernel), SelfProvider.NOBODY);
            KernfsNode root = new KernfsNode(new Variables(kernel).pointee("sysfs_root_kn", "kernfs_node"));
            known = new KernfsDirectory(view, root, new SysfsFiles(kernel), hierarchies(view));
            current = known;
        }
        return known;
    }

    /** The control groups' file systems that are mounted on directories of sysfs, by the nodes of these. */
    private static Map<Long, Directory> hierarchies(ProcView view) {
        Kernel kernel = view.kernel();
        Map<Long, Directory> covered = new HashMap<>();
        Task init = Tasks.byPid(kernel, 1);
        KObject proxy = init == null ? null : init.object().ptr("nsproxy");
        if (proxy != null && !proxy.isNull()) {
            for (KObject mount : new MountNamespace(proxy.ptr("mnt_ns")).mounts()) {
                KObject point = mount.ptr("mnt_mountpoint");
                String type = mount.ptr("mnt.mnt_sb").ptr("s_type").string("name", 16);
                if (type.startsWith("cgroup") && isKernfs(point)) {
                    KernfsNode top = of(mount.ptr("mnt.mnt_root"));
                    covered.put(of(point).object().address(), new KernfsDirectory(view, top, new CgroupFiles(kernel), Map.of()));
                }
            }
        }
        return covered;
    }

    private static boolean isKernfs(KObject dentry) {
        String type = dentry.ptr("d_sb").ptr("s_type").string("name", 16);
        return type.equals("sysfs") || type.startsWith("cgroup");
    }

    /** {@code kernfs_dentry_node}. */
    private static KernfsNode of(KObject dentry) {
        return new KernfsNode(dentry.kernel().at(dentry.ptr("d_inode").get("i_private"), "kernfs_node"));
    }

    private final class Root implements Directory {
        @Override
        public Attributes attributes() {
            return directory().attributes();
        }

        @Override
        public Node lookup(String name) {
            return directory().lookup(name);
        }

        @Override
        public List<Entry> list() {
            return directory().list();
        }
    }
}
