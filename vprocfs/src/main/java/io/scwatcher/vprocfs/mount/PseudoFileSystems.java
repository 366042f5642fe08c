package io.scwatcher.vprocfs.mount;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.task.Cgroups;
import io.scwatcher.kernel.task.KernelTraits;
import io.scwatcher.vprocfs.ProcText;

/** Mount options of file systems without a device; each method is named after the kernel function it follows. */
final class PseudoFileSystems {
    private static final int DEBUGFS_DEFAULT_MODE = 0700;
    private static final int RAMFS_DEFAULT_MODE = 0755;
    private static final int HUGETLBFS_DEFAULT_MODE = 0755;
    private static final int NR_UNIX98_PTY_MAX = 1 << 20;
    private static final int PAGE_SHIFT = 12;
    private static final int ALL_PERMISSIONS = 0777;
    private static final int PERMISSION_BITS = 06777;
    private static final String[] HIDE_PID = {null, "noaccess", "invisible", null, "ptraceable"};

    private PseudoFileSystems() {}

    /** {@code proc_show_options} (fs/proc/inode.c); the numbers of hidepid became words in 5.8. */
    static void proc(KObject superBlock, KObject root, ProcText out) {
        KObject info = superBlock.ptr("s_fs_info").as("proc_fs_info");
        long gid = info.get("pid_gid.val") & 0xffff_ffffL;
        if (gid != 0) {
            out.put(",gid=").unsigned(gid);
        }
        int hide = info.getInt("hide_pid");
        if (hide != 0) {
            boolean words = info.has("pidonly");
            String word = hide > 0 && hide < HIDE_PID.length && words ? HIDE_PID[hide] : null;
            out.put(",hidepid=").put(word != null ? word : words ? "unknown" : Integer.toString(hide));
        }
        if (info.getOr("pidonly", 0) != 0) {
            out.put(",subset=pid");
        }
    }

    /** {@code devpts_show_options} (fs/devpts/inode.c). */
    static void devpts(KObject superBlock, KObject root, ProcText out) {
        KObject options = superBlock.ptr("s_fs_info").as("pts_fs_info").at("mount_opts");
        if (options.get("setuid") != 0) {
            out.put(",uid=").unsigned(options.get("uid.val") & 0xffff_ffffL);
        }
        if (options.get("setgid") != 0) {
            out.put(",gid=").unsigned(options.get("gid.val") & 0xffff_ffffL);
        }
        out.put(",mode=");
        OptionText.octal3(options.get("mode"), out);
        out.put(",ptmxmode=");
        OptionText.octal3(options.get("ptmxmode"), out);
        if (options.getInt("max") < NR_UNIX98_PTY_MAX) {
            out.put(",max=").dec(options.getInt("max"));
        }
    }

    /** {@code debugfs_show_options}, {@code tracefs_show_options}: alike. */
    static void debugfs(KObject superBlock, KObject root, ProcText out) {
        ownerAndMode(superBlock.ptr("s_fs_info").as("debugfs_fs_info"), out);
    }

    static void tracefs(KObject superBlock, KObject root, ProcText out) {
        ownerAndMode(superBlock.ptr("s_fs_info").as("tracefs_fs_info"), out);
    }

    /** 6.11 moved what was in {@code mount_opts} one level up. */
    private static void ownerAndMode(KObject info, ProcText out) {
        KObject options = info.has("mount_opts") ? info.at("mount_opts") : info;
        OptionText.owner(options, out);
        OptionText.mode(options.get("mode"), DEBUGFS_DEFAULT_MODE, out);
    }

    /** {@code ramfs_show_options} (fs/ramfs/inode.c). */
    static void ramfs(KObject superBlock, KObject root, ProcText out) {
        KObject info = superBlock.ptr("s_fs_info").as("ramfs_fs_info");
        OptionText.mode(info.get("mount_opts.mode"), RAMFS_DEFAULT_MODE, out);
    }

    /** {@code bpf_show_options} (kernel/bpf/inode.c); delegation, 6.9, is left out. */
    static void bpf(KObject superBlock, KObject root, ProcText out) {
        KObject inode = root.ptr("d_inode");
        if (KernelTraits.hasText(root.kernel(), "delegate_cmds", "bpf_show_options")) {
            long uid = inode.get("i_uid.val") & 0xffff_ffffL;
            long gid = inode.get("i_gid.val") & 0xffff_ffffL;
            out.put(uid == 0 ? "" : ",uid=" + uid).put(gid == 0 ? "" : ",gid=" + gid);
        }
        OptionText.mode(inode.get("i_mode") & PERMISSION_BITS, ALL_PERMISSIONS, out);
    }

    /** {@code cgroup_show_options} (kernel/cgroup/cgroup.c): cgroup v2. */
    static void cgroup2(KObject superBlock, KObject root, ProcText out) {
        Kernel kernel = superBlock.kernel();
        long flags = kernel.object("cgrp_dfl_root", "cgroup_root").get("flags");
        String[][] options = {{"CGRP_ROOT_NS_DELEGATE", "nsdelegate"}, {"CGRP_ROOT_FAVOR_DYNMODS", "favordynmods"},
            {"CGRP_ROOT_MEMORY_LOCAL_EVENTS", "memory_localevents"},
            {"CGRP_ROOT_MEMORY_RECURSIVE_PROT", "memory_recursiveprot"},
            {"CGRP_ROOT_MEMORY_HUGETLB_ACCOUNTING", "memory_hugetlb_accounting"},
            {"CGRP_ROOT_PIDS_LOCAL_EVENTS", "pids_localevents"}};
        flags(kernel, flags, options, out);
    }

