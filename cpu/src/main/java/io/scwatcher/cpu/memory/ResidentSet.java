package io.scwatcher.cpu.memory;

/** The resident pages of an address space: how they come, are shared by fork, are copied at the first write, and go. */
final class ResidentSet {
    private final PageTable pages = new PageTable();
    private final FrameAccount account;
    private int owned;
    private boolean outOfFrames;
    private long codeEpoch;

    ResidentSet(FrameAccount account) {
        this.account = account;
    }

    int size() {
        return pages.resident();
    }

    int owned() {
        return owned;
    }

    boolean outOfFrames() {
        return outOfFrames;
    }

    long codeEpoch() {
        return codeEpoch;
    }

    /** The entry of a page, or null. */
    PageTableEntry get(long address) {
        return pages.get(number(address));
    }

    /** Makes a page of a readable mapping resident; null if the backing doesn't have it. */
    PageTableEntry populate(Mapping mapping, long page) {
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
        pages.put(number(page), entry);
        return entry;
    }

    /**
     * Gives an entry of a writable mapping its write tag, or the page another entry with another frame.
     *
     * @return the page's entry; null if the account has no frame for it
     */
    PageTableEntry makeWritable(PageTableEntry entry, long page) {
        if (entry.shared) {
            while (!entry.frame.grantWrite(entry, page)) {
                entry.frame.modified();
            }
            return entry;
        }
        if (!entry.owned || !entry.frame.hasOneOwner()) {
            return copy(entry, page);
        }
        if (entry.frame.code() != null) {
            codeEpoch++;
            entry.frame.dropCode();
        }
        entry.writeTag = page;
        return entry;
    }

    private PageTableEntry copy(PageTableEntry entry, long page) {
        if (!account.acquire()) {
            outOfFrames = true;
            return null;
        }
        Frame old = entry.frame;
        Frame copy = old == Frame.ZERO ? new Frame() : new Frame(old.bytes.clone());
        if (entry.executable()) {
            codeChanges(entry);
        }
        if (!entry.owned) {
            owned++;
        } else if (old.removeOwner()) {
            account.release();
        }
        PageTableEntry fresh = new PageTableEntry(copy, entry.protection, true, false);
        fresh.readTag = page;
        fresh.writeTag = page;
        entry.revoke();
        pages.put(number(page), fresh);
        return fresh;
    }

    private void codeChanges(PageTableEntry entry) {
        if (entry.frame.code() != null) {
            codeEpoch++;
        }
    }

    void protect(long start, long end, int protection) {
        pages.forEach(number(start), number(end), (number, entry) -> {
            if (entry.executable() && (protection & Mapping.EXECUTE) == 0) {
                codeChanges(entry);
            }
            entry.protection = protection;
            entry.writeTag = PageTableEntry.NONE;
            entry.readTag = protection == 0 ? PageTableEntry.NONE : number * Frame.SIZE;
        });
    }

    /** Gives the frames of a range to pages elsewhere, which must not be resident. The old entries stay, to be discarded. */
    void copyTo(long to, long start, long end) {
        long distance = number(to) - number(start);
        pages.forEach(number(start), number(end), (number, entry) -> {
            PageTableEntry copy = anotherOwner(entry);
            copy.readTag = entry.protection == 0 ? PageTableEntry.NONE : (number + distance) * Frame.SIZE;
            owned += entry.owned ? 1 : 0;
            pages.put(number + distance, copy);
        });
    }

    private static PageTableEntry anotherOwner(PageTableEntry entry) {
        if (entry.owned) {
            entry.frame.addOwner();
            entry.writeTag = PageTableEntry.NONE;
        }
        return new PageTableEntry(entry.frame, entry.protection, entry.owned, entry.shared);
    }

    void discard(long start, long end) {
        pages.forEach(number(start), number(end), (number, entry) -> {
            pages.remove(number);
            codeChanges(entry);
            drop(entry);
        });
    }

    private void drop(PageTableEntry entry) {
        if (entry.owned) {
            owned--;
            if (entry.frame.removeOwner()) {
                account.release();
            }
        } else if (entry.shared) {
            entry.frame.forgetWriter(entry);
        }
        entry.revoke();
    }

    /** What a forked process begins with: the same frames; whoever writes first gets a copy. */
    ResidentSet fork() {
        ResidentSet child = new ResidentSet(account);
        child.owned = owned;
        pages.forEach(0, number(AddressSpace.MAX), (number, entry) -> {
            PageTableEntry copy = anotherOwner(entry);
            copy.readTag = entry.readTag;
            child.pages.put(number, copy);
        });
        return child;
    }

    private static long number(long address) {
        return address >>> 12;
    }
}
