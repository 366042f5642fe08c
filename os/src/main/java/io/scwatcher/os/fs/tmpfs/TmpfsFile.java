package io.scwatcher.os.fs.tmpfs;

import io.scwatcher.cpu.memory.Backing;
import io.scwatcher.cpu.memory.Frame;
import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.Location;
import io.scwatcher.os.fs.OpenFlags;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.task.Task;
import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.RegularFile;

/** A regular file. Reads and writes are atomic to each other. */
public final class TmpfsFile extends TmpfsInode {
    /** Seals of fcntl(2) (include/uapi/linux/fcntl.h). */
    static final int SEAL_SEAL = 1, SEAL_SHRINK = 2, SEAL_GROW = 4, SEAL_WRITE = 8, SEAL_FUTURE_WRITE = 16, SEAL_EXEC = 32;
    private static final int FALLOC_KEEP_SIZE = 1, FALLOC_PUNCH_HOLE = 2;

    private final PagedContent content;
    private int seals = SEAL_SEAL;
    /** Openings for writing; negative: programs that run from it. */
    private int writers;

    TmpfsFile(Tmpfs fs, Attributes attributes, RegularFile lower) {
        super(fs, attributes, lower != null);
        content = new PagedContent(fs, lower, lower == null ? 0 : attributes.size());
    }

    @Override
    long size() {
        return content.size();
    }

    @Override
    long blocks() {
        return content.residentPages() * 8;
    }

    @Override
    public FileDescription open(Task task, Location at, int flags) {
        return new OpenTmpfsFile(this, at, flags);
    }

    /** Opens it under a name that no directory has: memfd_create(2). */
    public FileDescription openUnnamed(String name, int flags, boolean sealable) {
        synchronized (this) {
            seals = sealable ? 0 : SEAL_SEAL;
        }
        return new OpenTmpfsFile(this, name, flags);
    }

    @Override
    public synchronized void denyWriting() {
        if (writers > 0) {
            throw SystemCallException.of(Errno.ETXTBSY);
        }
        writers--;
    }

    @Override
    public synchronized void allowWriting() {
        writers++;
    }

    /** Opened for writing, or closed again with -1. @throws SystemCallException ETXTBSY */
    synchronized void countWriter(int change) {
        if (change > 0 && writers < 0) {
            throw SystemCallException.of(Errno.ETXTBSY);
        }
        writers += change;
    }

    @Override
    void gone() {
        synchronized (this) {
            content.clear();
        }
        super.gone();
    }

    int read(long position, byte[] to, int offset, int length) {
        synchronized (this) {
            int count = content.read(position, to, offset, length);
            accessed();
            return count;
        }
    }

    /** @param position -1 for the end of the file */
    synchronized int write(long position, byte[] from, int offset, int length) {
        long at = position < 0 ? content.size() : position;
        if (length == 0) {
            return 0;
        }
        if ((seals & (SEAL_WRITE | SEAL_FUTURE_WRITE)) != 0) {
            return -Errno.EPERM;
        }
        if (at + length < 0) {
            return -Errno.EFBIG;
        }
        if ((seals & SEAL_GROW) != 0 && at + length > content.size()) {
            if (at >= content.size()) {
                return -Errno.EPERM;
            }
            length = (int) (content.size() - at);
        }
        int done = content.write(at, from, offset, length);
        if (done == 0) {
            return -Errno.ENOSPC;
        }
        modified();
        dropPrivileges();
        return done;
    }

    /** Writing takes set-user-ID and set-group-ID away ({@code file_remove_privs}); the superuser's writes too, as everybody here may be that. */
    private void dropPrivileges() {
        int mode = permissions();
        if ((mode & 06000) != 0) {
            changeMode(mode & ~04000 & ((mode & 010) != 0 ? ~02000 : ~0));
        }
    }

    @Override
    public synchronized void truncate(long size) {
        boolean shrinks = size < content.size();
        if ((seals & SEAL_SHRINK) != 0 && shrinks || (seals & SEAL_GROW) != 0 && size > content.size()) {
            throw SystemCallException.of(Errno.EPERM);
        }
        if (!content.truncate(size)) {
            throw SystemCallException.of(Errno.ENOSPC);
        }
        modified();
    }

    /** fallocate(2) with arguments already checked for sign. */
    synchronized void allocate(int mode, long position, long length) {
        if ((mode & ~(FALLOC_KEEP_SIZE | FALLOC_PUNCH_HOLE)) != 0 || mode == FALLOC_PUNCH_HOLE) {
            throw SystemCallException.of(Errno.EOPNOTSUPP);
        }
        long end = position + length;
        if (end < 0) {
            throw SystemCallException.of(Errno.EFBIG);
        }
        boolean punch = (mode & FALLOC_PUNCH_HOLE) != 0;
        if ((seals & SEAL_WRITE) != 0 && punch || (seals & SEAL_GROW) != 0 && !punch && end > content.size()) {
            throw SystemCallException.of(Errno.EPERM);
        }
        if (!punch && (end - position >>> 12) > fs.statistics().freeBlocks() + content.residentPages()) {
            throw SystemCallException.of(Errno.ENOSPC);
        }
        boolean done = punch ? content.punch(position, length) : content.allocate(position >>> 12, (end + 4095) >>> 12);
        if (!done) {
            throw SystemCallException.of(Errno.ENOSPC);
        }
        if ((mode & (FALLOC_KEEP_SIZE | FALLOC_PUNCH_HOLE)) == 0 && end > content.size()) {
            content.truncate(end);
        }
        modified();
    }

    /** SEEK_DATA or SEEK_HOLE: the position, or -ENXIO. */
    synchronized long seek(long position, boolean data) {
        if (position < 0 || position >= content.size()) {
            return -Errno.ENXIO;
        }
        long found = content.seek(position, data);
        return data && found >= content.size() ? -Errno.ENXIO : found;
    }

    synchronized int seals() {
        return seals;
    }

    synchronized void addSeals(int added) {
        if ((added & ~63) != 0) {
            throw SystemCallException.of(Errno.EINVAL);
        }
        if ((seals & SEAL_SEAL) != 0) {
            throw SystemCallException.of(Errno.EPERM);
        }
        seals |= added;
    }

    Backing backing(boolean writable) {
        if (writable && (seals() & (SEAL_WRITE | SEAL_FUTURE_WRITE)) != 0) {
            throw SystemCallException.of(Errno.EPERM);
        }
        return writable ? new Frames(this, true) : new Frames(this, false);
    }

    /** Its pages for mappings. */
    private record Frames(TmpfsFile file, boolean writable) implements Backing {
        @Override
        public Frame frame(long index) {
            synchronized (file) {
                return file.content.mapped(index, writable);
            }
        }
    }

    /** For {@code O_APPEND}. */
    static boolean appends(int flags) {
        return (flags & OpenFlags.O_APPEND) != 0;
    }
}
