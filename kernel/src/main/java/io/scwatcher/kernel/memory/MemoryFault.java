package io.scwatcher.kernel.memory;

/**
 * A virtual address that is not mapped, or not to RAM. Ordinary while walking hostile or torn structures, so it carries
 * no stack trace.
 */
public final class MemoryFault extends RuntimeException {
    private final long address;

    public MemoryFault(long address) {
        super(null, null, false, false);
        this.address = address;
    }

    public long address() {
        return address;
    }

    @Override
    public String getMessage() {
        return "no memory at virtual address %#x".formatted(address);
    }
}
