package io.scwatcher.cpu.memory;

import java.util.Objects;

/**
 * A range of an address space and what was asked for it: what /proc/PID/maps shows.
 *
 * @param start page aligned
 * @param end page aligned, behind the last byte
 * @param protection {@link #READ} | {@link #WRITE} | {@link #EXECUTE}
 * @param backing null for anonymous private memory
 * @param offset of {@code start} within the backing, in bytes, page aligned
 * @param shared whether writes reach the backing
 * @param growsDown a stack: an access below it extends it
 * @param owner the caller's note (the file's name), or null
 */
public record Mapping(long start, long end, int protection, Backing backing, long offset, boolean shared, boolean growsDown, Object owner) {
    public static final int READ = 1;
    public static final int WRITE = 2;
    public static final int EXECUTE = 4;

    public long length() {
        return end - start;
    }

    /** On x86 whatever may be written or executed may be read. */
    boolean readable() {
        return protection != 0;
    }

    boolean writable() {
        return (protection & WRITE) != 0;
    }

    /** The same mapping from {@code newStart} to {@code newEnd}, both within it or a continuation of it. */
    Mapping range(long newStart, long newEnd) {
        return new Mapping(newStart, newEnd, protection, backing, backing == null ? 0 : offset + (newStart - start), shared, growsDown, owner);
    }

    Mapping withProtection(int newProtection) {
        return new Mapping(start, end, newProtection, backing, offset, shared, growsDown, owner);
    }

    Mapping movedTo(long newStart, long newLength) {
        return new Mapping(newStart, newStart + newLength, protection, backing, offset, shared, growsDown, owner);
    }

    /** Whether {@code next}, which begins where this ends, is more of the same. */
    boolean continuesIn(Mapping next) {
        return end == next.start && protection == next.protection && backing == next.backing && shared == next.shared && growsDown == next.growsDown
                && (backing == null || offset + length() == next.offset) && Objects.equals(owner, next.owner);
    }
}
