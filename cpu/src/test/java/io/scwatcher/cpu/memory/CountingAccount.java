package io.scwatcher.cpu.memory;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts frames and refuses more than a limit. */
final class CountingAccount implements FrameAccount {
    final AtomicInteger used = new AtomicInteger();
    private final int limit;

    CountingAccount(int limit) {
        this.limit = limit;
    }

    @Override
    public boolean acquire() {
        if (used.incrementAndGet() > limit) {
            used.decrementAndGet();
            return false;
        }
        return true;
    }

    @Override
    public void release() {
        used.decrementAndGet();
    }
}
