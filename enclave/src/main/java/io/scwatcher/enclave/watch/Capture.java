package io.scwatcher.enclave.watch;

/** How a VM's memory is captured. */
public enum Capture {
    /** While the VM runs: each epoch is young, and may be torn. */
    LIVE,
    /** The VM stands still from the opening to the end: one epoch. */
    PAUSED
}
