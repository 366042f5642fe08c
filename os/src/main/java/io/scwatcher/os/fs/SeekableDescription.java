package io.scwatcher.os.fs;

import io.scwatcher.os.abi.Errno;

/** An open file with an offset: read and write by way of {@link #readAt} and {@link #writeAt}. */
public abstract class SeekableDescription extends FileDescription {
    private static final int SEEK_SET = 0, SEEK_CUR = 1, SEEK_END = 2, SEEK_DATA = 3, SEEK_HOLE = 4;

    private final Object positionLock = new Object();
    private long position;

    protected SeekableDescription(Location location, int flags) {
        super(location, flags);
    }

    /** The size, for SEEK_END. @return negative: a negated error number, seeking from the end is impossible */
    protected abstract long end();

    /** SEEK_DATA or SEEK_HOLE. By default the whole file is data. */
    protected long seekData(long position, boolean data) {
        long end = end();
        return position < 0 || position >= end ? -Errno.ENXIO : data ? position : end;
    }

    /** Guards the offset: two threads that read one open file get different parts of it. */
    protected final Object positionLock() {
        return positionLock;
    }

    protected final void position(long to) {
        position = to;
    }

    @Override
    public int read(byte[] to, int offset, int length) {
        synchronized (positionLock) {
            int count = readAt(position, to, offset, length);
            if (count > 0) {
                position += count;
            }
            return count;
        }
    }

    @Override
    public int write(byte[] from, int offset, int length) {
        synchronized (positionLock) {
            int count = writeAt(position, from, offset, length);
            if (count > 0) {
                position += count;
            }
            return count;
        }
    }

    @Override
    public boolean seekable() {
        return true;
    }

    @Override
    public long seek(long offset, int whence) {
        synchronized (positionLock) {
            long base = switch (whence) {
                case SEEK_SET -> 0;
                case SEEK_CUR -> position;
                case SEEK_END -> end();
                default -> 0;
            };
            if (base < 0) {
                return base;
            }
            long to = switch (whence) {
                case SEEK_SET, SEEK_CUR, SEEK_END -> base + offset;
                case SEEK_DATA -> seekData(offset, true);
                case SEEK_HOLE -> seekData(offset, false);
                default -> -Errno.EINVAL;
            };
            if (to < 0) {
                return whence == SEEK_DATA || whence == SEEK_HOLE ? to : -Errno.EINVAL;
            }
            position = to;
            return to;
        }
    }
}
