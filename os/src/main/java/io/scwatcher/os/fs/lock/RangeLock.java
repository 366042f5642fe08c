package io.scwatcher.os.fs.lock;

/**
 * An advisory lock on a range of bytes (struct file_lock).
 *
 * @param owner whose it is: a descriptor table for POSIX locks, an open file for open file description locks
 * @param pid of the process that made it; -1 for open file description locks
 * @param exclusive a write lock
 * @param end last byte, {@link Long#MAX_VALUE} for all that may come
 */
public record RangeLock(Object owner, int pid, boolean exclusive, long start, long end) {
    boolean overlaps(RangeLock other) {
        return start <= other.end && other.start <= end;
    }

    boolean conflicts(RangeLock other) {
        return owner != other.owner && (exclusive || other.exclusive) && overlaps(other);
    }

    boolean touches(RangeLock other) {
        return overlaps(other) || end != Long.MAX_VALUE && end + 1 == other.start || other.end != Long.MAX_VALUE && other.end + 1 == start;
    }

    RangeLock range(long newStart, long newEnd) {
        return new RangeLock(owner, pid, exclusive, newStart, newEnd);
    }
}
