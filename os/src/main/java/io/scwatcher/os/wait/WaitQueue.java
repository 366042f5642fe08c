package io.scwatcher.os.wait;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Those who wait for one thing to change. The one mechanism for blocking: try, register, try again, sleep. Whoever changes the thing
 * wakes after the change is visible. Wakers wake everybody, in the order of registration; who finds nothing sleeps again.
 */
public final class WaitQueue {
    private final ArrayDeque<Waiter> waiters = new ArrayDeque<>(2);
    private volatile boolean empty = true;

    public void register(Waiter waiter) {
        synchronized (waiters) {
            waiters.add(waiter);
            empty = false;
        }
    }

    /** Removes one registration of the waiter, if there is one. */
    public void unregister(Waiter waiter) {
        synchronized (waiters) {
            waiters.removeFirstOccurrence(waiter);
            empty = waiters.isEmpty();
        }
    }

    public void wakeAll() {
        if (empty) {
            return;
        }
        List<Waiter> all;
        synchronized (waiters) {
            all = new ArrayList<>(waiters);
        }
        all.forEach(Waiter::wake);
    }
}
