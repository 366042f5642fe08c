package io.scwatcher.cpu;

import io.scwatcher.cpu.memory.AddressSpace;
import io.scwatcher.cpu.memory.PageTableEntry;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A processor's access to its address space, through a direct-mapped translation lookaside buffer. Loads and stores are little endian; those that
 * can't be done throw {@link CpuException} and have no effect, also where they touch two pages.
 */
abstract sealed class LoadStoreUnit permits Cpu {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int ENTRIES = 512;
    private static final int OFFSET = AddressSpace.PAGE - 1;
    private static final long PAGE = -AddressSpace.PAGE;

    /** Error code bits of a page fault (SDM vol. 3, figure 4-12). */
    private static final int PROTECTION = 1;
    private static final int WRITE = 2;
    private static final int USER = 4;
    private static final int FETCH = 16;

    private final PageTableEntry[] lookaside = new PageTableEntry[ENTRIES];
    /** The bytes of each entry: an access that finds them here doesn't wait for the entry, which only decides whether it was right. */
    private final byte[][] pages = new byte[ENTRIES][];
    private AddressSpace memory;
    private long codeEpoch;
    private byte[] straddling;

    LoadStoreUnit(AddressSpace memory) {
        enter(memory);
    }

    public final AddressSpace memory() {
        return memory;
    }

    /** For compiled code: 512 entries, indexed by the page number's lower bits. */
    public final PageTableEntry[] lookaside() {
        return lookaside;
    }

    /** For compiled code: the bytes of the entries of {@link #lookaside}. */
    public final byte[][] pages() {
        return pages;
    }

    /** Changes the address space. */
    final void enter(AddressSpace newMemory) {
        memory = newMemory;
        codeEpoch = newMemory.codeEpoch();
        Arrays.fill(lookaside, PageTableEntry.EMPTY);
        Arrays.fill(pages, null);
    }

    /** Records the exception. */
    abstract CpuException fault(int vector, int errorCode, long address);

    /** Whether code that this processor knows may be out of date; to be asked at the start of {@link Engine#run} and after CODE_CHANGED. */
    public final boolean codeChanged() {
        return codeEpoch != memory.codeEpoch();
    }

    /** The processor has forgotten all code that it knew. */
    public final void codeForgotten() {
        codeEpoch = memory.codeEpoch();
    }

    private PageTableEntry entry(long address) {
        return lookaside[(int) (address >>> 12) & ENTRIES - 1];
    }

    private byte[] page(long address) {
        return pages[(int) (address >>> 12) & ENTRIES - 1];
    }

    public final int load8(long address) {
        PageTableEntry entry = entry(address);
        return (entry.readTag == (address & PAGE) ? page(address) : readable(address).bytes)[(int) address & OFFSET] & 0xff;
    }

    public final int load16(long address) {
        PageTableEntry entry = entry(address);
        return entry.readTag == (address + 1 & PAGE) ? (short) SHORT.get(page(address), (int) address & OFFSET) & 0xffff : (int) load(address, 2);
    }

    public final int load32(long address) {
        PageTableEntry entry = entry(address);
        return entry.readTag == (address + 3 & PAGE) ? (int) INT.get(page(address), (int) address & OFFSET) : (int) load(address, 4);
    }

    public final long load64(long address) {
        PageTableEntry entry = entry(address);
        return entry.readTag == (address + 7 & PAGE) ? (long) LONG.get(page(address), (int) address & OFFSET) : load(address, 8);
    }

    public final void store8(long address, int value) {
        PageTableEntry entry = entry(address);
        (entry.writeTag == (address & PAGE) ? page(address) : writable(address).bytes)[(int) address & OFFSET] = (byte) value;
    }

    public final void store16(long address, int value) {
        PageTableEntry entry = entry(address);
        if (entry.writeTag == (address + 1 & PAGE)) {
            SHORT.set(page(address), (int) address & OFFSET, (short) value);
        } else {
            store(address, value, 2);
        }
    }

    public final void store32(long address, int value) {
        PageTableEntry entry = entry(address);
        if (entry.writeTag == (address + 3 & PAGE)) {
            INT.set(page(address), (int) address & OFFSET, value);
        } else {
            store(address, value, 4);
        }
    }

    public final void store64(long address, long value) {
        PageTableEntry entry = entry(address);
        if (entry.writeTag == (address + 7 & PAGE)) {
            LONG.set(page(address), (int) address & OFFSET, value);
        } else {
            store(address, value, 8);
        }
    }

