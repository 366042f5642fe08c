package io.scwatcher.os;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What the layer itself holds on behalf of programs, which is not in their address spaces: open files, what is in pipes and sockets. Counted after the fact, since
 * one piece is small: who would take more looks first whether it is {@link #exhausted}, and fails with the error that Linux has for it. Safe for several threads.
 */
public final class KernelMemory {
    /** For what belongs to no layer. */
    public static final KernelMemory UNLIMITED = new KernelMemory(Long.MAX_VALUE);

    private final long limit;
    private final AtomicLong used = new AtomicLong();

    /** @param limit bytes */
    KernelMemory(long limit) {
        this.limit = limit;
    }

    /** @param bytes that are held from now on; negative for those that no longer are */
    public void charge(long bytes) {
        used.addAndGet(bytes);
    }

    /** Whether nothing more is to be taken. */
    public boolean exhausted() {
        return used.get() >= limit;
    }

    /** Bytes held now. */
    public long used() {
        return used.get();
    }
}
