package io.scwatcher.kernel.task;

import io.scwatcher.kernel.KObject;

/** A task's signals as 64-bit sets, bit 0 for signal 1. */
public record SignalSet(long bits) {
    private static final int SIGNALS = 64;
    private static final long SIG_IGN = 1;

    /** A {@code sigset_t}. */
    public static SignalSet of(KObject sigset) {
        return new SignalSet(sigset.get("sig[0]"));
    }

    /** {@code collect_sigign_sigcatch} (fs/proc/array.c): what is ignored and what is caught. */
    public static SignalSet[] ignoredAndCaught(KObject sighand) {
        long ignored = 0;
        long caught = 0;
        KObject first = sighand.at("action").index(0);
        long handlers = first.at("sa.sa_handler").address();
        for (int i = 0; i < SIGNALS; i++) {
            long handler = sighand.memory().u64(handlers + (long) i * first.type().size());
            if (handler == SIG_IGN) {
                ignored |= 1L << i;
            } else if (handler != 0) {
                caught |= 1L << i;
            }
        }
        return new SignalSet[] {new SignalSet(ignored), new SignalSet(caught)};
    }
}
