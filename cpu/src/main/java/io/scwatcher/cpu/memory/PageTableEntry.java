package io.scwatcher.cpu.memory;

/**
 * One resident page of an address space, shared by all its processors, whose lookaside buffers hold references to it. A fast access compares
 * the page's address with a tag, so that revoking a permission is one store here.
 */
public final class PageTableEntry {
    /** A tag that no page's address equals. */
    public static final long NONE = 1;

    /** An entry that matches no address: what an empty lookaside buffer is filled with. */
    public static final PageTableEntry EMPTY = new PageTableEntry(Frame.ZERO, 0, false, false);

    /** The page's address if it may be read, else {@link #NONE}. */
    public long readTag = NONE;

    /**
     * The page's address if it may be written at once, else {@link #NONE}. A writable page that is shared after fork, or that has code, has
     * none, so that the first write asks the address space.
     */
    public long writeTag = NONE;

    /** The frame's bytes. For ever: a page that gets another frame gets another entry, so that lookaside buffers may keep them beside the entry. */
    public final byte[] bytes;

    Frame frame;

    /** {@link Mapping#READ} and so on. */
    int protection;

    /** Whether the frame is this entry's own (with those of forked address spaces), not the backing's. */
    final boolean owned;

    /** Whether the mapping is a shared one. */
    final boolean shared;

    PageTableEntry(Frame frame, int protection, boolean owned, boolean shared) {
        this.frame = frame;
        this.bytes = frame.bytes;
        this.protection = protection;
        this.owned = owned;
        this.shared = shared;
    }

    /** Nothing goes through this entry any longer. Lookaside buffers may hold it for long; they must not hold the code that hangs on the frame. */
    void revoke() {
        readTag = NONE;
        writeTag = NONE;
        protection = 0;
        frame = Frame.ZERO;
    }

    public Frame frame() {
        return frame;
    }

    /** Whether other address spaces may see what is written here: locked instructions must take the frame's monitor. */
    public boolean shared() {
        return shared;
    }

    public boolean executable() {
        return (protection & Mapping.EXECUTE) != 0;
    }

    /**
     * Attaches to the frame what the engine derived from its bytes, unless another processor was faster. From then on every write to the frame
     * takes the slow path, which throws the code away.
     *
     * @return what is attached: {@code code} or what the faster processor attached
     */
    public Object installCode(Object code) {
        if (!shared) {
            writeTag = NONE;
        }
        return frame.installCode(code);
    }
}
