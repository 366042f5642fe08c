/** Guest-physical memory of a virtual machine, and where it comes from. */
module io.scwatcher.memory {
    requires com.fasterxml.jackson.core;

    exports io.scwatcher.memory;
    exports io.scwatcher.memory.qemu;
}
