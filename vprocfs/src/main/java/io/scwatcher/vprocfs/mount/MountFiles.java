package io.scwatcher.vprocfs.mount;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.fs.MountNamespace;
import io.scwatcher.kernel.fs.Path;
import io.scwatcher.kernel.fs.Paths;
import io.scwatcher.kernel.fs.TaskFs;
import io.scwatcher.kernel.task.KernelTraits;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.VfsException;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.pid.PathText;
import io.scwatcher.vprocfs.pid.TaskView;

/** /proc/PID/mounts, mountinfo and mountstats: fs/proc_namespace.c. Paths are told from the task's own root. */
public final class MountFiles {
    private static final String SPECIAL = " \t\n\\";
    private static final String NEW_SPECIAL = " \t\n\\#";
    private static final int MINOR_BITS = 20;

    private MountFiles() {}

    /** {@code show_vfsmnt}. */
    public static void mounts(TaskView view, ProcText out) {
        Path root = open(view);
        for (KObject mount : TaskFs.mounts(view.task()).mounts()) {
            String place = place(mount, root);
            if (place == null) {
                continue;
            }
            KObject superBlock = mount.ptr("mnt.mnt_sb");
            boolean readOnly = MountOptions.isMountReadOnly(mount) || MountOptions.isReadOnly(superBlock);
            device(mount, superBlock, out);
            out.put(' ').put(place).put(' ');
            type(superBlock, out);
            out.put(readOnly ? " ro" : " rw");
            MountOptions.ofSuperBlock(superBlock, out);
            MountOptions.ofMount(mount, out);
            MountOptions.ofFileSystem(superBlock, mount.ptr("mnt.mnt_root"), out);
            out.put(" 0 0\n");
        }
    }

    /** {@code show_mountinfo}. */
    public static void mountinfo(TaskView view, ProcText out) {
        Path root = open(view);
        for (KObject mount : TaskFs.mounts(view.task()).mounts()) {
            String place = place(mount, root);
            if (place == null) {
                continue;
            }
            KObject superBlock = mount.ptr("mnt.mnt_sb");
            long device = superBlock.get("s_dev");
            out.dec(mount.getInt("mnt_id")).put(' ').dec(mount.ptr("mnt_parent").getInt("mnt_id")).put(' ');
            out.dec(device >>> MINOR_BITS).put(':').dec(device & (1 << MINOR_BITS) - 1).put(' ');
            out.put(ShownPath.of(superBlock, mount.ptr("mnt.mnt_root"), SPECIAL)).put(' ').put(place);
            out.put(MountOptions.isMountReadOnly(mount) ? " ro" : " rw");
            MountOptions.ofMount(mount, out);
            Propagation.print(mount, root, out);
            out.put(" - ");
            type(superBlock, out);
            out.put(' ');
            device(mount, superBlock, out);
            out.put(MountOptions.isReadOnly(superBlock) ? " ro" : " rw");
            MountOptions.ofSuperBlock(superBlock, out);
            MountOptions.ofFileSystem(superBlock, mount.ptr("mnt.mnt_root"), out);
            out.put('\n');
        }
    }

    /** {@code show_vfsstat}; statistics of network file systems are left out. */
    public static void mountstats(TaskView view, ProcText out) {
        Path root = open(view);
        for (KObject mount : TaskFs.mounts(view.task()).mounts()) {
            String place = place(mount, root);
            if (place == null) {
                continue;
            }
            KObject superBlock = mount.ptr("mnt.mnt_sb");
            if (mount.get("mnt_devname") == 0) {
                out.put("no device");
            } else {
                out.put("device ");
                device(mount, superBlock, out);
            }
            out.put(" mounted on ").put(place).put(" with fstype ");
            type(superBlock, out);
            out.put('\n');
        }
    }

    /** {@code mounts_open_common}: the task's root; EINVAL for zombies. */
    private static Path open(TaskView view) {
        MountNamespace namespace = TaskFs.mounts(view.task());
        if (namespace == null) {
            throw new VfsException(Errno.EINVAL);
        }
        Path root = TaskFs.root(view.task());
        if (root == null) {
            throw new VfsException(Errno.ENOENT);
        }
        return root;
    }

    /** {@code seq_path_root}: null for what cannot be reached from the root. */
    private static String place(KObject mount, Path root) {
        Paths.Walk walk = Paths.walk(new Path(mount, mount.ptr("mnt.mnt_root")), root);
        return walk.end() == Paths.End.ROOT ? PathText.escape(walk.path(), SPECIAL) : null;
    }

    private static void device(KObject mount, KObject superBlock, ProcText out) {
        String name = mount.get("mnt_devname") == 0 ? "none" : mount.string("mnt_devname", 4096);
        out.put(PathText.escape(name, special(mount)));
    }

    private static void type(KObject superBlock, ProcText out) {
        String special = special(superBlock);
        out.put(PathText.escape(superBlock.ptr("s_type").string("name", 64), special));
        if (superBlock.get("s_subtype") != 0) {
            out.put('.').put(PathText.escape(superBlock.string("s_subtype", 256), special));
        }
    }

    /** {@code mangle}: 5.17 added the number sign. */
    private static String special(KObject object) {
        return KernelTraits.hasText(object.kernel(), NEW_SPECIAL, "show_vfsmnt", "show_type", "show_mountinfo") ? NEW_SPECIAL : SPECIAL;
    }
}
