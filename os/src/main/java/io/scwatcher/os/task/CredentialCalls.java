package io.scwatcher.os.task;

import static io.scwatcher.os.abi.Errno.EINVAL;
import static io.scwatcher.os.abi.Errno.EPERM;
import static io.scwatcher.os.syscall.Argument.*;
import static io.scwatcher.os.syscall.Support.FULL;

import io.scwatcher.os.mm.UserMemory;
import io.scwatcher.os.syscall.SystemCallTable;
import java.util.Arrays;

/** User and group IDs: kernel/sys.c, kernel/groups.c (6.12). An ID of -1 means "as it is" where a call allows that. */
public final class CredentialCalls {
    private static final int KEEP = -1;
    private static final int NGROUPS_MAX = 65_536;
    private static final int SECBIT_NO_SETUID_FIXUP = 4, SECBIT_KEEP_CAPS = 16;
    /** CAP_CHOWN, DAC_OVERRIDE, DAC_READ_SEARCH, FOWNER, FSETID, MKNOD, MAC_OVERRIDE, LINUX_IMMUTABLE: CAP_FS_MASK. */
    private static final long FILE_SYSTEM = 0x1fL | 1L << 27 | 1L << 32 | 1L << 9;

    private CredentialCalls() {}

    public static void register(SystemCallTable.Builder table) {
        table.call(102, "getuid", args(), FULL, (task, _, _, _, _, _, _) -> task.credentials().uid() & 0xffffffffL);
        table.call(104, "getgid", args(), FULL, (task, _, _, _, _, _, _) -> task.credentials().gid() & 0xffffffffL);
        table.call(107, "geteuid", args(), FULL, (task, _, _, _, _, _, _) -> task.credentials().euid() & 0xffffffffL);
        table.call(108, "getegid", args(), FULL, (task, _, _, _, _, _, _) -> task.credentials().egid() & 0xffffffffL);
        table.call(105, "setuid", args(UNSIGNED), FULL, (task, id, _, _, _, _, _) -> setUser(task, (int) id));
        table.call(106, "setgid", args(UNSIGNED), FULL, (task, id, _, _, _, _, _) -> setGroup(task, (int) id));
        table.call(113, "setreuid", args(INT, INT), FULL, (task, real, effective, _, _, _, _) -> setUsers(task, (int) real, (int) effective));
        table.call(114, "setregid", args(INT, INT), FULL, (task, real, effective, _, _, _, _) -> setGroups(task, (int) real, (int) effective));
        table.call(117, "setresuid", args(INT, INT, INT), FULL, (task, real, effective, saved, _, _, _) -> {
            Credentials old = task.credentials();
            int r = (int) real, e = (int) effective, s = (int) saved;
            if (!old.has(Credentials.CAP_SETUID) && (foreign(r, old.uid(), old.euid(), old.suid()) || foreign(e, old.uid(), old.euid(), old.suid())
                    || foreign(s, old.uid(), old.euid(), old.suid()))) {
                return -EPERM;
            }
            int euid = e == KEEP ? old.euid() : e;
            return changeUsers(task, old, r == KEEP ? old.uid() : r, euid, s == KEEP ? old.suid() : s, euid);
        });
        table.call(119, "setresgid", args(INT, INT, INT), FULL, (task, real, effective, saved, _, _, _) -> {
            Credentials old = task.credentials();
            int r = (int) real, e = (int) effective, s = (int) saved;
            if (!old.has(Credentials.CAP_SETGID) && (foreign(r, old.gid(), old.egid(), old.sgid()) || foreign(e, old.gid(), old.egid(), old.sgid())
                    || foreign(s, old.gid(), old.egid(), old.sgid()))) {
                return -EPERM;
            }
            int egid = e == KEEP ? old.egid() : e;
            task.setCredentials(old.withGroups(r == KEEP ? old.gid() : r, egid, s == KEEP ? old.sgid() : s, egid));
            return 0;
        });
        table.call(118, "getresuid", args(POINTER, POINTER, POINTER), FULL, (task, r, e, s, _, _, _) ->
                put(task.memory(), r, e, s, task.credentials().uid(), task.credentials().euid(), task.credentials().suid()));
        table.call(120, "getresgid", args(POINTER, POINTER, POINTER), FULL, (task, r, e, s, _, _, _) ->
                put(task.memory(), r, e, s, task.credentials().gid(), task.credentials().egid(), task.credentials().sgid()));
        table.call(122, "setfsuid", args(UNSIGNED), FULL, (task, id, _, _, _, _, _) -> {
            Credentials old = task.credentials();
            int wanted = (int) id;
            if (wanted != KEEP && (old.has(Credentials.CAP_SETUID) || !foreign(wanted, old.uid(), old.euid(), old.suid()) || wanted == old.fsuid())) {
                Credentials made = old.withUsers(old.uid(), old.euid(), old.suid(), wanted);
                if (old.fsuid() == 0 && wanted != 0) {
                    made = withEffective(made, made.effective() & ~FILE_SYSTEM);
                } else if (old.fsuid() != 0 && wanted == 0) {
                    made = withEffective(made, made.effective() | made.permitted() & FILE_SYSTEM);
                }
                task.setCredentials(made);
            }
            return old.fsuid() & 0xffffffffL;
        });
        table.call(123, "setfsgid", args(UNSIGNED), FULL, (task, id, _, _, _, _, _) -> {
            Credentials old = task.credentials();
            int wanted = (int) id;
            if (wanted != KEEP && (old.has(Credentials.CAP_SETGID) || !foreign(wanted, old.gid(), old.egid(), old.sgid()) || wanted == old.fsgid())) {
                task.setCredentials(old.withGroups(old.gid(), old.egid(), old.sgid(), wanted));
            }
            return old.fsgid() & 0xffffffffL;
        });
        table.call(115, "getgroups", args(INT, POINTER), FULL, (task, size, address, _, _, _, _) -> {
            int[] groups = task.credentials().groups();
            if ((int) size < 0 || (int) size != 0 && (int) size < groups.length) {
                return -EINVAL;
            }
            for (int i = 0; i < groups.length && (int) size != 0; i++) {
                task.memory().put32(address + 4L * i, groups[i]);
            }
            return groups.length;
        });
        table.call(116, "setgroups", args(INT, POINTER), FULL, (task, size, address, _, _, _, _) -> {
            if (!task.credentials().has(Credentials.CAP_SETGID)) {
                return -EPERM;
            }
            if (Integer.compareUnsigned((int) size, NGROUPS_MAX) > 0) {
                return -EINVAL;
            }
            int[] groups = new int[(int) size];
            for (int i = 0; i < groups.length; i++) {
                groups[i] = task.memory().get32(address + 4L * i);
            }
            Arrays.sort(groups);
            task.setCredentials(task.credentials().withSupplementary(groups));
            return 0;
        });
        CapabilityCalls.register(table);
    }

