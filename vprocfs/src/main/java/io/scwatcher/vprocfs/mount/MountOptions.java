package io.scwatcher.vprocfs.mount;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.memory.MemoryFault;
import io.scwatcher.kernel.symbol.Symbol;
import io.scwatcher.kernel.type.NoSuchFieldInKernel;
import io.scwatcher.vprocfs.ProcText;
import java.util.HashMap;
import java.util.Map;

/** The options of a mount: those of every mount, those of every file system, those of its own kind. */
final class MountOptions {
    private static final int MNT_READONLY = 0x40;
    private static final int SB_RDONLY = 1;
    private static final int SB_SYNCHRONOUS = 1 << 4;
    private static final int SB_MANDLOCK = 1 << 6;
    private static final int SB_DIRSYNC = 1 << 7;
    private static final int SB_LAZYTIME = 1 << 25;
    private static final String[] MOUNT_FLAGS = {",nosuid", ",nodev", ",noexec", ",noatime", ",nodiratime", ",relatime",
        null, ",nosymfollow"};

    /** By the kernel function that is followed. */
    private static final Map<String, FileSystemOptions> BY_FUNCTION = new HashMap<>();
    /** By file system type, for functions of modules that have no symbol. */
    private static final Map<String, FileSystemOptions> BY_TYPE = new HashMap<>();

    static {
        add("proc", "proc_show_options", PseudoFileSystems::proc);
        add("tmpfs", "shmem_show_options", new SharedMemoryFileSystem());
        add("devpts", "devpts_show_options", PseudoFileSystems::devpts);
        add("debugfs", "debugfs_show_options", PseudoFileSystems::debugfs);
        add("tracefs", "tracefs_show_options", PseudoFileSystems::tracefs);
        add("ramfs", "ramfs_show_options", PseudoFileSystems::ramfs);
        add("bpf", "bpf_show_options", PseudoFileSystems::bpf);
        add("cgroup2", "cgroup_show_options", PseudoFileSystems::cgroup2);
        add("cgroup", "cgroup1_show_options", PseudoFileSystems::cgroup1);
        add("hugetlbfs", "hugetlbfs_show_options", PseudoFileSystems::hugetlbfs);
        add("efivarfs", "efivarfs_show_options", PseudoFileSystems::efivarfs);
        add("autofs", "autofs_show_options", PseudoFileSystems::autofs);
        add("overlay", "ovl_show_options", new OverlayFileSystem());
        add("ext4", "ext4_show_options", new Ext4FileSystem());
        add("squashfs", "squashfs_show_options", BlockFileSystems::squashfs);
        add("iso9660", "isofs_show_options", BlockFileSystems::isofs);
        add("fuse", "fuse_show_options", BlockFileSystems::fuse);
        // Only with kmsg_bytes set, and with a label of SELinux: neither prints where nobody asked for it.
        add("pstore", "pstore_show_options", (superBlock, root, out) -> { });
    }

    private MountOptions() {}

    private static void add(String type, String function, FileSystemOptions options) {
        BY_TYPE.put(type, options);
        BY_FUNCTION.put(function, options);
    }

    /** {@code show_vfsmnt_opts}: with a comma in front of each. */
    static void ofMount(KObject mount, ProcText out) {
        long flags = mount.get("mnt.mnt_flags");
        for (int bit = 0; bit < MOUNT_FLAGS.length; bit++) {
            if (MOUNT_FLAGS[bit] != null && (flags >> bit & 1) != 0) {
                out.put(MOUNT_FLAGS[bit]);
            }
        }
        if (isIdMapped(mount)) {
            out.put(",idmapped");
        }
    }

    /** {@code show_sb_opts}. */
    static void ofSuperBlock(KObject superBlock, ProcText out) {
        long flags = superBlock.get("s_flags");
        out.put((flags & SB_SYNCHRONOUS) != 0 ? ",sync" : "").put((flags & SB_DIRSYNC) != 0 ? ",dirsync" : "");
        out.put((flags & SB_MANDLOCK) != 0 ? ",mand" : "").put((flags & SB_LAZYTIME) != 0 ? ",lazytime" : "");
    }

    /** {@code s_op->show_options}. */
    static void ofFileSystem(KObject superBlock, KObject root, ProcText out) {
        long function = superBlock.ptr("s_op").get("show_options");
        if (function == 0) {
            return;
        }
        Symbol symbol = superBlock.kernel().symbols().containing(function);
        String name = symbol == null ? "" : symbol.name();
        String type = superBlock.ptr("s_type").string("name", 64);
        FileSystemOptions printer = name.equals("kernfs_sop_show_options") ? kernfs(type) : BY_FUNCTION.get(name);
        if (printer == null) {
            printer = BY_TYPE.get(type);
        }
        if (printer == null) {
            superBlock.kernel().anomalies().record("mount options of " + type + ": no printer for " + name);
        } else {
            print(printer, superBlock, root, out);
        }
    }

    /** One file system that cannot be read must not hide the mounts behind it. */
    private static void print(FileSystemOptions printer, KObject superBlock, KObject root, ProcText out) {
        int start = out.size();
        try {
            printer.print(superBlock, root, out);
        } catch (MemoryFault | NoSuchFieldInKernel broken) {
            out.truncate(start);
            superBlock.kernel().anomalies().record("mount options: " + broken.getMessage());
        }
    }

    /** Several file systems share kernfs; only control groups have options. */
    private static FileSystemOptions kernfs(String type) {
        return type.startsWith("cgroup") ? BY_TYPE.get(type) : (superBlock, root, out) -> { };
    }

    static boolean isReadOnly(KObject superBlock) {
        return (superBlock.get("s_flags") & SB_RDONLY) != 0;
    }

    static boolean isMountReadOnly(KObject mount) {
        return (mount.get("mnt.mnt_flags") & MNT_READONLY) != 0;
    }

    /** {@code is_idmapped_mnt}: 5.12 kept a user namespace, 6.2 a mapping of its own. */
    private static boolean isIdMapped(KObject mount) {
        if (mount.has("mnt.mnt_idmap")) {
            return mount.kernel().symbols().has("nop_mnt_idmap")
                    && mount.get("mnt.mnt_idmap") != mount.kernel().address("nop_mnt_idmap");
        }
        if (mount.has("mnt.mnt_userns")) {
            return mount.get("mnt.mnt_userns") != mount.ptr("mnt.mnt_sb").get("s_user_ns");
        }
        return false;
    }
}
