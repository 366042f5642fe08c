package io.scwatcher.os.futex;

import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.task.Task;

/** The locks that a dying thread still holds: exit_robust_list of kernel/futex/core.c (6.12). */
public final class RobustList {
    /** ROBUST_LIST_LIMIT: the list is the program's, and may be a circle. */
    private static final int LIMIT = 2048;

    private RobustList() {}

    /** @param head address of struct robust_list_head */
    public static void release(Task task, long head) {
        try {
            long entry = task.memory().get64(head);
            long offset = task.memory().get64(head + 8);
            long pending = task.memory().get64(head + 16);
            for (int i = 0; i < LIMIT && (entry & ~1) != head; i++) {
                long next = task.memory().get64(entry & ~1);
                if (entry != pending) {
                    died(task, entry, offset);
                }
                entry = next;
            }
            if (pending != 0) {
                died(task, pending, offset);
            }
        } catch (SystemCallException _) {
            // a broken list ends here, as in Linux
        }
    }

    private static void died(Task task, long entry, long offset) {
        long word = (entry & ~1) + offset;
        if ((word & 3) == 0) {
            task.layer().futexes().ownerDied(task, word, (entry & 1) != 0);
        }
    }
}
