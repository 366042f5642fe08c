package io.scwatcher.host.fuse;

import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.VfsException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Numbers for what is open on a mount: the {@code fh} of the protocol. */
final class Handles<T> {
    /** Each may hold a file's text; no set of honest tools comes near. */
    private static final int LIMIT = 65_536;

    private final Map<Long, T> open = new ConcurrentHashMap<>();
    private final AtomicLong last = new AtomicLong();

    /** @throws VfsException ENFILE */
    long add(T opened) {
        if (open.size() >= LIMIT) {
            throw new VfsException(Errno.ENFILE);
        }
        long handle = last.incrementAndGet();
        open.put(handle, opened);
        return handle;
    }

    /** @throws VfsException EBADF */
    T get(long handle) {
        T opened = open.get(handle);
        if (opened == null) {
            throw new VfsException(Errno.EBADF);
        }
        return opened;
    }

    /** What was open under the number, or null. */
    T remove(long handle) {
        return open.remove(handle);
    }

    int size() {
        return open.size();
    }
}
