package io.scwatcher.os.fs.lock;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.wait.WaitQueue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** The advisory locks of one file: those of fcntl(2) on ranges of bytes, and those of flock(2) on the whole of it (fs/locks.c). */
public final class FileLocks {
    /** Most range locks of one file. */
    private static final int MAXIMUM = 20_000;
    /** Who waits for whom, of all POSIX locks: for finding deadlocks. Guarded by itself. */
    private static final Map<Object, Object> WAITING = new IdentityHashMap<>();

    private final WaitQueue queue = new WaitQueue();
    private final List<RangeLock> ranges = new ArrayList<>();
    private final Map<Object, Boolean> whole = new HashMap<>();

    /** Woken when a lock is given up. */
    public WaitQueue queue() {
        return queue;
    }

    /** A lock that keeps this one from being taken, or null. */
    public synchronized RangeLock conflicting(RangeLock wanted) {
        for (RangeLock lock : ranges) {
            if (lock.conflicts(wanted)) {
                return lock;
            }
        }
        return null;
    }

    /**
     * Takes a lock; what the owner has in the range is replaced by it.
     *
     * @return 0, {@code -EAGAIN} if somebody else's lock is in the way, {@code -ENOLCK}
     */
    public int lock(RangeLock wanted) {
        synchronized (this) {
            if (conflicting(wanted) != null) {
                return -Errno.EAGAIN;
            }
            if (ranges.size() >= MAXIMUM) {
                return -Errno.ENOLCK;
            }
            cut(wanted);
            RangeLock merged = wanted;
            for (RangeLock lock : List.copyOf(ranges)) {
                if (lock.owner() == merged.owner() && lock.exclusive() == merged.exclusive() && lock.touches(merged)) {
                    ranges.remove(lock);
                    merged = merged.range(Math.min(lock.start(), merged.start()), Math.max(lock.end(), merged.end()));
                }
            }
            add(merged);
        }
        queue.wakeAll();
        return 0;
    }

    /** Gives a range up. */
    public void unlock(RangeLock range) {
        synchronized (this) {
            cut(range);
        }
        queue.wakeAll();
    }

    /** Takes a range out of the owner's locks. */
    private void cut(RangeLock range) {
        for (RangeLock lock : List.copyOf(ranges)) {
            if (lock.owner() == range.owner() && lock.overlaps(range)) {
                ranges.remove(lock);
                if (lock.start() < range.start()) {
                    add(lock.range(lock.start(), range.start() - 1));
                }
                if (lock.end() > range.end()) {
                    add(lock.range(range.end() + 1, lock.end()));
                }
            }
        }
    }

    private void add(RangeLock lock) {
        ranges.add(lock);
        ranges.sort(Comparator.comparingLong(RangeLock::start));
    }

    /** Gives up all that somebody has: when it closes the file. */
    public void release(Object owner) {
        boolean changed;
        synchronized (this) {
            changed = ranges.removeIf(lock -> lock.owner() == owner) | whole.remove(owner) != null;
        }
        if (changed) {
            queue.wakeAll();
        }
    }

    /**
     * Before sleeping for a POSIX lock: notes for whom this owner waits.
     *
     * @return false if that one waits, through others perhaps, for this owner: EDEADLK
     */
    public static boolean waitFor(Object owner, Object blocker) {
        synchronized (WAITING) {
            Object at = blocker;
            while (at != null) {
                if (at == owner) {
                    return false;
                }
                at = WAITING.get(at);
            }
            WAITING.put(owner, blocker);
            return true;
        }
    }

    /** It no longer waits. */
    public static void waited(Object owner) {
        synchronized (WAITING) {
            WAITING.remove(owner);
        }
    }

    /**
     * flock(2): one lock for each open file; asking again converts it, which gives the old one up first.
     *
     * @return 0 or {@code -EAGAIN}
     */
    public int lockWhole(Object owner, boolean exclusive) {
        boolean lost;
        synchronized (this) {
            Boolean old = whole.get(owner);
            if (old != null && old == exclusive) {
                return 0;
            }
            lost = whole.remove(owner) != null;
            boolean free = exclusive ? whole.isEmpty() : !whole.containsValue(true);
            if (free) {
                whole.put(owner, exclusive);
                lost = old != null && !exclusive;
            }
            if (!lost) {
                return free ? 0 : -Errno.EAGAIN;
            }
        }
        queue.wakeAll();
        synchronized (this) {
            return whole.containsKey(owner) ? 0 : -Errno.EAGAIN;
        }
    }

    public void unlockWhole(Object owner) {
        synchronized (this) {
            whole.remove(owner);
        }
        queue.wakeAll();
    }
}