    /** The entry of a page that may be read: for instructions that work on many bytes of it. */
    public final PageTableEntry readable(long address) {
        PageTableEntry entry = entry(address);
        return entry.readTag == (address & PAGE) ? entry : fillForRead(address);
    }

    /** The entry of a page that may be written. Valid until the end of the instruction. */
    public final PageTableEntry writable(long address) {
        PageTableEntry entry = entry(address);
        return entry.writeTag == (address & PAGE) ? entry : fillForWrite(address);
    }

    /** The entry of a page that may be executed. Doesn't use the lookaside buffer. */
    public final PageTableEntry executable(long address) {
        PageTableEntry entry = memory.executable(address);
        if (entry == null) {
            throw pageFault(address, FETCH);
        }
        return entry;
    }

    private PageTableEntry fillForRead(long address) {
        PageTableEntry entry = memory.readable(address);
        if (entry == null) {
            throw pageFault(address, 0);
        }
        return keep(entry, address);
    }

    private PageTableEntry fillForWrite(long address) {
        PageTableEntry entry = memory.writable(address);
        if (entry == null) {
            throw pageFault(address, WRITE);
        }
        if (codeChanged()) {
            throw CpuException.CODE_CHANGED;
        }
        return keep(entry, address);
    }

    private PageTableEntry keep(PageTableEntry entry, long address) {
        int index = (int) (address >>> 12) & ENTRIES - 1;
        lookaside[index] = entry;
        pages[index] = entry.bytes;
        return entry;
    }

    /** A non-canonical address is a general protection fault; a canonical one beyond the user's looks protected, as the kernel makes it look. */
    private CpuException pageFault(long address, int access) {
        if (address << 16 >> 16 != address) {
            return fault(13, 0, address);
        }
        boolean present = address < 0 || address >= AddressSpace.MAX || memory.isPresent(address);
        return fault(14, USER | access | (present ? PROTECTION : 0), address);
    }

    /** What the fast path can't do: a page that isn't in the buffer, or two pages. */
    public final long load(long address, int size) {
        PageTableEntry first = readable(address);
        int at = (int) address & OFFSET;
        int inFirst = Math.min(size, AddressSpace.PAGE - at);
        PageTableEntry second = inFirst < size ? readable(address + inFirst) : null;
        long value = 0;
        for (int i = size - 1; i >= 0; i--) {
            value = value << 8 | (i < inFirst ? first.bytes[at + i] : second.bytes[i - inFirst]) & 0xff;
        }
        return value;
    }

    /**
     * An array that has the 16 bytes of an address at the offset that the address has in its page: the page, or a copy of bytes that lie in two pages. To be
     * read at once.
     */
    public final byte[] window(long address) {
        int at = (int) address & OFFSET;
        byte[] page = readable(address).bytes;
        if (at <= AddressSpace.PAGE - 16) {
            return page;
        }
        byte[] next = readable(address + 15 & PAGE).bytes;
        if (straddling == null) {
            straddling = new byte[AddressSpace.PAGE + 16];
        }
        System.arraycopy(page, at, straddling, at, AddressSpace.PAGE - at);
        System.arraycopy(next, 0, straddling, AddressSpace.PAGE, at - (AddressSpace.PAGE - 16));
        return straddling;
    }

    /** Loads what the same instruction is going to store, with the permission to write; zero-extended. */
    public final long loadForWriting(long address, int size) {
        checkWritable(address, size);
        return switch (size) {
            case 8 -> load64(address);
            case 4 -> load32(address) & 0xffff_ffffL;
            case 2 -> load16(address);
            default -> load8(address);
        };
    }

    /** Faults at the first of the bytes, at most a page of them, that can't be written. */
    public final void checkWritable(long address, int size) {
        writable(address);
        long last = address + size - 1;
        if (((address ^ last) & PAGE) != 0) {
            writable(last & PAGE);
        }
    }

    public final void store(long address, long value, int size) {
        PageTableEntry first = writable(address);
        int at = (int) address & OFFSET;
        int inFirst = Math.min(size, AddressSpace.PAGE - at);
        PageTableEntry second = inFirst < size ? writable(address + inFirst) : null;
        for (int i = 0; i < size; i++) {
            if (i < inFirst) {
                first.bytes[at + i] = (byte) (value >>> 8 * i);
            } else {
                second.bytes[i - inFirst] = (byte) (value >>> 8 * i);
            }
        }
    }
}
