package io.scwatcher.kernel.fs;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.symbol.Symbol;

/** Names that the kernel makes up for objects without a path: the functions behind {@code d_dname}. */
final class DynamicName {
    private DynamicName() {}

    static String of(KObject dentry, long function) {
        Symbol symbol = dentry.kernel().symbols().containing(function);
        String maker = symbol == null ? "" : symbol.name();
        return switch (maker) {
            case "pipefs_dname" -> "pipe:[" + inode(dentry) + "]";
            case "sockfs_dname" -> "socket:[" + inode(dentry) + "]";
            case "anon_inodefs_dname" -> "anon_inode:" + Paths.name(dentry);
            case "pidfs_dname" -> "anon_inode:[pidfd]";
            case "simple_dname" -> "/" + Paths.name(dentry) + " (deleted)";
            case "ns_dname" -> namespaceName(dentry);
            case "dmabuffs_dname" -> "/" + Paths.name(dentry) + ":" + bufferName(dentry);
            default -> "/" + Paths.name(dentry);
        };
    }

    private static String inode(KObject dentry) {
        return Long.toUnsignedString(dentry.ptr("d_inode").get("i_ino"));
    }

    /** {@code ns_dname} (fs/nsfs.c): {@code net:[4026531840]}. */
    private static String namespaceName(KObject dentry) {
        KObject inode = dentry.ptr("d_inode");
        KObject operations = inode.kernel().at(inode.get("i_private"), "ns_common").ptr("ops");
        return operations.string("name", 32) + ":[" + inode(dentry) + "]";
    }

    private static String bufferName(KObject dentry) {
        return dentry.ptr("d_fsdata").as("dma_buf").string("name", 32);
    }
}
