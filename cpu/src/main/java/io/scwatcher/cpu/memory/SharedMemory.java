package io.scwatcher.cpu.memory;

import java.lang.ref.Cleaner;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Anonymous memory that several address spaces share: zero until written, gone with the last reference. */
public final class SharedMemory implements Backing {
    private static final Cleaner CLEANER = Cleaner.create();

    private final ConcurrentHashMap<Long, Frame> frames = new ConcurrentHashMap<>();
    private final long pages;
    private final FrameAccount account;
    private final AtomicInteger acquired = new AtomicInteger();

    /** @param length bytes; accesses behind it fault */
    public SharedMemory(long length, FrameAccount account) {
        this.pages = (length + Frame.SIZE - 1) / Frame.SIZE;
        this.account = account;
        AtomicInteger count = acquired;
        CLEANER.register(this, () -> {
            for (int i = count.get(); i > 0; i--) {
                account.release();
            }
        });
    }

    @Override
    public Frame frame(long index) {
        return Long.compareUnsigned(index, pages) >= 0 ? null : frames.computeIfAbsent(index, key -> {
            if (!account.acquire()) {
                return null;
            }
            acquired.incrementAndGet();
            return new Frame();
        });
    }
}
