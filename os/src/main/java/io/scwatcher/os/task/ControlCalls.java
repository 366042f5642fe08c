package io.scwatcher.os.task;

import static io.scwatcher.os.abi.Errno.EFAULT;
import static io.scwatcher.os.abi.Errno.EINVAL;
import static io.scwatcher.os.abi.Errno.ENODEV;
import static io.scwatcher.os.abi.Errno.EPERM;
import static io.scwatcher.os.abi.Errno.ESRCH;
import static io.scwatcher.os.syscall.Argument.*;
import static io.scwatcher.os.syscall.Support.FULL;
import static io.scwatcher.os.syscall.Support.PARTIAL;
import static io.scwatcher.os.syscall.Support.REFUSED;

import io.scwatcher.os.mm.UserMemory;
import io.scwatcher.os.syscall.Argument;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.syscall.SystemCallTable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** prctl(2), limits, usage: what a process is told and may tell about itself. */
public final class ControlCalls {
    private static final int RUSAGE_SELF = 0, RUSAGE_CHILDREN = -1, RUSAGE_THREAD = 1;
    private static final long NANOS_PER_TICK = 10_000_000;
    private static final Argument RESOURCE = oneOf("RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_DATA", "RLIMIT_STACK", "RLIMIT_CORE", "RLIMIT_RSS", "RLIMIT_NPROC",
            "RLIMIT_NOFILE", "RLIMIT_MEMLOCK", "RLIMIT_AS", "RLIMIT_LOCKS", "RLIMIT_SIGPENDING", "RLIMIT_MSGQUEUE", "RLIMIT_NICE", "RLIMIT_RTPRIO",
            "RLIMIT_RTTIME");

    private ControlCalls() {}

    public static void register(SystemCallTable.Builder table) {
        table.call(97, "getrlimit", args(RESOURCE, POINTER), FULL, (task, resource, address, _, _, _, _) -> limit(task, 0, resource, 0, address));
        table.call(160, "setrlimit", args(RESOURCE, POINTER), FULL, (task, resource, address, _, _, _, _) ->
                address == 0 ? -EFAULT : limit(task, 0, resource, address, 0));
        table.call(302, "prlimit64", args(INT, RESOURCE, POINTER, POINTER), FULL, (task, pid, resource, fresh, old, _, _) ->
                limit(task, (int) pid, resource, fresh, old));
        table.call(98, "getrusage", args(INT, POINTER), PARTIAL, "times and the peak of resident memory", ControlCalls::usage);
        table.call(100, "times", args(POINTER), FULL, (task, address, _, _, _, _, _) -> {
            if (address != 0) {
                ThreadGroup group = task.group();
                long[] times = {group.userNanos(), group.systemNanos(), group.childrenUser, group.childrenSystem};
                for (int i = 0; i < times.length; i++) {
                    task.memory().put64(address + 8 * i, times[i] / NANOS_PER_TICK);
                }
            }
            return task.layer().clocks().monotonic() / NANOS_PER_TICK;
        });
        table.call(135, "personality", args(HEX), PARTIAL, "remembered; addresses are never random", (task, wanted, _, _, _, _, _) -> {
            int old = task.personality;
            if ((int) wanted != -1) {
                task.personality = (int) wanted;
            }
            return old & 0xffffffffL;
        });
        table.call(157, "prctl", args(INT, HEX, HEX, HEX, HEX), PARTIAL, "no seccomp filters, no PR_SET_MM", ControlCalls::prctl);
        table.call(317, "seccomp", args(INT, HEX, POINTER), REFUSED, "EINVAL, as a kernel without filters", (_, _, _, _, _, _, _) -> -EINVAL);
    }

    private static long limit(Task task, int pid, long resource, long fresh, long old) {
        if (Long.compareUnsigned(resource & 0xffffffffL, ResourceLimits.COUNT) >= 0) {
            return -EINVAL;
        }
        int which = (int) resource;
        UserMemory memory = task.memory();
        long soft = 0;
        long hard = 0;
        if (fresh != 0) {
            soft = memory.get64(fresh);
            hard = memory.get64(fresh + 8);
        }
        Task of = pid == 0 ? task : task.layer().processes().task(pid);
        if (of == null) {
            return task.layer().view().process(pid) == null ? -ESRCH : -EPERM;
        }
        if (of.group() != task.group() && task.credentials().uid() != of.credentials().uid() && !task.credentials().has(Credentials.CAP_SYS_RESOURCE)) {
            return -EPERM;
        }
        ResourceLimits limits = of.group().limits();
        long oldSoft = limits.soft(which);
        long oldHard = limits.hard(which);
        if (fresh != 0) {
            if (Long.compareUnsigned(soft, hard) > 0) {
                return -EINVAL;
            }
            if (which == ResourceLimits.NOFILE && Long.compareUnsigned(hard, 1 << 20) > 0
                    || Long.compareUnsigned(hard, oldHard) > 0 && !task.credentials().has(Credentials.CAP_SYS_RESOURCE)) {
                return -EPERM;
            }
            limits.set(which, soft, hard);
            apply(of, which, soft);
        }
        if (old != 0) {
            memory.put64(old, oldSoft);
            memory.put64(old + 8, oldHard);
        }
        return 0;
    }

