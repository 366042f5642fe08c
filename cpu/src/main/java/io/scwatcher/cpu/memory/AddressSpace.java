package io.scwatcher.cpu.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.List;

/**
 * The user half of an x86-64 address space: mappings say what was asked for, page table entries what is resident. A page becomes resident at
 * its first access. All methods are for whoever has the {@link #turn}; addresses are bytes, and ranges are page aligned unless stated otherwise.
 */
public final class AddressSpace {
    public static final int PAGE = Frame.SIZE;

    /** Behind the last user address (Linux leaves out the last page of the 47 bits: arch/x86/include/asm/page_64_types.h). */
    public static final long MAX = 0x7fff_ffff_f000L;

    /** Bytes that stay free between a stack that grows and the mapping below it (stack_guard_gap in mm/mmap.c). */
    public static final long STACK_GUARD = 256L * PAGE;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final Turn turn = new Turn();
    private final FrameAccount account;
    private final MappingList mappings;
    private final ResidentSet pages;
    private long stackLimit = 8L << 20;
    private long mappedLimit = Long.MAX_VALUE;

    /** An empty one. */
    public AddressSpace(FrameAccount account) {
        this(account, new MappingList(), new ResidentSet(account));
    }

    private AddressSpace(FrameAccount account, MappingList mappings, ResidentSet pages) {
        this.account = account;
        this.mappings = mappings;
        this.pages = pages;
    }

    /** The right to run in and to change this address space. */
    public Turn turn() {
        return turn;
    }

    /**
     * @param stack how many bytes a mapping that grows down may reach (RLIMIT_STACK)
     * @param mapped how far {@link #mappedBytes} may grow by a stack's growth (RLIMIT_AS); mappings that are asked for are the caller's to check
     */
    public void setLimits(long stack, long mapped) {
        stackLimit = stack;
        mappedLimit = mapped;
    }

    /** In the order of addresses; a live view. */
    public List<Mapping> mappings() {
        return Collections.unmodifiableList(mappings);
    }

    /** The mapping that contains the address, or null. */
    public Mapping mappingAt(long address) {
        return mappings.at(address);
    }

    public long mappedBytes() {
        return mappings.bytes();
    }

    /** Whether every byte of the range, which need not be aligned, is mapped. */
    public boolean isMapped(long start, long length) {
        return mappings.covers(start, start + length);
    }

    /**
     * Maps a range, replacing what was there.
     *
     * @param backing null for anonymous memory; shared anonymous memory gets a {@link SharedMemory} of its own
     * @param offset of the range within the backing, page aligned
     * @param owner the caller's note, for instance the file's name
     * @throws IllegalArgumentException if the range is empty, not aligned or not within user addresses
     */
    public void map(long start, long length, int protection, Backing backing, long offset, boolean shared, Object owner) {
        Backing source = backing == null && shared ? new SharedMemory(length, account) : backing;
        put(new Mapping(start, start + length, protection, source, source == null ? 0 : offset, shared, false, owner));
    }

    /** Maps anonymous private memory that grows down when something below it is accessed, up to the limit of {@link #setLimits}. */
    public void mapStack(long start, long length, int protection, Object owner) {
        put(new Mapping(start, start + length, protection, null, 0, false, true, owner));
    }

    private void put(Mapping mapping) {
        unmap(mapping.start(), mapping.length());
        mappings.insert(mapping);
    }

    private static void checkRange(long start, long length) {
        if (((start | length) & PAGE - 1) != 0 || start < 0 || length <= 0 || start > MAX - length) {
            throw new IllegalArgumentException("no user address range: 0x%x bytes at 0x%x".formatted(length, start));
        }
    }

    /** Removes what is mapped in the range. */
    public void unmap(long start, long length) {
        discard(start, length);
        mappings.remove(start, start + length);
    }

