package io.scwatcher.os.signal;

import static io.scwatcher.os.abi.Errno.EINVAL;
import static io.scwatcher.os.abi.Errno.ENOMEM;
import static io.scwatcher.os.abi.Errno.EPERM;
import static io.scwatcher.os.signal.SignalState.SS_AUTODISARM;
import static io.scwatcher.os.signal.SignalState.SS_DISABLE;
import static io.scwatcher.os.signal.SignalState.SS_ONSTACK;

/** sigaltstack(2): do_sigaltstack of kernel/signal.c (6.12). */
final class SignalStack {
    private static final long MINSIGSTKSZ = 2048;

    private SignalStack() {}

    /** SS_DISABLE, SS_ONSTACK or 0, with SS_AUTODISARM, as the call reports it. */
    static int reportedFlags(SignalState state, long pointer) {
        int flags = state.stackFlags & SS_AUTODISARM;
        if (state.stackSize == 0) {
            return flags | SS_DISABLE;
        }
        return flags | (state.onAlternateStack(pointer) ? SS_ONSTACK : 0);
    }

    /** @return 0 or a negated error number */
    static int set(SignalState state, long base, int flags, long size, long pointer) {
        if (state.onAlternateStack(pointer)) {
            return -EPERM;
        }
        int mode = flags & ~SS_AUTODISARM;
        if (mode != SS_DISABLE && mode != SS_ONSTACK && mode != 0) {
            return -EINVAL;
        }
        if (mode == SS_DISABLE) {
            state.stackBase = 0;
            state.stackSize = 0;
        } else {
            if (Long.compareUnsigned(size, MINSIGSTKSZ) < 0) {
                return -ENOMEM;
            }
            state.stackBase = base;
            state.stackSize = size;
        }
        state.stackFlags = flags;
        return 0;
    }
}
