package io.scwatcher.os.task;

import static io.scwatcher.os.abi.Errno.E2BIG;
import static io.scwatcher.os.abi.Errno.EACCES;
import static io.scwatcher.os.abi.Errno.EINVAL;
import static io.scwatcher.os.abi.Errno.EPERM;
import static io.scwatcher.os.abi.Errno.ESRCH;
import static io.scwatcher.os.syscall.Argument.*;
import static io.scwatcher.os.syscall.Support.FULL;
import static io.scwatcher.os.syscall.Support.PARTIAL;

import io.scwatcher.os.mm.UserMemory;
import io.scwatcher.os.syscall.Argument;
import io.scwatcher.os.syscall.SystemCallTable;
import io.scwatcher.os.time.TimeSpec;
import io.scwatcher.os.view.SystemView.ProcessView;

/**
 * Priorities, policies and affinity: kernel/sched/syscalls.c (6.12). Of the layer's own tasks they are remembered; of the system's they are what the
 * view says, and may not be changed.
 */
public final class SchedulingCalls {
    private static final int PRIO_PROCESS = 0, PRIO_PGRP = 1, PRIO_USER = 2;
    /** RR_TIMESLICE at 250 Hz, and what CFS answers for SCHED_OTHER. */
    private static final long ROUND_ROBIN = 100_000_000, NORMAL = 4_000_000;
    private static final int RESET_ON_FORK = 0x40000000;
    private static final int ATTR_SIZE_VER0 = 48, ATTR_SIZE = 56;
    private static final String NOTE = "remembered and reported; the JVM schedules";
    private static final Argument POLICY = oneOf("SCHED_OTHER", "SCHED_FIFO", "SCHED_RR", "SCHED_BATCH", null, "SCHED_IDLE", "SCHED_DEADLINE");
    private static final Argument WHICH = oneOf("PRIO_PROCESS", "PRIO_PGRP", "PRIO_USER");

    private SchedulingCalls() {}

    public static void register(SystemCallTable.Builder table) {
        table.call(24, "sched_yield", args(), FULL, (task, _, _, _, _, _, _) -> {
            task.yield();
            return 0;
        });
        table.call(140, "getpriority", args(WHICH, INT), FULL, (task, which, who, _, _, _, _) -> getPriority(task, (int) which, (int) who));
        table.call(141, "setpriority", args(WHICH, INT, INT), PARTIAL, NOTE, (task, which, who, nice, _, _, _) -> setPriority(task, (int) which, (int) who, (int) nice));
        table.call(142, "sched_setparam", args(INT, POINTER), PARTIAL, NOTE, (task, pid, address, _, _, _, _) -> {
            if (address == 0 || (int) pid < 0) {
                return -EINVAL;
            }
            int priority = task.memory().get32(address);
            Task of = own(task, (int) pid);
            return of == null ? outside(task, (int) pid) : set(task, of, of.scheduling().policy, priority, of.scheduling().resetOnFork);
        });
        table.call(144, "sched_setscheduler", args(INT, POLICY, POINTER), PARTIAL, NOTE, (task, pid, policy, address, _, _, _) -> {
            if (address == 0 || (int) pid < 0 || (int) policy < 0) {
                return -EINVAL;
            }
            int priority = task.memory().get32(address);
            Task of = own(task, (int) pid);
            return of == null ? outside(task, (int) pid)
                    : set(task, of, (int) policy & ~RESET_ON_FORK, priority, (policy & RESET_ON_FORK) != 0);
        });
        table.call(143, "sched_getparam", args(INT, POINTER), FULL, (task, pid, address, _, _, _, _) -> {
            if (address == 0 || (int) pid < 0) {
                return -EINVAL;
            }
            Task of = own(task, (int) pid);
            ProcessView view = of == null ? task.layer().view().process((int) pid) : null;
            if (of == null && view == null) {
                return -ESRCH;
            }
            task.memory().put32(address, of != null ? of.scheduling().priority : view.realTimePriority());
            return 0;
        });
        table.call(145, "sched_getscheduler", args(INT), FULL, (task, pid, _, _, _, _, _) -> {
            if ((int) pid < 0) {
                return -EINVAL;
            }
            Task of = own(task, (int) pid);
            if (of != null) {
                return of.scheduling().policy | (of.scheduling().resetOnFork ? RESET_ON_FORK : 0);
            }
            ProcessView view = task.layer().view().process((int) pid);
            return view == null ? -ESRCH : view.schedulingPolicy();
        });
        table.call(146, "sched_get_priority_max", args(POLICY), FULL, (_, policy, _, _, _, _, _) ->
                !Scheduling.known((int) policy) ? -EINVAL : Scheduling.realTime((int) policy) ? 99 : 0);
        table.call(147, "sched_get_priority_min", args(POLICY), FULL, (_, policy, _, _, _, _, _) ->
                !Scheduling.known((int) policy) ? -EINVAL : Scheduling.realTime((int) policy) ? 1 : 0);
        table.call(148, "sched_rr_get_interval", args(INT, POINTER), FULL, (task, pid, address, _, _, _, _) -> {
            if ((int) pid < 0) {
                return -EINVAL;
            }
            Task of = own(task, (int) pid);
            ProcessView view = of == null ? task.layer().view().process((int) pid) : null;
            if (of == null && view == null) {
                return -ESRCH;
            }
            TimeSpec.write(task.memory(), address, of == null ? view.roundRobinInterval() : switch (of.scheduling().policy) {
                case Scheduling.SCHED_RR -> ROUND_ROBIN;
                case Scheduling.SCHED_FIFO -> 0;
                default -> NORMAL;
            });
            return 0;
        });
        table.call(203, "sched_setaffinity", args(INT, SIZE, POINTER), PARTIAL, NOTE, SchedulingCalls::setAffinity);
        table.call(204, "sched_getaffinity", args(INT, SIZE, POINTER), FULL, SchedulingCalls::getAffinity);
        table.call(314, "sched_setattr", args(INT, POINTER, HEX), PARTIAL, NOTE, SchedulingCalls::setAttributes);
        table.call(315, "sched_getattr", args(INT, POINTER, SIZE, HEX), FULL, SchedulingCalls::getAttributes);
        table.call(309, "getcpu", args(POINTER, POINTER), FULL, (task, cpu, node, _, _, _, _) -> {
            if (cpu != 0) {
                task.memory().put32(cpu, Long.numberOfTrailingZeros(affinity(task)[0]) & 63);
            }
            if (node != 0) {
                task.memory().put32(node, 0);
            }
            return 0;
        });
        table.call(324, "membarrier", args(INT, HEX, INT), FULL, (_, command, flags, _, _, _, _) -> {
            // threads take turns, and giving up the turn is a full barrier
            boolean known = command == 0 || Long.bitCount(command) == 1 && command <= 0x10;
            return !known || flags != 0 ? -EINVAL : command == 0 ? 0x1f : 0;
        });
        table.call(251, "ioprio_set", args(INT, INT, HEX), PARTIAL, NOTE, (task, which, who, value, _, _, _) -> {
            if (which != 1 || (value >> 13 & 7) > 3) {
                return -EINVAL;
            }
            Task of = own(task, (int) who);
            if (of == null) {
                return outside(task, (int) who);
            }
            of.group().ioPriority = (int) value;
            return 0;
        });
        table.call(252, "ioprio_get", args(INT, INT), FULL, (task, which, who, _, _, _, _) -> {
            if (which < 1 || which > 3) {
                return -EINVAL;
            }
            Task of = own(task, (int) who);
            ProcessView view = of == null && which == 1 ? task.layer().view().process((int) who) : null;
            return of != null ? of.group().ioPriority : view == null ? -ESRCH : view.ioPriority();
        });
    }