    /** Changes the protection of all that is mapped in the range; false if it has holes (ENOMEM), as mprotect(2). */
    public boolean protect(long start, long length, int protection) {
        checkRange(start, length);
        mappings.change(start, start + length, mapping -> mapping.withProtection(protection));
        pages.protect(start, start + length, protection);
        return mappings.covers(start, start + length);
    }

    /**
     * Moves a part of one mapping elsewhere, with its pages, and makes it longer or shorter; what was at the new place is replaced.
     *
     * @param keepOld whether the old range stays mapped, without pages (MREMAP_DONTUNMAP)
     * @return false if the old range isn't part of one mapping (EFAULT)
     * @throws IllegalArgumentException if the ranges overlap
     */
    public boolean move(long from, long oldLength, long to, long newLength, boolean keepOld) {
        checkRange(from, oldLength);
        checkRange(to, newLength);
        if (from < to + newLength && to < from + oldLength) {
            throw new IllegalArgumentException("a mapping can't move onto itself");
        }
        Mapping old = mappings.at(from);
        if (old == null || old.end() < from + oldLength) {
            return false;
        }
        put(old.range(from, from + oldLength).movedTo(to, newLength));
        pages.copyTo(to, from, from + Math.min(oldLength, newLength));
        discard(from, oldLength);
        if (!keepOld) {
            mappings.remove(from, from + oldLength);
        }
        return true;
    }

    /** Makes the mapping that ends at {@code end} longer, over a free range; false if none ends there or the range isn't free. */
    public boolean extend(long end, long length) {
        checkRange(end, length);
        Mapping mapping = mappings.at(end - 1);
        int above = mappings.indexAbove(end);
        if (mapping == null || mapping.end() != end || above < mappings.size() && mappings.get(above).start() < end + length) {
            return false;
        }
        mappings.insert(mapping.range(end, end + length));
        return true;
    }

    /**
     * The highest free range within [low, high), leaving the guard gap below stacks.
     *
     * @return its start, or -1 if there is none (ENOMEM)
     */
    public long findFree(long length, long low, long high) {
        return mappings.findFree(length, low, high, STACK_GUARD);
    }

    /** Drops the resident pages of the range: private changes are lost, the next access begins anew (MADV_DONTNEED). */
    public void discard(long start, long length) {
        checkRange(start, length);
        pages.discard(start, start + length);
    }

    public int residentPages() {
        return pages.size();
    }

    public boolean isResident(long address) {
        return address >= 0 && address < MAX && pages.get(address) != null;
    }

    /** Whether the page is resident and user mode may access it in some way: bit 0 of a page fault's error code. */
    public boolean isPresent(long address) {
        PageTableEntry entry = address >= 0 && address < MAX ? pages.get(address) : null;
        return entry != null && entry.protection != 0;
    }

    /** Resident pages that belong to this address space (and to those it was forked from or into), not to a file. */
    public int ownedPages() {
        return pages.owned();
    }

    /** Whether an access failed because the account had no more frames. */
    public boolean outOfFrames() {
        return pages.outOfFrames();
    }

    /**
     * The entry through which the byte may be read, made resident if need be.
     *
     * @return null if it may not be read, or isn't there
     */
    public PageTableEntry readable(long address) {
        return entry(address, Mapping.READ | Mapping.WRITE | Mapping.EXECUTE);
    }

    /** Likewise for fetching instructions. */
    public PageTableEntry executable(long address) {
        return entry(address, Mapping.EXECUTE);
    }

    /**
     * Likewise for writing: the entry's write tag is set, its frame is nobody else's (or is meant to be shared) and has no code. If code was
     * thrown away for that, {@link #codeEpoch} has changed.
     */
    public PageTableEntry writable(long address) {
        PageTableEntry entry = entry(address, Mapping.WRITE);
        if (entry == null) {
            return null;
        }
        long page = address & -PAGE;
        return entry.writeTag == page ? entry : pages.makeWritable(entry, page);
    }

