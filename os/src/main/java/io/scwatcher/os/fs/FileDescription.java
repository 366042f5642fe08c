package io.scwatcher.os.fs;

import io.scwatcher.cpu.memory.Backing;
import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.task.Task;
import io.scwatcher.os.wait.WaitQueue;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * An open file (struct file; POSIX: open file description): what several descriptors of several processes share.
 *
 * <p>No method blocks. What would have to wait returns {@code -EAGAIN}; the system call then waits on {@link #waitQueue} and tries again, unless
 * the file is {@code O_NONBLOCK}. Transfers return a number of bytes or a negated number of {@link Errno}; other methods and hopeless
 * transfers may throw {@link SystemCallException}. Safe for several threads.
 */
public abstract class FileDescription {
    /** What fcntl(F_SETFL) can change. */
    private static final int CHANGEABLE = OpenFlags.O_APPEND | OpenFlags.O_NONBLOCK | OpenFlags.FASYNC | OpenFlags.O_DIRECT | OpenFlags.O_NOATIME;

    private final Location location;
    private final AtomicInteger references = new AtomicInteger();
    private volatile Set<Consumer<FileDescription>> closeListeners = Set.of();
    private volatile int flags;
    private volatile int owner;
    private volatile int ownerSignal;

    /**
     * @param location where it was opened, or null for an object without a name in the tree
     * @param flags of open(2)
     */
    protected FileDescription(Location location, int flags) {
        this.location = location;
        this.flags = flags & ~(OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_NOCTTY | OpenFlags.O_TRUNC | OpenFlags.O_CLOEXEC);
    }

    /** Where it was opened, or null. */
    public final Location location() {
        return location;
    }

    /** As fcntl(F_GETFL) tells: access mode and status flags. */
    public final int flags() {
        return flags;
    }

    /** fcntl(F_SETFL). */
    public void changeFlags(int wanted) {
        flags = flags & ~CHANGEABLE | wanted & CHANGEABLE;
    }

    public final boolean nonBlocking() {
        return (flags & OpenFlags.O_NONBLOCK) != 0;
    }

    public final boolean readable() {
        return (flags & (OpenFlags.O_ACCMODE | OpenFlags.O_PATH)) != OpenFlags.O_WRONLY && (flags & OpenFlags.O_PATH) == 0;
    }

    public final boolean writable() {
        return (flags & OpenFlags.O_ACCMODE) != OpenFlags.O_RDONLY && (flags & OpenFlags.O_PATH) == 0;
    }

    /**
     * What may keep a task from reading or writing at all, looked at once before: job control of terminals.
     *
     * @return 0, or a negated error number
     */
    public int beforeTransfer(Task task, boolean writing) {
        return 0;
    }

    /** read(2) at the file's own offset. */
    public int read(byte[] to, int offset, int length) {
        return -Errno.EINVAL;
    }

    /** write(2) at the file's own offset, or at its end with O_APPEND. */
    public int write(byte[] from, int offset, int length) {
        return -Errno.EINVAL;
    }

    /** pread(2). */
    public int readAt(long position, byte[] to, int offset, int length) {
        return -Errno.ESPIPE;
    }

    /** pwrite(2). */
    public int writeAt(long position, byte[] from, int offset, int length) {
        return -Errno.ESPIPE;
    }

    /** lseek(2): the new offset, or a negated error number. */
    public long seek(long offset, int whence) {
        return -Errno.ESPIPE;
    }

    /** Whether it has an offset that lseek(2), pread(2) and pwrite(2) work with. */
    public boolean seekable() {
        return false;
    }

    /** What is ready now: {@link PollEvents}. */
    public int poll() {
        return PollEvents.ALWAYS;
    }

    /** Woken whenever {@link #poll} may have changed; null if it never does. */
    public WaitQueue waitQueue() {
        return null;
    }

    /** Until when read(2) and write(2) wait at most, in {@link System#nanoTime}: sockets may have a limit (SO_RCVTIMEO, SO_SNDTIMEO). */
    public long deadline(boolean writing) {
        return Task.NEVER;
    }

    /** What fstat(2) tells. */
    public abstract FileStatus status();

    /** The object that is open; null where it has none of its own. */
    public Inode inode() {
        return location == null ? null : location.inode();
    }

    /**
     * What is left to do of open(2) that may have to wait: a FIFO for its other end.
     *
     * @return 0, {@code -EAGAIN} to wait on the queue and ask again, or a negated error number
     */
    public int completeOpen() {
        return 0;
    }

    /**
     * Opens again an object without a place in the tree, by its link in /proc/self/fd. @throws SystemCallException ENXIO where that is impossible
     */
    public FileDescription reopen(int newFlags) {
        throw SystemCallException.of(Errno.ENXIO);
    }

    /** ioctl(2) beyond what all files have. @return the result, or a negated error number */
    public long ioctl(Task task, int request, long argument) {
        return -Errno.ENOTTY;
    }

    /** ftruncate(2). */
    public void truncate(long size) {
        throw SystemCallException.of(Errno.EINVAL);
    }

    /** fallocate(2). */
    public void allocate(int mode, long position, long length) {
        throw SystemCallException.of(seekable() ? Errno.EOPNOTSUPP : Errno.ESPIPE);
    }

    /** fcntl(F_GET_SEALS). */
    public int seals() {
        throw SystemCallException.of(Errno.EINVAL);
    }

    /** fcntl(F_ADD_SEALS). */
    public void addSeals(int seals) {
        throw SystemCallException.of(Errno.EINVAL);
    }

    /**
     * What mmap(2) maps.
     *
     * @param sharedWritable for MAP_SHARED that may become writable: stores change the file
     * @throws SystemCallException ENODEV
     */
    public Backing backing(boolean sharedWritable) {
        throw SystemCallException.of(Errno.ENODEV);
    }

    /** The text of the link in /proc/self/fd, as seen from a root directory. */
    public String linkText(Location root) {
        return location.path(root);
    }

    /** fcntl(F_GETOWN): a process, or negated a process group, that gets SIGIO; 0 for nobody. */
    public final int owner() {
        return owner;
    }

    public final void owner(int id) {
        owner = id;
    }

    /** fcntl(F_GETSIG): 0 means SIGIO. */
    public final int ownerSignal() {
        return ownerSignal;
    }

    public final void ownerSignal(int signal) {
        ownerSignal = signal;
    }

    /** A descriptor, a mapping or a system call under way refers to it. */
    public final FileDescription acquire() {
        references.incrementAndGet();
        return this;
    }

    /** The reference is gone; with the last one the file is closed. */
    public final void release() {
        if (references.decrementAndGet() == 0) {
            closed();
            closeListeners.forEach(listener -> listener.accept(this));
            if (inode() != null && inode().locksIfAny() != null) {
                inode().locksIfAny().release(this);
            }
        }
    }

    /** Whom to tell when it is closed for good; told once, however often it is added. */
    public final synchronized void onClose(Consumer<FileDescription> listener) {
        Set<Consumer<FileDescription>> more = new HashSet<>(closeListeners);
        more.add(listener);
        closeListeners = more;
    }

    /** Called once, when nothing refers to it any more. */
    protected void closed() {}
}
