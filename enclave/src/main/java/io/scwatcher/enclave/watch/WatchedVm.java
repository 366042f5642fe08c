package io.scwatcher.enclave.watch;

import io.scwatcher.channel.page.VmIdentity;

/**
 * A VM, and who it is.
 *
 * @param identity as its agent told it in the attested session; null where there is no agent
 */
public record WatchedVm(VmWatch watch, VmIdentity identity) {}
