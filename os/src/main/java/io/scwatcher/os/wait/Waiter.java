package io.scwatcher.os.wait;

/** Somebody on a {@link WaitQueue}. */
@FunctionalInterface
public interface Waiter {
    /** Something may have changed. Called from any thread, with the caller's locks held: must not block and not call back. */
    void wake();
}