    /** An access that isn't allowed makes nothing resident, which the next fault's error code would tell. */
    private PageTableEntry entry(long address, int anyOf) {
        if (address < 0 || address >= MAX) {
            return null;
        }
        PageTableEntry entry = pages.get(address);
        if (entry != null) {
            return (entry.protection & anyOf) == 0 ? null : entry;
        }
        Mapping mapping = mappings.at(address);
        if (mapping == null) {
            mapping = growStack(address);
        }
        return mapping == null || (mapping.protection() & anyOf) == 0 ? null : pages.populate(mapping, address & -PAGE);
    }

    /** As expand_downwards in mm/mmap.c. */
    private Mapping growStack(long address) {
        int index = mappings.indexAbove(address);
        if (index == mappings.size() || !mappings.get(index).growsDown()) {
            return null;
        }
        Mapping stack = mappings.get(index);
        long start = address & -PAGE;
        if (stack.end() - start > stackLimit || mappings.bytes() + (stack.start() - start) > mappedLimit) {
            return null;
        }
        Mapping below = index == 0 ? null : mappings.get(index - 1);
        if (below != null && below.readable() && !below.growsDown() && start - below.end() < STACK_GUARD) {
            return null;
        }
        mappings.insert(stack.range(start, stack.start()));
        return mappings.at(address);
    }

    /**
     * Changes whenever code that a processor may have derived from this address space may no longer be what is there: it was unmapped, replaced
     * or written to.
     */
    public long codeEpoch() {
        return pages.codeEpoch() + Frame.sharedCodeEpoch();
    }

    /** A copy for a new process. No page is copied: both sides keep the frames of private memory until one of them writes. */
    public AddressSpace fork() {
        AddressSpace child = new AddressSpace(account, mappings.copy(), pages.fork());
        child.stackLimit = stackLimit;
        child.mappedLimit = mappedLimit;
        return child;
    }

    /** Gives all memory back; at the end of the process. */
    public void release() {
        pages.discard(0, MAX);
        mappings.remove(0, MAX);
    }

    /**
     * Copies from guest memory, as far as it may be read.
     *
     * @param address any
     * @return bytes copied before the first one that may not be read: {@code length} if all is well
     */
    public int read(long address, byte[] to, int offset, int length) {
        return copy(address, to, offset, length, false);
    }

    /** Copies to guest memory; otherwise as {@link #read}. */
    public int write(long address, byte[] from, int offset, int length) {
        return copy(address, from, offset, length, true);
    }

    private int copy(long address, byte[] array, int offset, int length, boolean write) {
        int done = 0;
        while (done < length) {
            PageTableEntry entry = write ? writable(address + done) : readable(address + done);
            if (entry == null) {
                break;
            }
            int at = (int) (address + done) & PAGE - 1;
            int count = Math.min(length - done, PAGE - at);
            if (write) {
                System.arraycopy(array, offset + done, entry.bytes, at, count);
            } else {
                System.arraycopy(entry.bytes, at, array, offset + done, count);
            }
            done += count;
        }
        return done;
    }

    /**
     * Replaces an aligned 32-bit word if it has the expected value; atomic also towards address spaces that share it.
     *
     * @return 1 if it was replaced, 0 if it had another value, -1 if it may not be written (EFAULT)
     */
    public int compareAndSetInt(long address, int expected, int value) {
        PageTableEntry entry = writable(address);
        if (entry == null) {
            return -1;
        }
        synchronized (entry.frame) {
            int offset = (int) address & PAGE - 4;
            if ((int) INT.get(entry.bytes, offset) != expected) {
                return 0;
            }
            INT.set(entry.bytes, offset, value);
            return 1;
        }
    }

    /** The frame that holds a byte of a shared mapping, which together with the offset in it names the byte for all processes; null if it is private. */
    public Frame sharedFrame(long address) {
        PageTableEntry entry = readable(address);
        return entry == null || !entry.shared ? null : entry.frame;
    }
}
