package io.scwatcher.memory;

/** Stops and continues a VM. */
public interface VmControl {
    /**
     * Pauses the VM until the lease is closed. A VM that was paused already stays paused afterwards. The VM is resumed
     * too when this process dies, by whatever signal.
     *
     * @throws GuestMemoryException if the VM cannot be paused
     */
    Pause pause();

    /** A paused VM. Closing resumes it, once. */
    interface Pause extends AutoCloseable {
        @Override
        void close();
    }
}
