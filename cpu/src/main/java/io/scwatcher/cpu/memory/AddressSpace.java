package io.scwatcher.cpu.memory;

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

    private final Turn turn = new Turn();
    private final FrameAccount account;
    private final MappingList mappings;
    private final PageTable pages = new PageTable();
    private long stackLimit = 8L << 20;
    private long mappedLimit = Long.MAX_VALUE;
    private long codeEpoch;
    private int ownedPages;
    private boolean outOfFrames;

    /** An empty one. */
    public AddressSpace(FrameAccount account) {
        this(account, new MappingList());
    }

    private AddressSpace(FrameAccount account, MappingList mappings) {
        this.account = account;
        this.mappings = mappings;
    }

    /** The right to run in and to change this address space. Not reentrant in spirit: a thread that has it doesn't take it again. */
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

    // Mappings

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
        checkRange(mapping.start(), mapping.length());
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
        checkRange(start, length);
        discard(start, length);
        mappings.remove(start, start + length);
    }

    /** Changes the protection of all that is mapped in the range; false if it has holes (ENOMEM), as mprotect(2). */
    public boolean protect(long start, long length, int protection) {
        checkRange(start, length);
        long end = start + length;
        mappings.change(start, end, mapping -> mapping.withProtection(protection));
        pages.forEach(pageNumber(start), pageNumber(end), (number, entry) -> {
            if (entry.executable() && (protection & Mapping.EXECUTE) == 0) {
                codeChanges(entry);
            }
            entry.protection = protection;
            entry.writeTag = PageTableEntry.NONE;
            entry.readTag = protection == 0 ? PageTableEntry.NONE : number * PAGE;
        });
        return mappings.covers(start, end);
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
        long distance = pageNumber(to) - pageNumber(from);
        pages.forEach(pageNumber(from), pageNumber(from + Math.min(oldLength, newLength)), (number, entry) -> {
            PageTableEntry moved = new PageTableEntry(entry.frame, entry.protection, entry.owned, entry.shared);
            moved.readTag = entry.protection == 0 ? PageTableEntry.NONE : (number + distance) * PAGE;
            ownedPages += entry.owned ? 1 : 0;
            if (entry.owned) {
                entry.frame.addOwner();
            }
            pages.put(number + distance, moved);
        });
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

    // Residence

    /** Drops the resident pages of the range: private changes are lost, the next access begins anew (MADV_DONTNEED). */
    public void discard(long start, long length) {
        checkRange(start, length);
        pages.forEach(pageNumber(start), pageNumber(start + length), (number, entry) -> {
            pages.remove(number);
            codeChanges(entry);
            drop(entry);
        });
    }

    private void drop(PageTableEntry entry) {
        if (entry.owned) {
            ownedPages--;
            if (entry.frame.removeOwner()) {
                account.release();
            }
        } else if (entry.shared) {
            entry.frame.forgetWriter(entry);
        }
        entry.readTag = PageTableEntry.NONE;
        entry.writeTag = PageTableEntry.NONE;
        entry.protection = 0;
        // Lookaside buffers may hold the entry for long; they must not hold the memory.
        entry.frame = Frame.ZERO;
        entry.bytes = Frame.ZERO.bytes;
    }

    public int residentPages() {
        return pages.resident();
    }

    public boolean isResident(long address) {
        return address >= 0 && address < MAX && pages.get(pageNumber(address)) != null;
    }

    /** Resident pages that belong to this address space (and to those it was forked from or into), not to a file. */
    public int ownedPages() {
        return ownedPages;
    }

    /** Whether an access failed because the account had no more frames. */
    public boolean outOfFrames() {
        return outOfFrames;
    }

    /**
     * The entry through which the byte may be read, made resident if need be.
     *
     * @return null if it may not be read, or isn't there
     */
    public PageTableEntry readable(long address) {
        PageTableEntry entry = entry(address);
        return entry == null || entry.protection == 0 ? null : entry;
    }

    /** Likewise for fetching instructions. */
    public PageTableEntry executable(long address) {
        PageTableEntry entry = entry(address);
        return entry == null || !entry.executable() ? null : entry;
    }

    /**
     * Likewise for writing: the entry's write tag is set, its frame is nobody else's (or is meant to be shared) and has no code. If code was
     * thrown away for that, {@link #codeEpoch} has changed.
     */
    public PageTableEntry writable(long address) {
        PageTableEntry entry = entry(address);
        if (entry == null || (entry.protection & Mapping.WRITE) == 0) {
            return null;
        }
        long page = address & -PAGE;
        if (entry.writeTag == page) {
            return entry;
        }
        if (entry.shared) {
            while (!entry.frame.grantWrite(entry, page)) {
                entry.frame.modified();
            }
            return entry;
        }
        if (!entry.owned || !entry.frame.hasOneOwner()) {
            if (!copyFrame(entry)) {
                return null;
            }
        } else if (entry.frame.code() != null) {
            codeEpoch++;
            entry.frame.dropCode();
        }
        entry.writeTag = page;
        return entry;
    }

    private boolean copyFrame(PageTableEntry entry) {
        if (!account.acquire()) {
            outOfFrames = true;
            return false;
        }
        Frame old = entry.frame;
        Frame copy = old == Frame.ZERO ? new Frame() : new Frame(old.bytes.clone());
        if (entry.executable()) {
            codeChanges(entry);
        }
        entry.frame = copy;
        entry.bytes = copy.bytes;
        if (!entry.owned) {
            entry.owned = true;
            ownedPages++;
        } else if (old.removeOwner()) {
            account.release();
        }
        return true;
    }

    private PageTableEntry entry(long address) {
        if (address < 0 || address >= MAX) {
            return null;
        }
        PageTableEntry entry = pages.get(pageNumber(address));
        return entry != null ? entry : populate(address);
    }

    private PageTableEntry populate(long address) {
        Mapping mapping = mappings.at(address);
        if (mapping == null) {
            mapping = growStack(address);
        }
        if (mapping == null || !mapping.readable()) {
            return null;
        }
        long page = address & -PAGE;
        Frame frame = Frame.ZERO;
        if (mapping.backing() != null) {
            frame = mapping.backing().frame(mapping.offset() + (page - mapping.start()) >>> 12);
            if (frame == null) {
                outOfFrames |= mapping.backing() instanceof SharedMemory;
                return null;
            }
        }
        PageTableEntry entry = new PageTableEntry(frame, mapping.protection(), false, mapping.shared());
        entry.readTag = page;
        pages.put(pageNumber(page), entry);
        return entry;
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

    private static long pageNumber(long address) {
        return address >>> 12;
    }

    // Code

    /**
     * Changes whenever code that a processor may have derived from this address space may no longer be what is there: it was unmapped, replaced
     * or written to.
     */
    public long codeEpoch() {
        return codeEpoch + Frame.sharedCodeEpoch();
    }

    private void codeChanges(PageTableEntry entry) {
        if (entry.frame.code() != null) {
            codeEpoch++;
        }
    }

    // Fork and exit

    /**
     * A copy for a new process. No page is copied: both sides keep the frames of private memory until one of them writes.
     */
    public AddressSpace fork() {
        AddressSpace child = new AddressSpace(account, mappings.copy());
        child.stackLimit = stackLimit;
        child.mappedLimit = mappedLimit;
        child.ownedPages = ownedPages;
        pages.forEach(0, pageNumber(MAX), (number, entry) -> {
            PageTableEntry copy = new PageTableEntry(entry.frame, entry.protection, entry.owned, entry.shared);
            copy.readTag = entry.readTag;
            if (entry.owned) {
                entry.frame.addOwner();
                entry.writeTag = PageTableEntry.NONE;
            }
            child.pages.put(number, copy);
        });
        return child;
    }

    /** Gives all memory back; at the end of the process. */
    public void release() {
        mappings.remove(0, MAX);
        pages.forEach(0, pageNumber(MAX), (number, entry) -> {
            pages.remove(number);
            drop(entry);
        });
    }

    // System calls' access

    /**
     * Copies from guest memory, as far as it may be read.
     *
     * @param address any
     * @return bytes copied before the first one that may not be read: {@code length} if all is well
     */
    public int read(long address, byte[] to, int offset, int length) {
        int done = 0;
        while (done < length) {
            PageTableEntry entry = readable(address + done);
            if (entry == null) {
                break;
            }
            int at = (int) (address + done) & PAGE - 1;
            int count = Math.min(length - done, PAGE - at);
            System.arraycopy(entry.bytes, at, to, offset + done, count);
            done += count;
        }
        return done;
    }

    /** Copies to guest memory; otherwise as {@link #read}. */
    public int write(long address, byte[] from, int offset, int length) {
        int done = 0;
        while (done < length) {
            PageTableEntry entry = writable(address + done);
            if (entry == null) {
                break;
            }
            int at = (int) (address + done) & PAGE - 1;
            int count = Math.min(length - done, PAGE - at);
            System.arraycopy(from, offset + done, entry.bytes, at, count);
            done += count;
        }
        return done;
    }
}
