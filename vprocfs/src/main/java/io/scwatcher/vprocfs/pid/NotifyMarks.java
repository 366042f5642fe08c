package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.Lists;
import io.scwatcher.kernel.fs.FileHandle;
import io.scwatcher.kernel.fs.Path;
import io.scwatcher.vprocfs.ProcText;

/** What inotify and fanotify descriptors watch: fs/notify/fdinfo.c. */
final class NotifyMarks {
    private static final int IN_ALL_EVENTS = 0xfff;
    private static final long IN_EXCL_UNLINK = 0x0400_0000;
    private static final long IN_ONESHOT = 0x8000_0000L;
    private static final int FAN_MARK_IGNORED_SURV_MODIFY = 0x40;
    private static final int FAN_MARK_EVICTABLE = 0x200;
    private static final int FAN_MARK_IGNORE = 0x400;
    /** {@code FANOTIFY_INIT_FLAGS} leaves out what the kernel keeps for itself ({@code FANOTIFY_UNPRIV}). */
    private static final long FANOTIFY_UNPRIV = 0x8000_0000L;

    private NotifyMarks() {}

    static void inotify(KObject group, ProcText out) {
        for (KObject mark : marks(group)) {
            KObject inode = object(mark, "FSNOTIFY_OBJ_TYPE_INODE", "inode");
            if (inode == null) {
                continue;
            }
            KObject own = mark.containerOf("inotify_inode_mark", "fsn_mark");
            out.put("inotify wd:").hex(own.get("wd") & 0xffff_ffffL).put(" ino:").hex(inode.get("i_ino"));
            out.put(" sdev:").hex(inode.ptr("i_sb").get("s_dev")).put(" mask:").hex(inotifyMask(mark));
            out.put(" ignored_mask:0 ");
            handle(inode, out);
            out.put('\n');
        }
    }

    static void fanotify(KObject group, ProcText out) {
        out.put("fanotify flags:").hex(group.get("fanotify_data.flags") & 0xffff_ffffL & ~FANOTIFY_UNPRIV);
        out.put(" event-flags:").hex(group.get("fanotify_data.f_flags") & 0xffff_ffffL).put('\n');
        for (KObject mark : marks(group)) {
            KObject inode = object(mark, "FSNOTIFY_OBJ_TYPE_INODE", "inode");
            KObject mount = object(mark, "FSNOTIFY_OBJ_TYPE_VFSMOUNT", "mount");
            KObject superBlock = object(mark, "FSNOTIFY_OBJ_TYPE_SB", "super_block");
            if (inode != null) {
                out.put("fanotify ino:").hex(inode.get("i_ino")).put(" sdev:").hex(inode.ptr("i_sb").get("s_dev"));
                masks(mark, out);
                out.put(' ');
                handle(inode, out);
                out.put('\n');
            } else if (mount != null) {
                out.put("fanotify mnt_id:").hex(mount.get("mnt_id"));
                masks(mark, out);
                out.put('\n');
            } else if (superBlock != null) {
                out.put("fanotify sdev:").hex(superBlock.get("s_dev"));
                masks(mark, out);
                out.put('\n');
            }
        }
    }

    private static Iterable<KObject> marks(KObject group) {
        return Lists.list(group.at("marks_list"), "fsnotify_mark", "g_list");
    }

    /** What a mark is on, if it is of that kind; else null. */
    private static KObject object(KObject mark, String kind, String structure) {
        Kernel kernel = mark.kernel();
        KObject connector = mark.ptr("connector");
        var type = kernel.types().enumerator(kind);
        if (connector.isNull() || type.isEmpty() || connector.get("type") != type.getAsLong()) {
            return null;
        }
        long object = connector.get("obj");
        if (object == 0) {
            return null;
        }
        // Until 6.10 the connector held the address of the member that points back to it.
        boolean direct = kernel.types().hasStruct("fsnotify_sb_info");
        String back = switch (structure) {
            case "inode" -> "i_fsnotify_marks";
            case "mount" -> "mnt_fsnotify_marks";
            default -> "s_fsnotify_marks";
        };
        if (direct) {
            return structure.equals("mount") ? Path.mount(kernel.at(object, "vfsmount")) : kernel.at(object, structure);
        }
        return kernel.at(object, "list_head").containerOf(structure, back);
    }

    /** {@code inotify_mark_user_mask}; 5.19 moved two bits from the mask to the flags. */
    private static long inotifyMask(KObject mark) {
        long flags = mark.get("flags");
        return mark.get("mask") & (IN_ALL_EVENTS | IN_EXCL_UNLINK | IN_ONESHOT)
                | ((flags & 0x10) != 0 ? IN_EXCL_UNLINK : 0) | ((flags & 0x20) != 0 ? IN_ONESHOT : 0);
    }

    private static void masks(KObject mark, ProcText out) {
        long flags = mark.get("flags");
        // The mark is attached: bit 2 until 5.18, bit 1 since. The other bits moved in the same release.
        boolean old = (flags & 0x4) != 0;
        long shown = ((flags & (old ? 0x1 : 0x100)) != 0 ? FAN_MARK_IGNORED_SURV_MODIFY : 0)
                | ((flags & 0x200) != 0 ? FAN_MARK_EVICTABLE : 0) | ((flags & 0x400) != 0 ? FAN_MARK_IGNORE : 0);
        out.put(" mflags:").hex(shown).put(" mask:").hex(mark.get("mask") & 0xffff_ffffL);
        String ignore = mark.has("ignore_mask") ? "ignore_mask" : "ignored_mask";
        out.put(" ignored_mask:").hex(mark.get(ignore) & 0xffff_ffffL);
    }

    /** {@code show_mark_fhandle}. */
    private static void handle(KObject inode, ProcText out) {
        FileHandle handle = FileHandle.of(inode);
        if (handle == null) {
            return;
        }
        out.put("fhandle-bytes:").hex(handle.bytes().length).put(" fhandle-type:").hex(handle.type()).put(" f_handle:");
        for (byte each : handle.bytes()) {
            out.hex(each & 0xff, 2);
        }
    }
}
