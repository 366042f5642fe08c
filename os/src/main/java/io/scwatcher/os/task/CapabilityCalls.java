package io.scwatcher.os.task;

import static io.scwatcher.os.abi.Errno.EFAULT;
import static io.scwatcher.os.abi.Errno.EINVAL;
import static io.scwatcher.os.abi.Errno.EPERM;
import static io.scwatcher.os.abi.Errno.ESRCH;
import static io.scwatcher.os.syscall.Argument.*;
import static io.scwatcher.os.syscall.Support.FULL;

import io.scwatcher.os.mm.UserMemory;
import io.scwatcher.os.syscall.SystemCallTable;

/** capget(2), capset(2) and prctl's capability operations: kernel/capability.c, security/commoncap.c (6.12). */
final class CapabilityCalls {
    private static final int VERSION_1 = 0x19980330, VERSION_2 = 0x20071026, VERSION_3 = 0x20080522;

    private CapabilityCalls() {}

    static void register(SystemCallTable.Builder table) {
        table.call(125, "capget", args(POINTER, POINTER), FULL, (task, header, data, _, _, _, _) -> get(task, header, data));
        table.call(126, "capset", args(POINTER, POINTER), FULL, (task, header, data, _, _, _, _) -> set(task, header, data));
    }

    /** @return how many 32-bit words each set has, or 0 for an unknown version, after telling the right one */
    private static int words(UserMemory memory, long header) {
        return switch (memory.get32(header)) {
            case VERSION_1 -> 1;
            case VERSION_2, VERSION_3 -> 2;
            default -> {
                memory.put32(header, VERSION_3);
                yield 0;
            }
        };
    }

    private static long get(Task task, long header, long data) {
        UserMemory memory = task.memory();
        int words = words(memory, header);
        if (words == 0) {
            return data == 0 ? 0 : -EINVAL;
        }
        int pid = memory.get32(header + 4);
        if (pid < 0) {
            return -EINVAL;
        }
        Task of = pid == 0 ? task : task.layer().processes().task(pid);
        if (of == null) {
            return -ESRCH;
        }
        if (data == 0) {
            return -EFAULT;
        }
        Credentials who = of.credentials();
        for (int i = 0; i < words; i++) {
            memory.put32(data + 12 * i, (int) (who.effective() >>> 32 * i));
            memory.put32(data + 12 * i + 4, (int) (who.permitted() >>> 32 * i));
            memory.put32(data + 12 * i + 8, (int) (who.inheritable() >>> 32 * i));
        }
        return 0;
    }

    private static long set(Task task, long header, long data) {
        UserMemory memory = task.memory();
        int words = words(memory, header);
        if (words == 0) {
            return -EINVAL;
        }
        int pid = memory.get32(header + 4);
        if (pid != 0 && pid != task.id()) {
            return -EPERM;
        }
        long effective = 0;
        long permitted = 0;
        long inheritable = 0;
        for (int i = 0; i < words; i++) {
            effective |= (memory.get32(data + 12 * i) & 0xffffffffL) << 32 * i;
            permitted |= (memory.get32(data + 12 * i + 4) & 0xffffffffL) << 32 * i;
            inheritable |= (memory.get32(data + 12 * i + 8) & 0xffffffffL) << 32 * i;
        }
        effective &= Credentials.ALL_CAPABILITIES;
        permitted &= Credentials.ALL_CAPABILITIES;
        inheritable &= Credentials.ALL_CAPABILITIES;
        Credentials old = task.credentials();
        boolean mayInherit = old.has(Credentials.CAP_SETPCAP);
        if (!mayInherit && (inheritable & ~(old.inheritable() | old.permitted())) != 0 || (inheritable & ~(old.inheritable() | old.bounding())) != 0
                || (permitted & ~old.permitted()) != 0 || (effective & ~permitted) != 0) {
            return -EPERM;
        }
        task.setCredentials(old.withCapabilities(inheritable, permitted, effective, old.bounding(), old.ambient() & permitted & inheritable));
        return 0;
    }

    /** PR_CAPBSET_DROP. */
    static long dropBounding(Task task, long capability) {
        Credentials who = task.credentials();
        if (!who.has(Credentials.CAP_SETPCAP)) {
            return -EPERM;
        }
        if (capability < 0 || capability > 40) {
            return -EINVAL;
        }
        task.setCredentials(who.withCapabilities(who.inheritable(), who.permitted(), who.effective(), who.bounding() & ~(1L << capability), who.ambient()));
        return 0;
    }

    /** PR_CAP_AMBIENT. */
    static long ambient(Task task, int operation, long capability, long c, long d) {
        Credentials who = task.credentials();
        if (operation == 4) {
            if (capability != 0 || c != 0 || d != 0) {
                return -EINVAL;
            }
            task.setCredentials(who.withCapabilities(who.inheritable(), who.permitted(), who.effective(), who.bounding(), 0));
            return 0;
        }
        if (c != 0 || d != 0 || capability < 0 || capability > 40) {
            return -EINVAL;
        }
        long bit = 1L << capability;
        long changed;
        switch (operation) {
            case 1 -> {
                return (who.ambient() & bit) != 0 ? 1 : 0;
            }
            case 2 -> {
                if ((who.permitted() & who.inheritable() & bit) == 0) {
                    return -EPERM;
                }
                changed = who.ambient() | bit;
            }
            case 3 -> changed = who.ambient() & ~bit;
            default -> {
                return -EINVAL;
            }
        }
        task.setCredentials(who.withCapabilities(who.inheritable(), who.permitted(), who.effective(), who.bounding(), changed));
        return 0;
    }
}
