package io.scwatcher.enclave.view;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.Lists;
import io.scwatcher.kernel.fs.MountNamespace;
import io.scwatcher.kernel.fs.Paths;
import io.scwatcher.kernel.task.Task;
import io.scwatcher.kernel.task.Tasks;
import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.Node;
import io.scwatcher.vfs.RegularFile;
import io.scwatcher.vfs.SpecialFile;
import io.scwatcher.vfs.VfsException;
import io.scwatcher.vfs.tree.MemoryDirectory;
import io.scwatcher.vfs.tree.MemoryLink;
import io.scwatcher.vprocfs.FileObjects;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The VM's /dev: names, types, modes and numbers of its devices, by which tools name terminals and disks. devtmpfs and devpts keep all their names in
 * the directory cache (fs/libfs.c, simple_pin_fs and d_make_persistent), so the cache is the whole truth. What the devices do stays in the VM.
 */
public final class VmDevices {
    private static final int MAX_DEPTH = 8;
    private static final int MAX_NAMES = 10_000;
    private static final int LONGEST_LINK = 4096;
    private static final Set<String> OWN = Set.of("pts", "shm");

    private final Kernel kernel;
    /** The root dentries of file systems by the dentries that they are mounted on. */
    private final Map<Long, KObject> mounted = new HashMap<>();

    private VmDevices(Kernel kernel) {
        this.kernel = kernel;
    }

    /** /dev of the first process of the VM, as it is now; empty where that cannot be read. */
    public static Directory root(Supplier<Kernel> epochs) {
        Kernel kernel = epochs.get();
        return VmView.read(kernel, () -> new VmDevices(kernel).dev(), new MemoryDirectory(1));
    }

    /** {@code st_dev} of /dev's file system; 0 where that cannot be read. */
    public static long device(Supplier<Kernel> epochs) {
        Kernel kernel = epochs.get();
        return VmView.read(kernel, () -> {
            KObject dev = new VmDevices(kernel).find();
            return dev == null ? 0L : FileObjects.of(dev.ptr("d_inode")).device();
        }, 0L);
    }

    /** A file system of the VM. @param magic of statfs(2) @param device {@code st_dev} */
    public record Mounted(String type, long magic, long device, Directory root) {}

    /** What is mounted on directories of /dev, by their names, but for what the layer has there itself. */
    public static Map<String, Mounted> mounts(Supplier<Kernel> epochs) {
        Kernel kernel = epochs.get();
        return VmView.read(kernel, () -> new VmDevices(kernel).mountedBelow(), Map.of());
    }

    private Map<String, Mounted> mountedBelow() {
        Map<String, Mounted> found = new LinkedHashMap<>();
        KObject dev = find();
        if (dev != null) {
            children(dev).forEach((name, point) -> {
                KObject root = mounted.get(point.address());
                if (root != null && !OWN.contains(name)) {
                    KObject superblock = root.ptr("d_sb");
                    found.put(name, new Mounted(superblock.ptr("s_type").string("name", LONGEST_LINK), superblock.get("s_magic"),
                            FileObjects.of(root.ptr("d_inode")).device(), new DentryDirectory(root, 1)));
                }
            });
        }
        return found;
    }

    private Directory dev() {
        KObject dev = find();
        return dev == null ? new MemoryDirectory(1) : new DentryDirectory(dev, 0);
    }

    /** The root dentry of what is mounted on /dev; null if nothing is. */
    private KObject find() {
        Task init = Tasks.byPid(kernel, 1);
        KObject proxy = init == null ? null : init.object().ptr("nsproxy");
        KObject dev = null;
        if (proxy != null && !proxy.isNull()) {
            for (KObject mount : new MountNamespace(proxy.ptr("mnt_ns")).mounts()) {
                mounted.put(mount.get("mnt_mountpoint"), mount.at("mnt").ptr("mnt_root"));
                KObject point = mount.ptr("mnt_mountpoint");
                boolean atRoot = dev == null && Paths.name(point).equals("dev") && point.get("d_parent") == mount.ptr("mnt_parent").at("mnt").get("mnt_root");
                dev = atRoot ? mount.at("mnt").ptr("mnt_root") : dev;
            }
        }
        return dev;
    }

    /** Its entries, newest first as dcache_readdir gives them. */
    private Map<String, KObject> children(KObject directory) {
        Map<String, KObject> children = new LinkedHashMap<>();
        // A list of list_heads until 6.7, an hlist since.
        Iterable<KObject> all = directory.has("d_children") ? Lists.hlist(directory.at("d_children"), "dentry", "d_sib")
                : Lists.list(directory.at("d_subdirs"), "dentry", "d_child");
        for (KObject child : all) {
            if (child.get("d_inode") != 0 && !Paths.isUnlinked(child) && children.size() < MAX_NAMES) {
                children.putIfAbsent(Paths.name(child), child);
            }
        }
        return children;
    }

    private Node node(KObject dentry, int depth) {
        KObject shown = mounted.getOrDefault(dentry.address(), dentry);
        Attributes attributes = attributes(shown);
        return switch (attributes.type()) {
            case DIRECTORY -> depth < MAX_DEPTH ? new DentryDirectory(shown, depth) : null;
            case SYMBOLIC_LINK -> new MemoryLink(attributes, target(shown.ptr("d_inode")));
            case REGULAR -> new Unread(attributes);
            default -> new Device(attributes);
        };
    }

    private String target(KObject inode) {
        long text = inode.get("i_link");
        return text == 0 ? "" : inode.kernel().memory().string(text, LONGEST_LINK);
    }

    private static Attributes attributes(KObject dentry) {
        return FileObjects.of(dentry.ptr("d_inode")).attributes();
    }

    private final class DentryDirectory implements Directory {
        private final KObject dentry;
        private final int depth;
        private Map<String, KObject> names;

        DentryDirectory(KObject dentry, int depth) {
            this.dentry = dentry;
            this.depth = depth;
        }

        @Override
        public Attributes attributes() {
            return VmView.read(kernel, () -> VmDevices.attributes(dentry), new MemoryDirectory(1).attributes());
        }

        @Override
        public Node lookup(String name) {
            KObject child = names().get(name);
            return child == null ? null : VmView.read(kernel, () -> node(child, depth + 1), null);
        }

        @Override
        public List<Entry> list() {
            return names().keySet().stream().map(name -> {
                Node node = lookup(name);
                return node == null ? null : new Entry(name, node.attributes().inode(), node.attributes().type());
            }).filter(java.util.Objects::nonNull).toList();
        }

        private synchronized Map<String, KObject> names() {
            if (names == null) {
                names = VmView.read(kernel, () -> children(dentry), Map.of());
            }
            return names;
        }
    }

    private record Device(Attributes attributes) implements SpecialFile {}

    /** A file that somebody put into /dev: it is seen, its contents are not read. */
    private record Unread(Attributes attributes) implements RegularFile {
        @Override
        public OpenFile open() {
            throw new VfsException(Errno.EIO);
        }
    }
}
