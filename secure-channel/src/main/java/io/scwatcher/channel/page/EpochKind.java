package io.scwatcher.channel.page;

/** How the VM is captured. The order is the wire's. */
public enum EpochKind {
    /** The VM goes on: what is read may be torn. */
    LIVE,
    /** The VM stands still as long as the lease lasts. */
    PAUSED
}
