package io.scwatcher.kernel.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.Lists;
import java.util.ArrayList;
import java.util.List;

/**
 * File locks: the per-CPU {@code file_lock_list} (fs/locks.c). Since 6.9 what locks and leases have in common is a
 * {@code struct file_lock_core} with members {@code flc_*}, before {@code struct file_lock} with {@code fl_*}.
 */
public final class FileLocks {
    private static final int FL_POSIX = 1;
    private static final int FL_FLOCK = 2;
    private static final int FL_DELEG = 4;
    private static final int FL_ACCESS = 8;
    private static final int FL_LEASE = 32;
    private static final int FL_DOWNGRADE_PENDING = 256;
    private static final int FL_UNLOCK_PENDING = 512;
    private static final int FL_OFDLCK = 1024;
    private static final int FL_LAYOUT = 2048;
    private static final int F_RDLCK = 0;
    private static final int F_UNLCK = 2;
    /** Waiters below waiters: as deep as a sane system never gets. */
    private static final int DEEPEST = 64;

    private final Kernel kernel;
    private final boolean hasCore;
    private final String structure;
    private final String prefix;

    public FileLocks(Kernel kernel) {
        this.kernel = kernel;
        this.hasCore = kernel.types().hasStruct("file_lock_core");
        this.structure = hasCore ? "file_lock_core" : "file_lock";
        this.prefix = hasCore ? "flc_" : "fl_";
    }

    /** What holds a lock: the kernel's own three families. */
    public enum Family { POSIX, FLOCK, LEASE, UNKNOWN }

    /** All locks that are held, in the order of /proc/locks. */
    public List<Lock> held() {
        List<Lock> held = new ArrayList<>();
        long lists = kernel.address("file_lock_list");
        for (int cpu : kernel.possibleCpus()) {
            KObject head = kernel.at(kernel.perCpu(lists, cpu), "file_lock_list_struct").at("hlist");
            for (KObject lock : Lists.hlist(head, structure, prefix + "link")) {
                held.add(new Lock(lock, 0));
            }
        }
        return held;
    }

    /**
     * The locks through one open file, in the order of fdinfo: {@code show_fd_locks}.
     *
     * @param file the {@code struct file}
     * @param table the {@code struct files_struct} of the process that is shown
     */
    public List<Lock> through(KObject file, KObject table) {
        List<Lock> found = new ArrayList<>();
        KObject context = file.ptr("f_inode").ptr("i_flctx");
        if (context.isNull()) {
            return found;
        }
        for (String list : new String[] {"flc_flock", "flc_posix", "flc_lease"}) {
            for (KObject lock : Lists.list(context.at(list), structure, prefix + "list")) {
                long owner = lock.get(prefix + "owner");
                if (lock.get(prefix + "file") == file.address() && (owner == table.address() || owner == file.address())) {
                    found.add(new Lock(lock, 0));
                }
            }
        }
        return found;
    }

    /** A lock, and those that wait for it behind it, depth first; the lock itself is of level 0. */
    public List<Lock> withWaiters(Lock lock) {
        List<Lock> all = new ArrayList<>();
        collect(lock, all);
        return all;
    }

    private void collect(Lock lock, List<Lock> all) {
        all.add(lock);
        if (lock.level >= DEEPEST) {
            kernel.anomalies().record("file locks wait in a chain of more than " + DEEPEST);
            return;
        }
        KObject waiters = lock.object.at(prefix + "blocked_requests");
        for (KObject waiter : Lists.list(waiters, structure, prefix + "blocked_member")) {
            collect(new Lock(waiter, lock.level + 1), all);
        }
    }

    /** One lock or waiter. */
    public final class Lock {
        private final KObject object;
        private final int level;
        private final long flags;

        private Lock(KObject object, int level) {
            this.object = object;
            this.level = level;
            this.flags = object.get(prefix + "flags");
        }

        /** How many locks it waits behind. */
        public int level() {
            return level;
        }

        public Family family() {
            return (flags & FL_POSIX) != 0 ? Family.POSIX
                    : (flags & FL_FLOCK) != 0 ? Family.FLOCK
                    : (flags & (FL_LEASE | FL_DELEG | FL_LAYOUT)) != 0 ? Family.LEASE : Family.UNKNOWN;
        }

        public boolean isAccess() {
            return (flags & FL_ACCESS) != 0;
        }

        /** Owned by an open file description. */
        public boolean isOpenFileDescription() {
            return (flags & FL_OFDLCK) != 0;
        }

        public boolean isDelegation() {
            return (flags & FL_DELEG) != 0;
        }

        public boolean isBreaking() {
            return (flags & (FL_UNLOCK_PENDING | FL_DOWNGRADE_PENDING)) != 0;
        }

        /** {@code F_RDLCK}, {@code F_WRLCK} or {@code F_UNLCK}; what a lease will become where it is being broken. */
        public int type() {
            if (family() == Family.LEASE && isBreaking()) {
                return (flags & FL_UNLOCK_PENDING) != 0 ? F_UNLCK : F_RDLCK;
            }
            return object.getInt(prefix + "type") & 0xff;
        }

        /** {@code locks_translate_pid} in the initial PID namespace; 0 where the lock is not to be shown. */
        public int pid() {
            return isOpenFileDescription() ? -1 : object.getInt(prefix + "pid");
        }

        /** The inode of the locked file, or null. */
        public KObject inode() {
            KObject file = object.ptr(prefix + "file");
            return file.isNull() ? null : file.ptr("f_inode");
        }

        public long start() {
            return range().get("fl_start");
        }

        public long end() {
            return range().get("fl_end");
        }

        private KObject range() {
            return hasCore ? object.containerOf("file_lock", "c") : object;
        }
    }
}
