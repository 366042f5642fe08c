package io.scwatcher.memory.block;

import io.scwatcher.memory.PhysicalRange;

/**
 * A run of guest RAM and where its bytes are.
 *
 * @param range guest-physical addresses
 * @param backing what holds the bytes
 * @param offset of the first byte in the backing
 */
public record Block(PhysicalRange range, Backing backing, long offset) {
    long offsetOf(long address) {
        return offset + (address - range.start());
    }
}
