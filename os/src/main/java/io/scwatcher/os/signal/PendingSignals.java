package io.scwatcher.os.signal;

import io.scwatcher.os.abi.Signal;
import java.util.ArrayDeque;
import java.util.Iterator;

/** A queue of signals, of a thread or of a thread group: struct sigpending. With the lock of the process table held. */
public final class PendingSignals {
    /** Signals that a fault of the task itself raised come first: SYNCHRONOUS_MASK of kernel/signal.c. */
    private static final long SYNCHRONOUS = Signal.bit(Signal.SIGSEGV) | Signal.bit(Signal.SIGBUS) | Signal.bit(Signal.SIGILL)
            | Signal.bit(Signal.SIGTRAP) | Signal.bit(Signal.SIGFPE) | Signal.bit(Signal.SIGSYS);

    private final ArrayDeque<SignalInfo> queue = new ArrayDeque<>(2);
    private volatile long set;

    /** Readable without lock. */
    public long set() {
        return set;
    }

    public int size() {
        return queue.size();
    }

    /** Queues a signal; one below SIGRTMIN that is pending already is dropped, as ever in Unix. */
    void add(SignalInfo info) {
        long bit = Signal.bit(info.signal());
        if (info.signal() < Signal.SIGRTMIN && (set & bit) != 0) {
            return;
        }
        queue.add(info);
        set |= bit;
    }

    /** Marks it pending without information: the queue is full. */
    void addBare(int signal) {
        set |= Signal.bit(signal);
    }

    /** The next signal of those in {@code wanted}: synchronous ones, then the lowest number; of one number the oldest. */
    SignalInfo remove(long wanted) {
        long candidates = set & wanted;
        if (candidates == 0) {
            return null;
        }
        if ((candidates & SYNCHRONOUS) != 0) {
            candidates &= SYNCHRONOUS;
        }
        int signal = Long.numberOfTrailingZeros(candidates) + 1;
        SignalInfo first = null;
        boolean more = false;
        for (Iterator<SignalInfo> i = queue.iterator(); i.hasNext(); ) {
            SignalInfo info = i.next();
            if (info.signal() != signal) {
                continue;
            }
            if (first == null) {
                first = info;
                i.remove();
            } else {
                more = true;
                break;
            }
        }
        if (!more) {
            set &= ~Signal.bit(signal);
        }
        return first != null ? first : SignalInfo.user(signal, SignalInfo.SI_USER, 0, 0);
    }

    /** Forgets all signals of a set. */
    void flush(long signals) {
        if ((set & signals) != 0) {
            queue.removeIf(info -> (Signal.bit(info.signal()) & signals) != 0);
            set &= ~signals;
        }
    }
}
