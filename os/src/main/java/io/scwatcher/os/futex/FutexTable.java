package io.scwatcher.os.futex;

import static io.scwatcher.os.abi.Errno.EAGAIN;
import static io.scwatcher.os.abi.Errno.EDEADLK;
import static io.scwatcher.os.abi.Errno.EFAULT;
import static io.scwatcher.os.abi.Errno.ENOSYS;
import static io.scwatcher.os.abi.Errno.EPERM;
import static io.scwatcher.os.abi.Errno.ESRCH;
import static io.scwatcher.os.abi.Errno.ETIMEDOUT;

import io.scwatcher.cpu.memory.PageTableEntry;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.task.Task;
import io.scwatcher.os.wait.Wakeup;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * Who waits on which word of memory: kernel/futex (6.12). All methods are for tasks that have the turn of their address space; the monitor of this
 * object makes checking a word and queueing one step also for words that several address spaces share.
 */
public final class FutexTable {
    static final int OWNER_DIED = 0x40000000, WAITERS = 0x80000000, TID_MASK = 0x3fffffff;
    static final int INTERRUPTED = Integer.MIN_VALUE;

    /** A word: in an address space, or in a frame that several share. */
    private record Key(Object space, long offset) {}

    private static final class Waiter {
        final Task task;
        final int bits;
        Key key;
        volatile boolean woken;

        Waiter(Task task, int bits, Key key) {
            this.task = task;
            this.bits = bits;
            this.key = key;
        }

        void wake() {
            woken = true;
            task.waiter().wake();
        }
    }

    private final Map<Key, ArrayDeque<Waiter>> queues = new HashMap<>();

    private static Key key(Task task, long address, boolean isPrivate) {
        PageTableEntry entry = task.mm().space().readable(address);
        if (entry == null) {
            throw SystemCallException.of(EFAULT);
        }
        return isPrivate || !entry.shared() ? new Key(task.mm().space(), address) : new Key(entry.frame(), address & 4095);
    }

    /**
     * FUTEX_WAIT_BITSET.
     *
     * @param deadline of {@link System#nanoTime}, or {@link Task#NEVER}
     * @return 0, a negated error number, or {@link #INTERRUPTED}
     */
    int await(Task task, long address, int expected, int bits, boolean isPrivate, long deadline) {
        Waiter waiter;
        synchronized (this) {
            Key key = key(task, address, isPrivate);
            if (task.memory().get32(address) != expected) {
                return -EAGAIN;
            }
            waiter = enqueue(task, bits, key);
        }
        return sleep(task, waiter, deadline);
    }

    private Waiter enqueue(Task task, int bits, Key key) {
        Waiter waiter = new Waiter(task, bits, key);
        queues.computeIfAbsent(key, _ -> new ArrayDeque<>(2)).add(waiter);
        return waiter;
    }

    private int sleep(Task task, Waiter waiter, long deadline) {
        Wakeup end = task.sleep(deadline, () -> waiter.woken);
        synchronized (this) {
            if (waiter.woken) {
                return 0;
            }
            remove(waiter);
        }
        return end == Wakeup.TIMED_OUT ? -ETIMEDOUT : INTERRUPTED;
    }

    private void remove(Waiter waiter) {
        ArrayDeque<Waiter> queue = queues.get(waiter.key);
        if (queue != null) {
            queue.remove(waiter);
            if (queue.isEmpty()) {
                queues.remove(waiter.key);
            }
        }
    }

    /** FUTEX_WAKE_BITSET. @return how many were woken */
    int wake(Task task, long address, int count, int bits, boolean isPrivate) {
        synchronized (this) {
            return wake(key(task, address, isPrivate), count, bits);
        }
    }

    /** Likewise on a word that may be shared, for words that the kernel itself changes. */
    public int wakeShared(Task task, long address, int count) {
        int woken = wake(task, address, count, -1, false);
        return woken > 0 ? woken : wake(task, address, count, -1, true);
    }

    private int wake(Key key, int count, int bits) {
        ArrayDeque<Waiter> queue = queues.get(key);
        int woken = 0;
        if (queue != null) {
            for (Iterator<Waiter> i = queue.iterator(); i.hasNext() && woken < count; ) {
                Waiter waiter = i.next();
                if ((waiter.bits & bits) != 0) {
                    i.remove();
                    waiter.wake();
                    woken++;
                }
            }
            if (queue.isEmpty()) {
                queues.remove(key);
            }
        }
        return woken;
    }