    /** {@code cgroup1_show_options} (kernel/cgroup/cgroup-v1.c). */
    static void cgroup1(KObject superBlock, KObject rootDentry, ProcText out) {
        Kernel kernel = superBlock.kernel();
        KObject kernfs = superBlock.ptr("s_fs_info").as("kernfs_super_info").ptr("root");
        for (KObject root : new Cgroups(kernel).hierarchies()) {
            if (root.get("kf_root") == kernfs.address()) {
                hierarchy(kernel, root, out);
                return;
            }
        }
    }

    private static void hierarchy(Kernel kernel, KObject root, ProcText out) {
        String controllers = new Cgroups(kernel).controllers(root);
        if (!controllers.isEmpty()) {
            out.put(',').put(controllers);
        }
        String[][] options = {{"CGRP_ROOT_NOPREFIX", "noprefix"}, {"CGRP_ROOT_XATTR", "xattr"},
            {"CGRP_ROOT_CPUSET_V2_MODE", "cpuset_v2_mode"}, {"CGRP_ROOT_FAVOR_DYNMODS", "favordynmods"}};
        flags(kernel, root.get("flags"), options, out);
        String agent = root.string("release_agent_path", 4096);
        if (!agent.isEmpty()) {
            OptionText.option("release_agent", agent, out);
        }
        var clone = kernel.types().enumerator("CGRP_CPUSET_CLONE_CHILDREN");
        if (clone.isPresent() && (root.get("cgrp.flags") >> clone.getAsLong() & 1) != 0) {
            out.put(",clone_children");
        }
        String name = root.string("name", 64);
        if (!name.isEmpty()) {
            OptionText.option("name", name, out);
        }
    }

    private static void flags(Kernel kernel, long flags, String[][] options, ProcText out) {
        for (String[] option : options) {
            var flag = kernel.types().enumerator(option[0]);
            if (flag.isPresent() && (flags & flag.getAsLong()) != 0) {
                out.put(',').put(option[1]);
            }
        }
    }

    /** {@code hugetlbfs_show_options} (fs/hugetlbfs/inode.c). */
    static void hugetlbfs(KObject superBlock, KObject root, ProcText out) {
        KObject info = superBlock.ptr("s_fs_info").as("hugetlbfs_sb_info");
        OptionText.owner(info, out);
        OptionText.mode(info.get("mode"), HUGETLBFS_DEFAULT_MODE, out);
        if (info.get("max_inodes") != -1) {
            out.put(",nr_inodes=").unsigned(info.get("max_inodes"));
        }
        int shift = info.ptr("hstate").getInt("order") + PAGE_SHIFT;
        long kib = 1L << shift - 10;
        out.put(",pagesize=").dec(kib >= 1024 ? kib / 1024 : kib).put(kib >= 1024 ? 'M' : 'K');
        KObject pool = info.ptr("spool");
        if (!pool.isNull()) {
            if (pool.get("max_hpages") != -1) {
                out.put(",size=").unsigned(pool.get("max_hpages") << shift);
            }
            if (pool.get("min_hpages") != -1) {
                out.put(",min_size=").unsigned(pool.get("min_hpages") << shift);
            }
        }
    }

    /** {@code efivarfs_show_options} (fs/efivarfs/super.c, 6.9). */
    static void efivarfs(KObject superBlock, KObject root, ProcText out) {
        OptionText.owner(superBlock.ptr("s_fs_info").as("efivarfs_fs_info").at("mount_opts"), out);
    }

    /** {@code autofs_show_options} (fs/autofs/inode.c). */
    static void autofs(KObject superBlock, KObject root, ProcText out) {
        KObject info = superBlock.ptr("s_fs_info").as("autofs_sb_info");
        if (info.isNull()) {
            return;
        }
        KObject inode = superBlock.ptr("s_root").ptr("d_inode");
        long uid = inode.get("i_uid.val") & 0xffff_ffffL;
        long gid = inode.get("i_gid.val") & 0xffff_ffffL;
        out.put(",fd=").dec(info.getInt("pipefd"));
        out.put(uid == 0 ? "" : ",uid=" + uid).put(gid == 0 ? "" : ",gid=" + gid);
        KObject group = info.ptr("oz_pgrp");
        int hz = io.scwatcher.kernel.system.Timekeeping.hz(superBlock.kernel());
        out.put(",pgrp=").dec(group.isNull() ? 0 : group.at("numbers").index(0).getInt("nr"));
        out.put(",timeout=").unsigned(Long.divideUnsigned(info.get("exp_timeout"), hz));
        out.put(",minproto=").dec(info.getInt("min_proto")).put(",maxproto=").dec(info.getInt("max_proto"));
        long type = info.get("type");
        out.put(type == 4 ? ",offset" : type == 2 ? ",direct" : ",indirect");
        long flags = info.getOr("flags", 0);
        out.put((flags & 2) != 0 ? ",strictexpire" : "").put((flags & 4) != 0 ? ",ignore" : "");
        KObject pipe = info.ptr("pipe");
        out.put(",pipe_ino=").dec(pipe.isNull() ? -1 : pipe.ptr("f_inode").get("i_ino"));
    }
}