    private static boolean foreign(int wanted, int real, int effective, int saved) {
        return wanted != KEEP && wanted != real && wanted != effective && wanted != saved;
    }

    private static long setUser(Task task, int wanted) {
        Credentials old = task.credentials();
        if (wanted == KEEP) {
            return -EINVAL;
        }
        if (old.has(Credentials.CAP_SETUID)) {
            return changeUsers(task, old, wanted, wanted, wanted, wanted);
        }
        return wanted != old.uid() && wanted != old.suid() ? -EPERM : changeUsers(task, old, old.uid(), wanted, old.suid(), wanted);
    }

    private static long setGroup(Task task, int wanted) {
        Credentials old = task.credentials();
        if (wanted == KEEP) {
            return -EINVAL;
        }
        if (old.has(Credentials.CAP_SETGID)) {
            task.setCredentials(old.withGroups(wanted, wanted, wanted, wanted));
        } else if (wanted == old.gid() || wanted == old.sgid()) {
            task.setCredentials(old.withGroups(old.gid(), wanted, old.sgid(), wanted));
        } else {
            return -EPERM;
        }
        return 0;
    }

    private static long setUsers(Task task, int real, int effective) {
        Credentials old = task.credentials();
        if (!old.has(Credentials.CAP_SETUID) && (real != KEEP && real != old.uid() && real != old.euid() || foreign(effective, old.uid(), old.euid(), old.suid()))) {
            return -EPERM;
        }
        int uid = real == KEEP ? old.uid() : real;
        int euid = effective == KEEP ? old.euid() : effective;
        boolean save = real != KEEP || effective != KEEP && effective != old.uid();
        return changeUsers(task, old, uid, euid, save ? euid : old.suid(), euid);
    }

    private static long setGroups(Task task, int real, int effective) {
        Credentials old = task.credentials();
        if (!old.has(Credentials.CAP_SETGID) && (real != KEEP && real != old.gid() && real != old.egid() || foreign(effective, old.gid(), old.egid(), old.sgid()))) {
            return -EPERM;
        }
        int gid = real == KEEP ? old.gid() : real;
        int egid = effective == KEEP ? old.egid() : effective;
        boolean save = real != KEEP || effective != KEEP && effective != old.gid();
        task.setCredentials(old.withGroups(gid, egid, save ? egid : old.sgid(), egid));
        return 0;
    }

    /** With what that does to capabilities: cap_task_fix_setuid. */
    private static long changeUsers(Task task, Credentials old, int uid, int euid, int suid, int fsuid) {
        Credentials made = old.withUsers(uid, euid, suid, fsuid);
        if ((old.secureBits() & SECBIT_NO_SETUID_FIXUP) == 0) {
            boolean wasRoot = old.uid() == 0 || old.euid() == 0 || old.suid() == 0;
            boolean isRoot = uid == 0 || euid == 0 || suid == 0;
            long permitted = made.permitted();
            long effective = made.effective();
            long ambient = made.ambient();
            if (wasRoot && !isRoot) {
                if ((old.secureBits() & SECBIT_KEEP_CAPS) == 0) {
                    permitted = 0;
                    effective = 0;
                }
                ambient = 0;
            }
            if (old.euid() == 0 && euid != 0) {
                effective = 0;
            } else if (old.euid() != 0 && euid == 0) {
                effective = permitted;
            }
            made = made.withCapabilities(made.inheritable(), permitted, effective, made.bounding(), ambient);
        }
        if (euid != old.euid()) {
            task.mm().dumpable = 0;
        }
        task.setCredentials(made);
        return 0;
    }

    private static Credentials withEffective(Credentials who, long effective) {
        return who.withCapabilities(who.inheritable(), who.permitted(), effective, who.bounding(), who.ambient());
    }

    private static long put(UserMemory memory, long a, long b, long c, int real, int effective, int saved) {
        memory.put32(a, real);
        memory.put32(b, effective);
        memory.put32(c, saved);
        return 0;
    }
}
