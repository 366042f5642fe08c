package io.scwatcher.cpu.memory;

/** Counts the frames that are allocated for a group of address spaces, and may refuse more. Safe for several threads. */
public interface FrameAccount {
    /** Nobody counts. */
    FrameAccount UNLIMITED = new FrameAccount() {
        @Override
        public boolean acquire() {
            return true;
        }

        @Override
        public void release() {
        }
    };

    /** One more frame; false if there may be no more. The access that needs it then faults, and {@link AddressSpace#outOfFrames} tells why. */
    boolean acquire();

    /** One frame less. */
    void release();
}
