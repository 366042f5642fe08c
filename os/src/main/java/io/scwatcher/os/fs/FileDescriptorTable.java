package io.scwatcher.os.fs;

import io.scwatcher.os.KernelMemory;
import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.lock.FileLocks;
import io.scwatcher.os.syscall.SystemCallException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** The descriptors of a process (struct files_struct): numbers to open files. Threads share it, and whoever was cloned with CLONE_FILES. */
public final class FileDescriptorTable {
    /** The highest limit: fs.nr_open. */
    public static final int MAXIMUM = 1 << 20;

    /** What a number that can be given out takes, and one that is, with the file behind it. */
    private static final int SLOT_BYTES = 8, OPEN_BYTES = 512;

    private final KernelMemory memory;
    private FileDescription[] files = new FileDescription[64];
    private final BitSet closeOnExec = new BitSet();
    private int limit = 1024;
    private int users = 1;
    private int open;
    /** No lower number is free. */
    private int lowest;
    private long charged;

    /** @param memory is charged for what is open */
    public FileDescriptorTable(KernelMemory memory) {
        this.memory = memory;
    }

    private void account() {
        long now = (long) files.length * SLOT_BYTES + (long) open * OPEN_BYTES;
        memory.charge(now - charged);
        charged = now;
    }

    /** The open file, or null. */
    public synchronized FileDescription find(int fd) {
        return fd >= 0 && fd < files.length ? files[fd] : null;
    }

    /**
     * The open file.
     *
     * @throws SystemCallException EBADF, also for one opened with O_PATH
     */
    public FileDescription get(int fd) {
        FileDescription file = find(fd);
        if (file == null || (file.flags() & OpenFlags.O_PATH) != 0) {
            throw SystemCallException.of(Errno.EBADF);
        }
        return file;
    }

    /**
     * The open file, also one opened with O_PATH.
     *
     * @throws SystemCallException EBADF
     */
    public FileDescription getAny(int fd) {
        FileDescription file = find(fd);
        if (file == null) {
            throw SystemCallException.of(Errno.EBADF);
        }
        return file;
    }

    /** RLIMIT_NOFILE: one above the highest number that can be given out. */
    public synchronized void limit(long descriptors) {
        limit = (int) Math.clamp(descriptors, 0, MAXIMUM);
    }

    /** Gives an open file the lowest free number. @throws SystemCallException EMFILE */
    public int install(FileDescription file, boolean closeOnExec) {
        return install(file, 0, closeOnExec);
    }

    /** Likewise, a number of at least {@code minimum}. @throws SystemCallException EMFILE, ENFILE */
    public synchronized int install(FileDescription file, int minimum, boolean closeOnExec) {
        int fd = Math.max(minimum, lowest);
        while (fd < files.length && files[fd] != null) {
            fd++;
        }
        if (fd >= limit) {
            throw SystemCallException.of(Errno.EMFILE);
        }
        if (memory.exhausted()) {
            throw SystemCallException.of(Errno.ENFILE);
        }
        put(fd, file, closeOnExec);
        if (minimum <= lowest) {
            lowest = fd + 1;
        }
        return fd;
    }

    /**
     * dup2(2): gives it exactly this number; what had it is closed.
     *
     * @throws SystemCallException EBADF for a number beyond the limit
     */
    public void replace(int fd, FileDescription file, boolean closeOnExec) {
        FileDescription old;
        synchronized (this) {
            if (fd < 0 || fd >= limit) {
                throw SystemCallException.of(Errno.EBADF);
            }
            old = fd < files.length ? files[fd] : null;
            put(fd, file, closeOnExec);
        }
        if (old != null) {
            dropLocks(old);
            old.release();
        }
    }

    /** POSIX: closing any descriptor of a file gives up the process's locks on it. */
    private void dropLocks(FileDescription file) {
        FileLocks locks = file.inode() == null ? null : file.inode().locksIfAny();
        if (locks != null) {
            locks.release(this);
        }
    }

    private void put(int fd, FileDescription file, boolean close) {
        if (fd >= files.length) {
            files = Arrays.copyOf(files, Math.max(fd + 1, Math.min(MAXIMUM, files.length * 2)));
        }
        open += files[fd] == null ? 1 : 0;
        files[fd] = file.acquire();
        closeOnExec.set(fd, close);
        account();
    }

    /** Frees a number and returns what it stood for, still referenced, or null: the caller releases it. */
    public FileDescription remove(int fd) {
        FileDescription file;
        synchronized (this) {
            file = find(fd);
            if (file != null) {
                files[fd] = null;
                open--;
                lowest = Math.min(lowest, fd);
                account();
            }
        }
        if (file != null) {
            dropLocks(file);
        }
        return file;
    }

    public synchronized boolean closesOnExec(int fd) {
        return closeOnExec.get(fd);
    }

    public synchronized void closesOnExec(int fd, boolean close) {
        closeOnExec.set(fd, close);
    }

    /** The numbers in use, ascending. */
    public synchronized List<Integer> numbers() {
        List<Integer> numbers = new ArrayList<>();
        for (int fd = 0; fd < files.length; fd++) {
            if (files[fd] != null) {
                numbers.add(fd);
            }
        }
        return numbers;
    }

    /** As many descriptors as there is room for now: FDSize of /proc/PID/status. */
    public synchronized int capacity() {
        return files.length;
    }

    /** The numbers in use from {@code first} to {@code last}: for close_range(2). */
    public synchronized List<Integer> numbers(int first, int last) {
        return numbers().stream().filter(fd -> fd >= first && fd <= last).toList();
    }

    /** fork(2) without CLONE_FILES. @throws SystemCallException ENOMEM */
    public synchronized FileDescriptorTable fork() {
        if (memory.exhausted()) {
            throw SystemCallException.of(Errno.ENOMEM);
        }
        FileDescriptorTable copy = new FileDescriptorTable(memory);
        copy.files = files.clone();
        copy.closeOnExec.or(closeOnExec);
        copy.limit = limit;
        copy.open = open;
        copy.lowest = lowest;
        copy.account();
        for (FileDescription file : copy.files) {
            if (file != null) {
                file.acquire();
            }
        }
        return copy;
    }

    /** One more task uses it (CLONE_FILES). */
    public synchronized FileDescriptorTable share() {
        users++;
        return this;
    }

    /** execve(2): closes what is marked so. A shared table must have been forked before. */
    public void closeOnExec() {
        List<Integer> marked;
        synchronized (this) {
            marked = numbers().stream().filter(closeOnExec::get).toList();
        }
        close(marked);
    }

    /** A task that used it ends; with the last one all is closed. */
    public void release() {
        synchronized (this) {
            if (--users > 0) {
                return;
            }
        }
        for (int fd = 0; fd < capacity(); fd++) {
            close(fd);
        }
        synchronized (this) {
            files = new FileDescription[0];
            account();
        }
    }

    /** Whether other tasks use it too. */
    public synchronized boolean shared() {
        return users > 1;
    }

    private void close(List<Integer> fds) {
        fds.forEach(this::close);
    }

    private void close(int fd) {
        FileDescription file = remove(fd);
        if (file != null) {
            file.release();
        }
    }
}