    /**
     * FUTEX_CMP_REQUEUE, or FUTEX_REQUEUE without {@code expected}.
     *
     * @return how many were woken or moved (requeue: woken only), or -EAGAIN
     */
    int requeue(Task task, long from, long to, int wakes, int moves, Integer expected, boolean isPrivate) {
        synchronized (this) {
            Key source = key(task, from, isPrivate);
            Key target = key(task, to, isPrivate);
            if (expected != null && task.memory().get32(from) != expected) {
                return -EAGAIN;
            }
            int woken = wake(source, wakes, -1);
            ArrayDeque<Waiter> queue = queues.get(source);
            int moved = 0;
            if (!source.equals(target)) {
                while (queue != null && !queue.isEmpty() && moved < moves) {
                    Waiter waiter = queue.poll();
                    waiter.key = target;
                    queues.computeIfAbsent(target, _ -> new ArrayDeque<>(2)).add(waiter);
                    moved++;
                }
                if (queue != null && queue.isEmpty()) {
                    queues.remove(source);
                }
            }
            return woken + moved;
        }
    }

    /** FUTEX_WAKE_OP: changes the second word, wakes the first one's waiters, and the second one's if its old value compares. */
    int wakeOp(Task task, long first, long second, int wakes, int secondWakes, int operation, boolean isPrivate) {
        synchronized (this) {
            Key one = key(task, first, isPrivate);
            Key two = key(task, second, isPrivate);
            int argument = operation << 8 >> 20;
            if ((operation & 0x80000000) != 0) {
                argument = 1 << argument;
            }
            int old = task.memory().get32(second);
            int changed = switch (operation >>> 28 & 7) {
                case 0 -> argument;
                case 1 -> old + argument;
                case 2 -> old | argument;
                case 3 -> old & ~argument;
                case 4 -> old ^ argument;
                default -> throw SystemCallException.of(ENOSYS);
            };
            task.memory().put32(second, changed);
            int compared = operation << 20 >> 20;
            boolean holds = switch (operation >>> 24 & 15) {
                case 0 -> old == compared;
                case 1 -> old != compared;
                case 2 -> old < compared;
                case 3 -> old >= compared;
                case 4 -> old <= compared;
                case 5 -> old > compared;
                default -> throw SystemCallException.of(ENOSYS);
            };
            int woken = wake(one, wakes, -1);
            return holds ? woken + wake(two, secondWakes, -1) : woken;
        }
    }

    // Priority inheritance: the word holds the owner's ID. Priorities mean nothing here, so that the oldest waiter is next.

    /** FUTEX_LOCK_PI, FUTEX_TRYLOCK_PI. */
    int lockPi(Task task, long address, boolean isPrivate, boolean tryOnly, long deadline) {
        while (true) {
            Waiter waiter;
            synchronized (this) {
                Key key = key(task, address, isPrivate);
                int word = task.memory().get32(address);
                int owner = word & TID_MASK;
                if (owner == 0) {
                    task.memory().put32(address, task.id() | word & OWNER_DIED | (queues.containsKey(key) ? WAITERS : 0));
                    return 0;
                }
                if (owner == task.id()) {
                    return -EDEADLK;
                }
                if (tryOnly) {
                    return -EAGAIN;
                }
                Task holder = task.layer().processes().task(owner);
                if (holder == null || !holder.alive()) {
                    return -ESRCH;
                }
                task.memory().put32(address, word | WAITERS);
                waiter = enqueue(task, -1, key);
            }
            int end = sleep(task, waiter, deadline);
            if (end != 0) {
                return end;
            }
            if ((task.memory().get32(address) & TID_MASK) == task.id()) {
                return 0;
            }
        }
    }

    /** FUTEX_UNLOCK_PI. */
    int unlockPi(Task task, long address, boolean isPrivate) {
        synchronized (this) {
            Key key = key(task, address, isPrivate);
            if ((task.memory().get32(address) & TID_MASK) != task.id()) {
                return -EPERM;
            }
            passOn(task, address, key, 0);
            return 0;
        }
    }

    /** A PI lock goes to its oldest waiter. */
    private void passOn(Task task, long address, Key key, int flags) {
        ArrayDeque<Waiter> queue = queues.get(key);
        if (queue == null) {
            task.memory().put32(address, flags);
            return;
        }
        task.memory().put32(address, queue.peek().task.id() | flags | (queue.size() > 1 ? WAITERS : 0));
        wake(key, 1, -1);
    }

    /** The owner of a robust lock died: handle_futex_death. */
    void ownerDied(Task task, long address, boolean priorityInheritance) {
        synchronized (this) {
            int word = task.memory().get32(address);
            if ((word & TID_MASK) != task.id()) {
                return;
            }
            if (priorityInheritance) {
                passOn(task, address, key(task, address, false), OWNER_DIED);
                return;
            }
            task.memory().put32(address, word & WAITERS | OWNER_DIED);
        }
        if ((task.memory().get32(address) & WAITERS) != 0) {
            wakeShared(task, address, 1);
        }
    }
}
