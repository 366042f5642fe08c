package io.scwatcher.vprocfs.mount;

import io.scwatcher.kernel.KObject;
import io.scwatcher.vprocfs.ProcText;

/** Mount options of small file systems on devices, and of FUSE. */
final class BlockFileSystems {
    private static final int FUSE_DEFAULT_BLKSIZE = 512;
    private static final int ISOFS_INVALID_MODE = -1;

    private BlockFileSystems() {}

    /** {@code squashfs_show_options} (fs/squashfs/super.c, 5.18). */
    static void squashfs(KObject superBlock, KObject root, ProcText out) {
        KObject info = superBlock.ptr("s_fs_info").as("squashfs_sb_info");
        out.put(info.get("panic_on_errors") != 0 ? ",errors=panic" : ",errors=continue");
        if (!info.has("thread_ops")) {
            return;
        }
        var symbol = info.kernel().symbols().containing(info.get("thread_ops"));
        String operations = symbol == null ? "" : symbol.name();
        if (operations.equals("squashfs_decompressor_single")) {
            out.put(",threads=single");
        } else if (operations.equals("squashfs_decompressor_percpu")) {
            out.put(",threads=percpu");
        } else if (info.has("max_thread_num")) {
            out.put(",threads=").dec(info.getInt("max_thread_num"));
        }
    }

    /** {@code isofs_show_options} (fs/isofs/inode.c). */
    static void isofs(KObject superBlock, KObject root, ProcText out) {
        KObject info = superBlock.ptr("s_fs_info").as("isofs_sb_info");
        if (info.get("s_rock") == 0) {
            out.put(",norock");
        } else if (info.get("s_joliet_level") == 0) {
            out.put(",nojoliet");
        }
        for (String[] flag : new String[][] {{"s_cruft", ",cruft"}, {"s_hide", ",hide"}, {"s_nocompress", ",nocompress"},
            {"s_overriderockperm", ",overriderockperm"}, {"s_showassoc", ",showassoc"}}) {
            out.put(info.get(flag[0]) != 0 ? flag[1] : "");
        }
        letter(",check=", info.get("s_check"), out);
        letter(",map=", info.get("s_mapping"), out);
        long session = info.get("s_session") & 0xff;
        out.put(session != 255 ? ",session=" + (session - 1) : "");
        out.put(info.getInt("s_sbsector") != -1 ? ",sbsector=" + (info.get("s_sbsector") & 0xffff_ffffL) : "");
        long block = superBlock.get("s_blocksize");
        out.put(block != 1024 ? ",blocksize=" + block : "");
        out.put(info.get("s_uid_set") != 0 ? ",uid=" + (info.get("s_uid.val") & 0xffff_ffffL) : "");
        out.put(info.get("s_gid_set") != 0 ? ",gid=" + (info.get("s_gid.val") & 0xffff_ffffL) : "");
        mode(",dmode=", (short) info.get("s_dmode"), out);
        mode(",fmode=", (short) info.get("s_fmode"), out);
        if (info.has("s_nls_iocharset")) {
            KObject table = info.ptr("s_nls_iocharset");
            out.put(",iocharset=").put(table.isNull() ? "utf8" : table.string("charset", 64));
        }
    }

    private static void letter(String name, long letter, ProcText out) {
        if (letter != 0) {
            out.put(name).put((char) (letter & 0xff));
        }
    }

    private static void mode(String name, int mode, ProcText out) {
        if (mode != ISOFS_INVALID_MODE) {
            out.put(name).octal(mode & 0xffff);
        }
    }

    /** {@code fuse_show_options} (fs/fuse/inode.c). */
    static void fuse(KObject superBlock, KObject root, ProcText out) {
        // 5.11 put a mount between the super block and the connection.
        KObject info = superBlock.ptr("s_fs_info");
        KObject connection = superBlock.kernel().types().hasStruct("fuse_mount") ? info.as("fuse_mount").ptr("fc")
                : info.as("fuse_conn");
        if (connection.get("legacy_opts_show") == 0) {
            return;
        }
        out.put(",user_id=").unsigned(connection.get("user_id.val") & 0xffff_ffffL);
        out.put(",group_id=").unsigned(connection.get("group_id.val") & 0xffff_ffffL);
        out.put(connection.get("default_permissions") != 0 ? ",default_permissions" : "");
        out.put(connection.get("allow_other") != 0 ? ",allow_other" : "");
        if (connection.getInt("max_read") != -1) {
            out.put(",max_read=").unsigned(connection.get("max_read") & 0xffff_ffffL);
        }
        if (superBlock.get("s_bdev") != 0 && superBlock.get("s_blocksize") != FUSE_DEFAULT_BLKSIZE) {
            out.put(",blksize=").unsigned(superBlock.get("s_blocksize"));
        }
    }
}
