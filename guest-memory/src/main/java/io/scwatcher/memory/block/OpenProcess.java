package io.scwatcher.memory.block;

import io.scwatcher.memory.GuestMemoryException;
import io.scwatcher.memory.host.Posix;
import io.scwatcher.memory.host.ProcessCalls;

/**
 * Another process, opened to read its memory. The descriptors belong to its address space and not to its number: when
 * the process is gone, nothing else is read in its place.
 */
public final class OpenProcess implements AutoCloseable {
    private final int pid;
    private final int memory;
    private final int pagemap;
    private volatile long probe;
    private volatile boolean closed;

    /** @throws GuestMemoryException if there is no such process or this user may not read it */
    public OpenProcess(int pid) {
        this.pid = pid;
        memory = Posix.open("/proc/" + pid + "/mem");
        pagemap = Posix.open("/proc/" + pid + "/pagemap");
        if (memory < 0 || pagemap < 0) {
            int error = Math.min(memory, pagemap);
            close();
            throw new GuestMemoryException("Cannot read the memory of process %d: %s; %s".formatted(
                    pid, Posix.message(error), error == -Posix.ENOENT
                            ? "look for the process with `scwatcher vms`"
                            : "run as root, or with CAP_SYS_PTRACE"));
        }
    }

    public int pid() {
        return pid;
    }

    int memory() {
        return memory;
    }

    int pagemap() {
        return pagemap;
    }

    /** Names an address that can always be read, for {@link #check}. */
    public void probeAt(long address) {
        probe = address;
    }

    /**
     * Makes sure that the process still lives, and so that its number was its own until now.
     *
     * @throws GuestMemoryException if it is gone
     */
    public void check() {
        byte[] one = new byte[8];
        if (ProcessCalls.pread(pagemap, probe >>> PageSet.SHIFT << 3, one, 0, 8) <= 0) {
            throw gone();
        }
    }

    GuestMemoryException gone() {
        return new GuestMemoryException(closed
                ? "The memory of QEMU process %d was closed while it was read".formatted(pid)
                : "QEMU process %d exited while its memory was read; name the VM again when it runs".formatted(pid));
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            Posix.close(memory);
            Posix.close(pagemap);
        }
    }
}