    /** One of the layer's own tasks; 0 is the caller. */
    private static Task own(Task task, int pid) {
        return pid == 0 ? task : task.layer().processes().task(pid);
    }

    /** What changing a task of the watched system gives. */
    private static long outside(Task task, int pid) {
        return task.layer().view().process(pid) == null ? -ESRCH : -EPERM;
    }

    private static long getPriority(Task task, int which, int who) {
        if (which == PRIO_PROCESS) {
            Task of = own(task, who);
            if (of != null) {
                return 20 - of.group().nice;
            }
            ProcessView view = task.layer().view().process(who);
            return view == null ? -ESRCH : 20 - view.nice();
        }
        if (which != PRIO_PGRP && which != PRIO_USER) {
            return -EINVAL;
        }
        int best = -ESRCH;
        for (ThreadGroup group : task.layer().processes().groups()) {
            if (belongs(task, group, which, who)) {
                best = Math.max(best, 20 - group.nice);
            }
        }
        return best;
    }

    private static boolean belongs(Task task, ThreadGroup group, int which, int who) {
        return which == PRIO_PGRP ? group.processGroup == (who == 0 ? task.group().processGroup : who)
                : group.userId() == (who == 0 ? task.credentials().uid() : who);
    }

    private static long setPriority(Task task, int which, int who, int wanted) {
        int nice = Math.clamp(wanted, -20, 19);
        if (which == PRIO_PROCESS) {
            Task of = own(task, who);
            return of == null ? outside(task, who) : renice(task, of.group(), nice);
        }
        if (which != PRIO_PGRP && which != PRIO_USER) {
            return -EINVAL;
        }
        long result = -ESRCH;
        for (ThreadGroup group : task.layer().processes().groups()) {
            if (belongs(task, group, which, who)) {
                long one = renice(task, group, nice);
                result = result == -ESRCH || one != 0 ? one : result;
            }
        }
        return result;
    }

