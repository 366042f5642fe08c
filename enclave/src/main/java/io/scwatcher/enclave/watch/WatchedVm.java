package io.scwatcher.enclave.watch;

import io.scwatcher.channel.page.VmIdentity;
import java.util.function.LongSupplier;

/**
 * A VM, and who it is.
 *
 * @param identity as its agent told it in the attested session; null where there is no agent
 * @param epoch tells the number that the agent gave to the newest epoch
 */
public record WatchedVm(VmWatch watch, VmIdentity identity, LongSupplier epoch) {
    /** Without an agent. */
    public static WatchedVm here(VmWatch watch) {
        return new WatchedVm(watch, null, () -> 0);
    }
}
