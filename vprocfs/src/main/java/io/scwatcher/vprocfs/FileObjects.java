package io.scwatcher.vprocfs;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.FileType;
import io.scwatcher.vfs.MagicLink.FileObject;

/** What stat(2) tells of the VM's own files: {@code generic_fillattr} (fs/stat.c). */
public final class FileObjects {
    private static final int TYPE_MASK = 0170000;
    private static final int PERMISSIONS = 07777;
    /** {@code MINORBITS} (include/linux/kdev_t.h). */
    private static final int MINOR_BITS = 20;
    private static final int LARGEST_BLOCK_BITS = 30;
    private static final int LONGEST_NAME = 32;

    private FileObjects() {}

    /** @param inode a {@code struct inode} */
    public static FileObject of(KObject inode) {
        int mode = inode.getInt("i_mode");
        FileType type = FileType.REGULAR;
        for (FileType each : FileType.values()) {
            type = (mode & TYPE_MASK) == each.modeBits() ? each : type;
        }
        Attributes attributes = new Attributes(type, mode & PERMISSIONS, inode.get("i_ino"), inode.getInt("i_nlink"), (int) inode.get("i_uid.val"),
                (int) inode.get("i_gid.val"), inode.get("i_size"), userDevice(inode.get("i_rdev")), modified(inode));
        int blockBits = (int) Math.clamp(inode.get("i_blkbits"), 0, LARGEST_BLOCK_BITS);
        return new FileObject(attributes, device(inode.ptr("i_sb")), 1 << blockBits, inode.get("i_blocks"),
                type == FileType.SOCKET ? protocol(inode) : null);
    }

    /** {@code st_dev} of what lies in a file system. @param superblock a {@code struct super_block} */
    public static long device(KObject superblock) {
        return userDevice(superblock.get("s_dev"));
    }

    /** The name of an open socket's protocol ({@code sockfs_xattr_get}, net/socket.c); null for a socket's name in a file system. */
    private static String protocol(KObject inode) {
        if (!inode.ptr("i_sb").ptr("s_type").string("name", LONGEST_NAME).equals("sockfs")) {
            return null;
        }
        KObject sock = inode.containerOf("socket_alloc", "vfs_inode").ptr("socket.sk");
        KObject protocol = sock.isNull() ? sock : sock.ptr("sk_prot_creator");
        return protocol.isNull() ? "" : protocol.string("name", LONGEST_NAME);
    }

    /** A namespace's file in nsfs (fs/nsfs.c), which the kernel makes when somebody looks. */
    public static FileObject ofNamespace(KObject namespace) {
        Kernel kernel = namespace.kernel();
        long mount = kernel.memory().u64(kernel.address("nsfs_mnt"));
        long device = userDevice(kernel.at(mount, "vfsmount").ptr("mnt_sb").get("s_dev"));
        long number = namespace.get("ns.inum") & 0xffff_ffffL;
        return new FileObject(new Attributes(FileType.REGULAR, 0444, number, 1, 0, 0, 0, 0, 0), device, 4096, 0, null);
    }

    /** {@code new_encode_dev}. */
    private static long userDevice(long kernelDevice) {
        long major = (kernelDevice & 0xffff_ffffL) >>> MINOR_BITS;
        long minor = kernelDevice & (1 << MINOR_BITS) - 1;
        return minor & 0xff | major << 8 | (minor & ~0xffL) << 12;
    }

    /** A timespec64 until 6.5, renamed until 6.10, two members since. */
    private static long modified(KObject inode) {
        if (inode.has("i_mtime_sec")) {
            return inode.get("i_mtime_sec") * 1_000_000_000 + inode.get("i_mtime_nsec");
        }
        String member = inode.has("__i_mtime") ? "__i_mtime" : "i_mtime";
        return inode.get(member + ".tv_sec") * 1_000_000_000 + inode.get(member + ".tv_nsec");
    }
}
