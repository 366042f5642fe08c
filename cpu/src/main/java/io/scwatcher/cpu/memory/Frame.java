package io.scwatcher.cpu.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/** 4096 bytes of memory, shared by whoever maps them, with what the engine derived from them as code. */
public final class Frame {
    public static final int SIZE = 4096;

    /** What untouched anonymous memory reads as, everywhere. Nobody writes to it. */
    static final Frame ZERO = new Frame();

    private static final VarHandle OWNERS;
    private static final VarHandle SHARED_CODE_EPOCH;
    private static volatile int sharedCodeEpoch;

    static {
        try {
            OWNERS = MethodHandles.lookup().findVarHandle(Frame.class, "owners", int.class);
            SHARED_CODE_EPOCH = MethodHandles.lookup().findStaticVarHandle(Frame.class, "sharedCodeEpoch", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Always {@link #SIZE} bytes. */
    public final byte[] bytes;

    /** How many private page table entries hold this frame; not used for frames of a {@link Backing}. */
    private volatile int owners = 1;

    private volatile Object code;

    /** Entries of shared mappings that may have a write tag. Guarded by this. */
    private List<PageTableEntry> writers;

    /** A frame of zeros. */
    public Frame() {
        bytes = new byte[SIZE];
    }

    public Frame(byte[] bytes) {
        if (bytes.length != SIZE) {
            throw new IllegalArgumentException("a frame has " + SIZE + " bytes, not " + bytes.length);
        }
        this.bytes = bytes;
    }

    /** What was installed by {@link PageTableEntry#installCode}, or null. */
    public Object code() {
        return code;
    }

    /**
     * Whoever changes {@link #bytes} other than through an address space (a write to a file whose frames are mapped) calls this afterwards:
     * code that was derived from the old contents is thrown away.
     */
    public void modified() {
        if (code != null) {
            dropCode();
            SHARED_CODE_EPOCH.getAndAdd(1);
        }
    }

    static int sharedCodeEpoch() {
        return sharedCodeEpoch;
    }

    synchronized void dropCode() {
        code = null;
    }

    /** Installs code unless another processor was faster; from then on no entry may write without asking. Returns what is installed. */
    synchronized Object installCode(Object fresh) {
        if (code == null) {
            if (writers != null) {
                for (PageTableEntry writer : writers) {
                    writer.writeTag = PageTableEntry.NONE;
                }
                writers = null;
            }
            code = fresh;
        }
        return code;
    }

    /** Gives an entry of a shared mapping its write tag; false if the frame has code, which must go first. */
    synchronized boolean grantWrite(PageTableEntry entry, long page) {
        if (code != null) {
            return false;
        }
        if (writers == null) {
            writers = new ArrayList<>(2);
        }
        if (!writers.contains(entry)) {
            writers.add(entry);
        }
        entry.writeTag = page;
        return true;
    }

    synchronized void forgetWriter(PageTableEntry entry) {
        if (writers != null) {
            writers.remove(entry);
        }
    }

    boolean hasOneOwner() {
        return owners == 1;
    }

    void addOwner() {
        OWNERS.getAndAdd(this, 1);
    }

    /** Whether that was the last one. */
    boolean removeOwner() {
        return (int) OWNERS.getAndAdd(this, -1) == 1;
    }
}