    private static void apply(Task task, int resource, long soft) {
        switch (resource) {
            case ResourceLimits.NOFILE -> task.files().limit(soft);
            case ResourceLimits.STACK, ResourceLimits.AS -> {
                ResourceLimits limits = task.group().limits();
                task.mm().space().setLimits(finite(limits.soft(ResourceLimits.STACK)), finite(limits.soft(ResourceLimits.AS)));
            }
            default -> { }
        }
    }

    private static long finite(long limit) {
        return limit < 0 ? Long.MAX_VALUE : limit;
    }

    private static long usage(Task task, long who, long address, long c, long d, long e, long f) {
        ThreadGroup group = task.group();
        switch ((int) who) {
            case RUSAGE_SELF -> ResourceUsage.write(task.memory(), address, group.userNanos(), group.systemNanos(), Math.max(group.peakPages, task.mm().peakPages()));
            case RUSAGE_CHILDREN -> ResourceUsage.write(task.memory(), address, group.childrenUser, group.childrenSystem, group.childrenPeakPages);
            case RUSAGE_THREAD -> ResourceUsage.write(task.memory(), address, task.cpuTime().user(), task.cpuTime().system(), task.mm().peakPages());
            default -> {
                return -EINVAL;
            }
        }
        return 0;
    }

    /** kernel/sys.c (6.12). */
    private static long prctl(Task task, long optionArgument, long a, long b, long c, long d, long f) {
        int option = (int) optionArgument;
        UserMemory memory = task.memory();
        ThreadGroup group = task.group();
        boolean noMore = b == 0 && c == 0 && d == 0;
        switch (option) {
            case 1 -> {
                if (a < 0 || a > 64) {
                    return -EINVAL;
                }
                group.parentDeathSignal = (int) a;
            }
            case 2 -> memory.put32(a, group.parentDeathSignal);
            case 3 -> {
                return task.mm().dumpable;
            }
            case 4 -> {
                if (a != 0 && a != 1) {
                    return -EINVAL;
                }
                task.mm().dumpable = (int) a;
            }
            case 7 -> {
                return task.credentials().secureBits() >> 4 & 1;
            }
            case 8 -> {
                if (a < 0 || a > 1) {
                    return -EINVAL;
                }
                Credentials who = task.credentials();
                task.setCredentials(who.withSecureBits(who.secureBits() & ~16 | (int) a << 4));
            }
            case 13 -> {
                return 0;
            }
            case 14 -> {
                return a == 0 ? 0 : -EINVAL;
            }
            case 15 -> task.setName(name(memory, a));
            case 16 -> memory.copyOut(a, Arrays.copyOf(task.name().getBytes(StandardCharsets.ISO_8859_1), 16));
            case 21 -> {
                return 0;
            }
            case 23 -> {
                return a < 0 || a > 40 ? -EINVAL : task.credentials().bounding() >>> a & 1;
            }
            case 24 -> {
                return CapabilityCalls.dropBounding(task, a);
            }
            case 25 -> memory.put32(a, 1);
            case 26 -> {
                return a == 1 ? 0 : -EINVAL;
            }
            case 27 -> {
                return task.credentials().secureBits();
            }
            case 28 -> {
                if (!task.credentials().has(Credentials.CAP_SETPCAP) || (a & ~0xff) != 0) {
                    return -EPERM;
                }
                task.setCredentials(task.credentials().withSecureBits((int) a));
            }
            case 29 -> task.timerSlack = a <= 0 ? 50_000 : a;
            case 30 -> {
                return task.timerSlack;
            }
            case 33, 34 -> {
                return option == 34 && a == 0 && noMore ? 2 : option == 33 && b >= 0 && b <= 2 && c == 0 && d == 0 ? 0 : -EINVAL;
            }
            case 36 -> group.childSubreaper = a != 0;
            case 37 -> memory.put32(a, group.childSubreaper ? 1 : 0);
            case 38 -> {
                if (a != 1 || !noMore) {
                    return -EINVAL;
                }
                task.setNoNewPrivileges();
            }
            case 39 -> {
                return a == 0 && noMore ? task.noNewPrivileges() ? 1 : 0 : -EINVAL;
            }
            case 40 -> memory.put64(a, task.clearChildTid);
            case 41, 42 -> {
                return noMore && (option == 41 || a == 0) ? 0 : -EINVAL;
            }
            case 47 -> {
                return CapabilityCalls.ambient(task, (int) a, b, c, d);
            }
            case 52 -> {
                return c != 0 || d != 0 ? -EINVAL : a >= 0 && a <= 2 ? 0 : -ENODEV;
            }
            default -> {
                return -EINVAL;
            }
        }
        return 0;
    }

    /** At most 15 bytes; what follows need not be readable. */
    private static String name(UserMemory memory, long address) {
        byte[] bytes = new byte[16];
        int got = memory.tryCopyIn(address, bytes, 0, 15);
        int end = 0;
        while (end < got && bytes[end] != 0) {
            end++;
        }
        if (end == got && got < 15) {
            throw SystemCallException.of(EFAULT);
        }
        return new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
    }
}
