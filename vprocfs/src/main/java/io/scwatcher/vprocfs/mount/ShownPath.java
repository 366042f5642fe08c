package io.scwatcher.vprocfs.mount;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.fs.Paths;
import io.scwatcher.kernel.symbol.Symbol;
import io.scwatcher.kernel.task.Cgroups;
import io.scwatcher.vprocfs.pid.PathText;

/** Which part of a file system is mounted, the fourth column of mountinfo: {@code s_op->show_path}. */
final class ShownPath {
    private ShownPath() {}

    static String of(KObject superBlock, KObject root, String special) {
        Kernel kernel = superBlock.kernel();
        long function = superBlock.ptr("s_op").get("show_path");
        Symbol symbol = function == 0 ? null : kernel.symbols().containing(function);
        String name = symbol == null ? "" : symbol.name();
        if (name.equals("nsfs_show_path")) {
            KObject inode = root.ptr("d_inode");
            KObject operations = kernel.at(inode.get("i_private"), "ns_common").ptr("ops");
            return operations.string("name", 64) + ":[" + Long.toUnsignedString(inode.get("i_ino")) + "]";
        }
        boolean cgroup = name.equals("kernfs_sop_show_path")
                && superBlock.ptr("s_type").string("name", 64).startsWith("cgroup");
        return PathText.escape(cgroup ? cgroupPath(kernel, root) : Paths.inFileSystem(root), special);
    }

    /** {@code cgroup_show_path}: from the reader's cgroup namespace, the initial one. */
    private static String cgroupPath(Kernel kernel, KObject root) {
        KObject node = root.ptr("d_inode").ptr("i_private").as("kernfs_node");
        return Cgroups.nodePath(node, 0);
    }
}