    private static long renice(Task task, ThreadGroup group, int nice) {
        Credentials who = task.credentials();
        if (!who.has(Credentials.CAP_SYS_NICE)) {
            Credentials target = group.leader().credentials();
            if (who.euid() != target.euid() && who.euid() != target.uid()) {
                return -EPERM;
            }
            if (nice < group.nice && 20 - nice > group.limits().soft(ResourceLimits.NICE)) {
                return -EACCES;
            }
        }
        group.nice = nice;
        return 0;
    }

    private static long set(Task task, Task of, int policy, int priority, boolean resetOnFork) {
        if (!Scheduling.known(policy) || policy == Scheduling.SCHED_DEADLINE || (Scheduling.realTime(policy) ? priority < 1 || priority > 99 : priority != 0)) {
            return -EINVAL;
        }
        if (!task.credentials().has(Credentials.CAP_SYS_NICE)) {
            boolean more = Scheduling.realTime(policy) && priority > of.group().limits().soft(ResourceLimits.RTPRIO);
            if (more || task.credentials().euid() != of.credentials().euid()) {
                return -EPERM;
            }
        }
        of.scheduling().policy = policy;
        of.scheduling().priority = priority;
        of.scheduling().resetOnFork = resetOnFork;
        return 0;
    }

    private static long[] affinity(Task of) {
        return of.scheduling().affinity != null ? of.scheduling().affinity : of.layer().view().processors();
    }

    private static long setAffinity(Task task, long pid, long size, long address, long d, long e, long f) {
        long[] online = task.layer().view().processors();
        byte[] bytes = task.memory().copyIn(address, (int) Math.min(size & 0xffffffffL, 8L * online.length));
        long[] wanted = new long[online.length];
        boolean any = false;
        for (int i = 0; i < bytes.length; i++) {
            wanted[i / 8] |= (bytes[i] & 0xffL) << 8 * (i % 8);
        }
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] &= online[i];
            any |= wanted[i] != 0;
        }
        Task of = own(task, (int) pid);
        if (of == null) {
            return outside(task, (int) pid);
        }
        if (!any) {
            return -EINVAL;
        }
        of.scheduling().affinity = wanted;
        return 0;
    }

    private static long getAffinity(Task task, long pid, long sizeArgument, long address, long d, long e, long f) {
        long[] online = task.layer().view().processors();
        long size = sizeArgument & 0xffffffffL;
        int processors = 64 * online.length - Long.numberOfLeadingZeros(online[online.length - 1]);
        if (size * 8 < processors || (size & 7) != 0) {
            return -EINVAL;
        }
        Task of = own(task, (int) pid);
        ProcessView view = of == null ? task.layer().view().process((int) pid) : null;
        if (of == null && view == null) {
            return -ESRCH;
        }
        long[] mask = of != null ? affinity(of) : view.affinity();
        int length = (int) Math.min(size, 8L * online.length);
        for (int i = 0; i < length / 8; i++) {
            task.memory().put64(address + 8L * i, i < mask.length ? mask[i] : 0);
        }
        return length;
    }

    private static long setAttributes(Task task, long pid, long address, long flags, long d, long e, long f) {
        if (address == 0 || (int) pid < 0 || flags != 0) {
            return -EINVAL;
        }
        UserMemory memory = task.memory();
        int size = memory.get32(address);
        if (size != 0 && size < ATTR_SIZE_VER0 || size > 4096) {
            memory.put32(address, ATTR_SIZE);
            return -E2BIG;
        }
        int policy = memory.get32(address + 4);
        long attributeFlags = memory.get64(address + 8);
        int nice = memory.get32(address + 16);
        int priority = memory.get32(address + 20);
        Task of = own(task, (int) pid);
        if (of == null) {
            return outside(task, (int) pid);
        }
        long error = set(task, of, policy, priority, (attributeFlags & 1) != 0);
        return error != 0 || Scheduling.realTime(policy) ? error : renice(task, of.group(), Math.clamp(nice, -20, 19));
    }

    private static long getAttributes(Task task, long pid, long address, long sizeArgument, long flags, long e, long f) {
        int size = (int) sizeArgument;
        if (address == 0 || (int) pid < 0 || flags != 0 || size < ATTR_SIZE_VER0 || size > 4096) {
            return -EINVAL;
        }
        Task of = own(task, (int) pid);
        ProcessView view = of == null ? task.layer().view().process((int) pid) : null;
        if (of == null && view == null) {
            return -ESRCH;
        }
        int length = Math.min(size, ATTR_SIZE);
        UserMemory memory = task.memory();
        memory.zero(address, length);
        memory.put32(address, length);
        memory.put32(address + 4, of != null ? of.scheduling().policy : view.schedulingPolicy());
        memory.put64(address + 8, of != null && of.scheduling().resetOnFork ? 1 : 0);
        memory.put32(address + 16, of != null ? of.group().nice : view.nice());
        memory.put32(address + 20, of != null ? of.scheduling().priority : view.realTimePriority());
        return 0;
    }
}
