package io.scwatcher.os.signal;

/** A thread's own part of signal handling. Written with the lock of the process table held. */
public final class SignalState {
    private final PendingSignals pending = new PendingSignals();
    volatile long blocked;

    /** The mask to come back to after rt_sigsuspend(2), ppoll(2) and their like, if {@link #restoreMask}. */
    long savedMask;
    boolean restoreMask;

    /** Signals that rt_sigtimedwait(2) waits for, though they are blocked. */
    volatile long awaited;

    /** sigaltstack(2). */
    long stackBase;
    long stackSize;
    int stackFlags = SignalStack.SS_DISABLE;

    public PendingSignals pending() {
        return pending;
    }

    /** Readable without lock. */
    public long blocked() {
        return blocked;
    }
}
