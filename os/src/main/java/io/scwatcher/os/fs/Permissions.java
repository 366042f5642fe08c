package io.scwatcher.os.fs;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.task.Credentials;
import io.scwatcher.vfs.FileType;

/** Discretionary access checks: fs/namei.c {@code generic_permission}, fs/attr.c. */
public final class Permissions {
    public static final int EXECUTE = 1, WRITE = 2, READ = 4;
    public static final int SET_UID = 04000, SET_GID = 02000, STICKY = 01000;

    private Permissions() {}

    /** Whether capabilities alone allow this on any directory. */
    static boolean searchesAll(Credentials who, int wanted) {
        return who.has(Credentials.CAP_DAC_OVERRIDE) || (wanted & WRITE) == 0 && who.has(Credentials.CAP_DAC_READ_SEARCH);
    }

    /** @return 0 or {@code -EACCES} */
    static int check(FileStatus status, Credentials who, int wanted) {
        int bits = status.mode();
        if (status.uid() == who.fsuid()) {
            bits >>= 6;
        } else if (who.inGroup(status.gid())) {
            bits >>= 3;
        }
        if ((wanted & ~bits & 7) == 0) {
            return 0;
        }
        boolean directory = status.type() == FileType.DIRECTORY;
        if (directory && searchesAll(who, wanted)) {
            return 0;
        }
        if (!directory && wanted == READ && who.has(Credentials.CAP_DAC_READ_SEARCH)) {
            return 0;
        }
        boolean someExecute = (status.mode() & 0111) != 0;
        if (!directory && ((wanted & EXECUTE) == 0 || someExecute) && who.has(Credentials.CAP_DAC_OVERRIDE)) {
            return 0;
        }
        return -Errno.EACCES;
    }

    /** Whether somebody may change mode and times as the owner may. */
    public static boolean owns(FileStatus status, Credentials who) {
        return status.uid() == who.fsuid() || who.has(Credentials.CAP_FOWNER);
    }

    /** Whether the sticky bit of a directory keeps somebody from removing or renaming an entry: {@code check_sticky}. */
    public static boolean stickyForbids(FileStatus directory, FileStatus entry, Credentials who) {
        return (directory.mode() & STICKY) != 0 && entry.uid() != who.fsuid() && directory.uid() != who.fsuid() && !who.has(Credentials.CAP_FOWNER);
    }
}
