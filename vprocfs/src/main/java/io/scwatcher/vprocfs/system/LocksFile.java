package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.system.FileLocks;
import io.scwatcher.kernel.system.FileLocks.Family;
import io.scwatcher.kernel.system.FileLocks.Lock;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.SystemFile;

/** /proc/locks (fs/locks.c, {@code lock_get_status}). Mandatory locks, gone since 5.15, print as advisory ones. */
public final class LocksFile implements SystemFile {
    private static final int F_RDLCK = 0;
    private static final int F_WRLCK = 1;

    @Override
    public void print(Kernel kernel, ProcText out) {
        FileLocks locks = new FileLocks(kernel);
        int number = 0;
        for (Lock lock : locks.held()) {
            number++;
            if (lock.pid() != 0) {
                for (Lock each : locks.withWaiters(lock)) {
                    out.dec(number).put(": ");
                    if (each.level() > 0) {
                        out.right("-> ", each.level() - 1 + "-> ".length());
                    }
                    print(each, out);
                }
            }
        }
    }

    /** One lock, without its number. */
    public static void print(Lock lock, ProcText out) {
        KObject inode = lock.inode();
        printFamily(lock, inode, out);
        int type = lock.type();
        out.put(type == F_WRLCK ? "WRITE " : type == F_RDLCK ? "READ " : "UNLCK ").dec(lock.pid());
        if (inode == null) {
            out.put(" <none>:0 ");
        } else {
            long device = inode.ptr("i_sb").get("s_dev");
            out.put(' ').hex(device >>> 20, 2).put(':').hex(device & 0xfffff, 2);
            out.put(':').unsigned(inode.get("i_ino")).put(' ');
        }
        if (lock.family() == Family.POSIX) {
            out.dec(lock.start()).put(' ');
            out.put(lock.end() == Long.MAX_VALUE ? "EOF" : Long.toString(lock.end())).put('\n');
        } else {
            out.put("0 EOF\n");
        }
    }

    private static void printFamily(Lock lock, KObject inode, ProcText out) {
        switch (lock.family()) {
            case POSIX -> {
                out.put(lock.isAccess() ? "ACCESS" : lock.isOpenFileDescription() ? "OFDLCK" : "POSIX ");
                out.put(inode == null ? " *NOINODE* " : " ADVISORY  ");
            }
            case FLOCK -> out.put("FLOCK  ADVISORY  ");
            case LEASE -> {
                out.put(lock.isDelegation() ? "DELEG  " : "LEASE  ");
                out.put(lock.isBreaking() ? "BREAKING  " : inode != null ? "ACTIVE    " : "BREAKER   ");
            }
            case UNKNOWN -> out.put("UNKNOWN UNKNOWN  ");
        }
    }
}
