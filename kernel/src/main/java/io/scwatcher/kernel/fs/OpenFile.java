package io.scwatcher.kernel.fs;

import io.scwatcher.kernel.KObject;

/**
 * An open file description.
 *
 * @param object the {@code struct file}
 */
public record OpenFile(KObject object) {
    /** {@code FMODE_*} of include/linux/fs.h: macros. */
    public static final int FMODE_READ = 0x1;
    public static final int FMODE_WRITE = 0x2;
    private static final int FMODE_NOACCOUNT = 1 << 29;
    /** {@code FMODE_BACKING}: bit 25 since 6.5, bit 24 since 6.12. */
    private static final int FMODE_BACKING = 1 << 24 | 1 << 25;

    public Path path() {
        return Path.of(object.at("f_path"));
    }

    public KObject inode() {
        return object.ptr("f_inode");
    }

    public int mode() {
        return object.getInt("f_mode");
    }

    /** {@code file_user_path}: for a file behind an overlay, the path that the user opened. */
    public Path userPath() {
        return isBacking() ? Path.of(backing().at("user_path")) : path();
    }

    /** {@code file_user_inode}: its inode. */
    public KObject userInode() {
        return isBacking() ? userPath().inode() : inode();
    }

    private boolean isBacking() {
        return (mode() & FMODE_NOACCOUNT) != 0 && (mode() & FMODE_BACKING) != 0
                && object.kernel().types().hasStruct("backing_file") && backing().has("user_path");
    }

    private KObject backing() {
        return object.containerOf("backing_file", "file");
    }
}
