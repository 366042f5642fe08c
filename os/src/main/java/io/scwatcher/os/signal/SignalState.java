package io.scwatcher.os.signal;

/** A thread's own part of signal handling. Written with the lock of the process table held, but for what only its own task looks at. */
public final class SignalState {
    static final int SS_ONSTACK = 1, SS_DISABLE = 2, SS_AUTODISARM = 1 << 31;

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
    int stackFlags = SS_DISABLE;

    /** The last exception: its vector, its error code, and the address of the last page fault; a signal frame shows them. */
    int trap;
    int errorCode;
    long cr2;

    /** What a new thread starts with: the mask of its creator, nothing pending, no alternate stack. */
    public static SignalState inherit(SignalState from, boolean keepStack) {
        SignalState state = new SignalState();
        state.blocked = from.blocked;
        if (keepStack) {
            state.stackBase = from.stackBase;
            state.stackSize = from.stackSize;
            state.stackFlags = from.stackFlags;
        }
        return state;
    }

    public PendingSignals pending() {
        return pending;
    }

    /** Readable without lock. */
    public long blocked() {
        return blocked;
    }

    /** execve(2) has no alternate stack. */
    public void forgetStack() {
        stackBase = 0;
        stackSize = 0;
        stackFlags = SS_DISABLE;
    }

    /** Whether the address lies in the alternate stack; its lowest address doesn't count: __on_sig_stack. */
    boolean contains(long pointer) {
        return Long.compareUnsigned(pointer, stackBase) > 0 && Long.compareUnsigned(pointer - stackBase, stackSize) <= 0;
    }

    /** on_sig_stack: with SS_AUTODISARM the stack counts as left once it was entered. */
    boolean onAlternateStack(long pointer) {
        return (stackFlags & SS_AUTODISARM) == 0 && contains(pointer);
    }

    /** A handler begins: with SS_AUTODISARM the stack is forgotten until it returns. */
    void disarm() {
        if ((stackFlags & SS_AUTODISARM) != 0) {
            forgetStack();
        }
    }

    /** A handler returned with this stack in its frame; nonsense is ignored. */
    void restoreStack(long base, int flags, long size, long pointer) {
        SignalStack.set(this, base, flags, size, pointer);
    }
}
