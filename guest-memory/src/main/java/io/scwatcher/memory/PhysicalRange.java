package io.scwatcher.memory;

/**
 * A run of guest-physical addresses.
 *
 * @param start first address
 * @param length bytes, at least 1
 */
public record PhysicalRange(long start, long length) {
    public PhysicalRange {
        if (start < 0 || length <= 0 || start + length < start) {
            throw new IllegalArgumentException("not a physical range: start %#x, length %#x".formatted(start, length));
        }
    }

    /** The first address behind the range. */
    public long end() {
        return start + length;
    }

    public boolean contains(long address) {
        return address >= start && address < end();
    }
}
