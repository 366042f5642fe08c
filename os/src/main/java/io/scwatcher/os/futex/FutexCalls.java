package io.scwatcher.os.futex;

import static io.scwatcher.os.abi.Errno.EFAULT;
import static io.scwatcher.os.abi.Errno.EINVAL;
import static io.scwatcher.os.abi.Errno.ENOSYS;
import static io.scwatcher.os.abi.Errno.EPERM;
import static io.scwatcher.os.abi.Errno.ERESTARTSYS;
import static io.scwatcher.os.abi.Errno.ESRCH;
import static io.scwatcher.os.syscall.Argument.*;
import static io.scwatcher.os.syscall.Support.FULL;
import static io.scwatcher.os.syscall.Support.PARTIAL;

import io.scwatcher.os.syscall.Argument;
import io.scwatcher.os.syscall.SystemCallTable;
import io.scwatcher.os.task.Task;
import io.scwatcher.os.time.TimeSpec;

/** futex(2) and its relatives. */
public final class FutexCalls {
    private static final int WAIT = 0, WAKE = 1, REQUEUE = 3, CMP_REQUEUE = 4, WAKE_OP = 5, LOCK_PI = 6, UNLOCK_PI = 7, TRYLOCK_PI = 8, WAIT_BITSET = 9,
            WAKE_BITSET = 10, LOCK_PI2 = 13;
    private static final int PRIVATE = 128, REALTIME = 256;
    private static final int ROBUST_HEAD_SIZE = 24;

    private static final Argument OPERATION = (line, _, registers, index, _) -> {
        String[] names = {"FUTEX_WAIT", "FUTEX_WAKE", "FUTEX_FD", "FUTEX_REQUEUE", "FUTEX_CMP_REQUEUE", "FUTEX_WAKE_OP", "FUTEX_LOCK_PI", "FUTEX_UNLOCK_PI",
            "FUTEX_TRYLOCK_PI", "FUTEX_WAIT_BITSET", "FUTEX_WAKE_BITSET", "FUTEX_WAIT_REQUEUE_PI", "FUTEX_CMP_REQUEUE_PI", "FUTEX_LOCK_PI2"};
        int operation = (int) registers[index];
        int command = operation & ~(PRIVATE | REALTIME);
        line.append(command >= 0 && command < names.length ? names[command] : "0x" + Integer.toHexString(command));
        line.append((operation & PRIVATE) != 0 ? "_PRIVATE" : "").append((operation & REALTIME) != 0 ? "|FUTEX_CLOCK_REALTIME" : "");
    };

    private FutexCalls() {}

    public static void register(SystemCallTable.Builder table) {
        table.call(202, "futex", args(POINTER, OPERATION, UNSIGNED, POINTER, POINTER, HEX), PARTIAL,
                "FUTEX_WAIT_REQUEUE_PI, FUTEX_CMP_REQUEUE_PI and FUTEX_FD: ENOSYS", FutexCalls::futex);
        table.call(273, "set_robust_list", args(POINTER, SIZE), FULL, (task, head, size, _, _, _, _) -> {
            if (size != ROBUST_HEAD_SIZE) {
                return -EINVAL;
            }
            task.setRobustList(head);
            return 0;
        });
        table.call(274, "get_robust_list", args(INT, POINTER, POINTER), FULL, (task, pid, head, size, _, _, _) -> {
            Task of = (int) pid == 0 ? task : task.layer().processes().task((int) pid);
            if (of == null) {
                return -ESRCH;
            }
            if (of.group() != task.group() && task.credentials().uid() != 0) {
                return -EPERM;
            }
            task.memory().put64(size, ROBUST_HEAD_SIZE);
            task.memory().put64(head, of.robustList());
            return 0;
        });
    }

    private static long futex(Task task, long address, long op, long value, long timeout, long second, long third) {
        int operation = (int) op;
        int command = operation & ~(PRIVATE | REALTIME);
        boolean isPrivate = (operation & PRIVATE) != 0;
        boolean realTime = (operation & REALTIME) != 0;
        if (realTime && command != WAIT_BITSET && command != LOCK_PI2 && command != WAIT && command != 11) {
            return -ENOSYS;
        }
        boolean waits = command == WAIT || command == WAIT_BITSET || command == LOCK_PI || command == LOCK_PI2;
        long deadline = Task.NEVER;
        if (waits && timeout != 0) {
            long nanos = TimeSpec.read(task.memory(), timeout);
            deadline = switch (command) {
                case WAIT -> TimeSpec.after(nanos);
                case LOCK_PI -> task.layer().clocks().realTimeDeadline(nanos);
                default -> realTime ? task.layer().clocks().realTimeDeadline(nanos) : task.layer().clocks().monotonicDeadline(nanos);
            };
        }
        if ((address & 3) != 0) {
            return -EINVAL;
        }
        if (address < 0) {
            return -EFAULT;
        }
        FutexTable futexes = task.layer().futexes();
        return switch (command) {
            case WAIT, WAIT_BITSET -> await(task, address, (int) value, command == WAIT ? -1 : (int) third, isPrivate, deadline, command == WAIT && timeout != 0);
            case WAKE -> futexes.wake(task, address, atLeastOne(value), -1, isPrivate);
            case WAKE_BITSET -> (int) third == 0 ? -EINVAL : futexes.wake(task, address, atLeastOne(value), (int) third, isPrivate);
            case REQUEUE, CMP_REQUEUE -> (second & 3) != 0 || (int) value < 0 || (int) timeout < 0 ? -EINVAL
                    : futexes.requeue(task, address, second, (int) value, (int) timeout, command == REQUEUE ? null : Integer.valueOf((int) third), isPrivate);
            case WAKE_OP -> (second & 3) != 0 ? -EINVAL
                    : futexes.wakeOp(task, address, second, atLeastOne(value), atLeastOne(timeout), (int) third, isPrivate);
            case LOCK_PI, LOCK_PI2 -> restartable(futexes.lockPi(task, address, isPrivate, false, deadline));
            case TRYLOCK_PI -> futexes.lockPi(task, address, isPrivate, true, deadline);
            case UNLOCK_PI -> futexes.unlockPi(task, address, isPrivate);
            default -> -ENOSYS;
        };
    }

    private static long await(Task task, long address, int value, int bits, boolean isPrivate, long deadline, boolean relative) {
        if (bits == 0) {
            return -EINVAL;
        }
        int end = task.layer().futexes().await(task, address, value, bits, isPrivate, deadline);
        if (end == FutexTable.INTERRUPTED && relative) {
            return task.restartBy(() -> await(task, address, value, bits, isPrivate, deadline, true));
        }
        return restartable(end);
    }

    private static long restartable(int end) {
        return end == FutexTable.INTERRUPTED ? -ERESTARTSYS : end;
    }

    /** Linux wakes one even if asked for none. */
    private static int atLeastOne(long count) {
        return Math.max(1, (int) count);
    }
}
