package io.scwatcher.cpu.memory;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** The right to run guest code in, or to change, an address space: one thread at a time, first come, first served. */
public final class Turn {
    /** How long the first who waits does so before it asks the holder to make way. */
    private static final long SLICE_MICROS = 1000;

    private final ReentrantLock lock = new ReentrantLock();
    /** Held by the first of those who wait. The others sleep here undisturbed: a thousand threads that look every millisecond would leave no time for anything else. */
    private final ReentrantLock next = new ReentrantLock(true);
    private volatile Runnable makeWay;

    /**
     * Waits for the turn. Not interruptible.
     *
     * @param makeWay what a waiting thread calls to make this one leave soon ({@code cpu::requestAttention}), again and again; from any thread
     */
    public void take(Runnable makeWay) {
        if (next.isLocked() || !lock.tryLock()) {
            next.lock();
            try {
                await();
            } finally {
                next.unlock();
            }
        }
        this.makeWay = makeWay;
    }

    private void await() {
        boolean interrupted = false;
        while (true) {
            try {
                if (lock.tryLock(SLICE_MICROS, TimeUnit.MICROSECONDS)) {
                    break;
                }
                Runnable holder = makeWay;
                if (holder != null) {
                    holder.run();
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    public void leave() {
        makeWay = null;
        lock.unlock();
    }

    /** Whether somebody waits: the holder should {@link #leave} and {@link #take} again. */
    public boolean wanted() {
        return next.isLocked();
    }

    public boolean isMine() {
        return lock.isHeldByCurrentThread();
    }
}
