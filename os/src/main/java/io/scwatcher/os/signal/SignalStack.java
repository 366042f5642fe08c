package io.scwatcher.os.signal;

/** Constants of sigaltstack(2). */
final class SignalStack {
    static final int SS_ONSTACK = 1, SS_DISABLE = 2, SS_AUTODISARM = 1 << 31;

    private SignalStack() {}
}
