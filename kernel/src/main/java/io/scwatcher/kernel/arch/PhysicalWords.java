package io.scwatcher.kernel.arch;

/** What a page walk reads: 64-bit little-endian words of guest-physical memory. */
@FunctionalInterface
public interface PhysicalWords {
    /** The word at an address that is a multiple of 8, or 0 where there is no RAM (a table entry that is not present). */
    long u64(long physical);
}
