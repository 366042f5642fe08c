package io.scwatcher.cpu.compile;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.memory.AddressSpace;
import io.scwatcher.cpu.memory.PageTableEntry;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Loads and stores as compiled code makes them: with the lookaside buffer in local variables, and small enough to be inlined everywhere. What isn't
 * in the buffer goes the processor's slow way.
 */
public final class MemoryAccess {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int OFFSET = AddressSpace.PAGE - 1;
    private static final long PAGE = -AddressSpace.PAGE;

    private MemoryAccess() {
    }

    /** Where the lookaside buffer has an address's page: its entry, and in the other array its bytes, which so are found without waiting for the entry. */
    private static int index(PageTableEntry[] lookaside, long address) {
        return (int) (address >>> 12) & lookaside.length - 1;
    }

    public static int load8(Cpu cpu, PageTableEntry[] lookaside, byte[][] pages, long address) {
        int index = index(lookaside, address);
        PageTableEntry entry = lookaside[index];
        return entry.readTag == (address & PAGE) ? pages[index][(int) address & OFFSET] & 0xff : (int) cpu.load(address, 1);
    }

    public static int load16(Cpu cpu, PageTableEntry[] lookaside, byte[][] pages, long address) {
        int index = index(lookaside, address);
        PageTableEntry entry = lookaside[index];
        return entry.readTag == (address + 1 & PAGE) ? (short) SHORT.get(pages[index], (int) address & OFFSET) & 0xffff : (int) cpu.load(address, 2);
    }

    public static int load32(Cpu cpu, PageTableEntry[] lookaside, byte[][] pages, long address) {
        int index = index(lookaside, address);
        PageTableEntry entry = lookaside[index];
        return entry.readTag == (address + 3 & PAGE) ? (int) INT.get(pages[index], (int) address & OFFSET) : (int) cpu.load(address, 4);
    }

    public static long load64(Cpu cpu, PageTableEntry[] lookaside, byte[][] pages, long address) {
        int index = index(lookaside, address);
        PageTableEntry entry = lookaside[index];
        return entry.readTag == (address + 7 & PAGE) ? (long) LONG.get(pages[index], (int) address & OFFSET) : cpu.load(address, 8);
    }

    /** Where to read 16 bytes by {@link #quadword}. */
    public static byte[] window(Cpu cpu, PageTableEntry[] lookaside, byte[][] pages, long address) {
        int index = index(lookaside, address);
        PageTableEntry entry = lookaside[index];
        return entry.readTag == (address + 15 & PAGE) ? pages[index] : cpu.window(address);
    }

    /** A quadword of the 16 bytes at the address, so many bytes behind it. */
    public static long quadword(byte[] window, long address, int displacement) {
        return (long) LONG.get(window, ((int) address & OFFSET) + displacement);
    }

    /** Loads what the same instruction stores: where it can't be written, the load faults like the store. */
    public static int loadForWriting8(Cpu cpu, PageTableEntry[] lookaside, byte[][] pages, long address) {
        int index = index(lookaside, address);
        PageTableEntry entry = lookaside[index];
        return entry.writeTag == (address & PAGE) ? pages[index][(int) address & OFFSET] & 0xff : (int) cpu.loadForWriting(address, 1);
    }

    public static int loadForWriting16(Cpu cpu, PageTableEntry[] lookaside, byte[][] pages, long address) {
        int index = index(lookaside, address);
        PageTableEntry entry = lookaside[index];
        return entry.writeTag == (address + 1 & PAGE) ? (short) SHORT.get(pages[index], (int) address & OFFSET) & 0xffff : (int) cpu.loadForWriting(address, 2);
    }

    public static int loadForWriting32(Cpu cpu, PageTableEntry[] lookaside, byte[][] pages, long address) {
        int index = index(lookaside, address);
        PageTableEntry entry = lookaside[index];
        return entry.writeTag == (address + 3 & PAGE) ? (int) INT.get(pages[index], (int) address & OFFSET) : (int) cpu.loadForWriting(address, 4);
    }

    public static long loadForWriting64(Cpu cpu, PageTableEntry[] lookaside, byte[][] pages, long address) {
        int index = index(lookaside, address);
        PageTableEntry entry = lookaside[index];
        return entry.writeTag == (address + 7 & PAGE) ? (long) LONG.get(pages[index], (int) address & OFFSET) : cpu.loadForWriting(address, 8);
    }

    public static void store8(Cpu cpu, PageTableEntry[] lookaside, byte[][] pages, long address, int value) {
        int index = index(lookaside, address);
        PageTableEntry entry = lookaside[index];
        if (entry.writeTag == (address & PAGE)) {
            pages[index][(int) address & OFFSET] = (byte) value;
        } else {
            cpu.store(address, value, 1);
        }
    }

    public static void store16(Cpu cpu, PageTableEntry[] lookaside, byte[][] pages, long address, int value) {
        int index = index(lookaside, address);
        PageTableEntry entry = lookaside[index];
        if (entry.writeTag == (address + 1 & PAGE)) {
            SHORT.set(pages[index], (int) address & OFFSET, (short) value);
        } else {
            cpu.store(address, value, 2);
        }
    }

    public static void store32(Cpu cpu, PageTableEntry[] lookaside, byte[][] pages, long address, int value) {
        int index = index(lookaside, address);
        PageTableEntry entry = lookaside[index];
        if (entry.writeTag == (address + 3 & PAGE)) {
            INT.set(pages[index], (int) address & OFFSET, value);
        } else {
            cpu.store(address, value, 4);
        }
    }

    public static void store64(Cpu cpu, PageTableEntry[] lookaside, byte[][] pages, long address, long value) {
        int index = index(lookaside, address);
        PageTableEntry entry = lookaside[index];
        if (entry.writeTag == (address + 7 & PAGE)) {
            LONG.set(pages[index], (int) address & OFFSET, value);
        } else {
            cpu.store(address, value, 8);
        }
    }

    /** Stores two quadwords, or none if one of their pages can't be written. */
    public static void store128(Cpu cpu, PageTableEntry[] lookaside, byte[][] pages, long address, long low, long high) {
        int index = index(lookaside, address);
        PageTableEntry entry = lookaside[index];
        if (entry.writeTag == (address + 15 & PAGE)) {
            byte[] page = pages[index];
            LONG.set(page, (int) address & OFFSET, low);
            LONG.set(page, ((int) address & OFFSET) + 8, high);
        } else {
            cpu.checkWritable(address, 16);
            cpu.store(address, low, 8);
            cpu.store(address + 8, high, 8);
        }
    }

    /**
     * The page below the stack pointer, if it may be read and written at once, else an entry that matches nothing. A region keeps its tag and bytes in local
     * variables, for the accesses relative to the stack pointer; nothing can take the page away before the region ends.
     */
    public static PageTableEntry stackPage(PageTableEntry[] lookaside, long stackPointer) {
        long address = stackPointer - 64;
        int index = index(lookaside, address);
        PageTableEntry entry = lookaside[index];
        return entry.writeTag == (address & PAGE) && !entry.shared() ? entry : PageTableEntry.EMPTY;
    }

    public static int load8(Cpu cpu, PageTableEntry[] lookaside, byte[][] pages, long tag, byte[] stack, long address) {
        return (address & PAGE) == tag ? stack[(int) address & OFFSET] & 0xff : load8(cpu, lookaside, pages, address);
    }

    public static void store8(Cpu cpu, PageTableEntry[] lookaside, byte[][] pages, long tag, byte[] stack, long address, int value) {
        if ((address & PAGE) == tag) {
            stack[(int) address & OFFSET] = (byte) value;
        } else {
            store8(cpu, lookaside, pages, address, value);
        }
    }

    public static int load16(Cpu cpu, PageTableEntry[] lookaside, byte[][] pages, long tag, byte[] stack, long address) {
        return (address & PAGE) == tag && ((int) address & OFFSET) <= AddressSpace.PAGE - 2
                ? (short) SHORT.get(stack, (int) address & OFFSET) & 0xffff : load16(cpu, lookaside, pages, address);
    }

    public static void store16(Cpu cpu, PageTableEntry[] lookaside, byte[][] pages, long tag, byte[] stack, long address, int value) {
        if ((address & PAGE) == tag && ((int) address & OFFSET) <= AddressSpace.PAGE - 2) {
            SHORT.set(stack, (int) address & OFFSET, (short) value);
        } else {
            store16(cpu, lookaside, pages, address, value);
        }
    }

    public static int load32(Cpu cpu, PageTableEntry[] lookaside, byte[][] pages, long tag, byte[] stack, long address) {
        return (address & PAGE) == tag && ((int) address & OFFSET) <= AddressSpace.PAGE - 4
                ? (int) INT.get(stack, (int) address & OFFSET) : load32(cpu, lookaside, pages, address);
    }

    public static void store32(Cpu cpu, PageTableEntry[] lookaside, byte[][] pages, long tag, byte[] stack, long address, int value) {
        if ((address & PAGE) == tag && ((int) address & OFFSET) <= AddressSpace.PAGE - 4) {
            INT.set(stack, (int) address & OFFSET, value);
        } else {
            store32(cpu, lookaside, pages, address, value);
        }
    }

    public static long load64(Cpu cpu, PageTableEntry[] lookaside, byte[][] pages, long tag, byte[] stack, long address) {
        return (address & PAGE) == tag && ((int) address & OFFSET) <= AddressSpace.PAGE - 8
                ? (long) LONG.get(stack, (int) address & OFFSET) : load64(cpu, lookaside, pages, address);
    }

    public static void store64(Cpu cpu, PageTableEntry[] lookaside, byte[][] pages, long tag, byte[] stack, long address, long value) {
        if ((address & PAGE) == tag && ((int) address & OFFSET) <= AddressSpace.PAGE - 8) {
            LONG.set(stack, (int) address & OFFSET, value);
        } else {
            store64(cpu, lookaside, pages, address, value);
        }
    }

    public static int loadForWriting8(Cpu cpu, PageTableEntry[] lookaside, byte[][] pages, long tag, byte[] stack, long address) {
        return (address & PAGE) == tag
                ? stack[(int) address & OFFSET] & 0xff : loadForWriting8(cpu, lookaside, pages, address);
    }

    public static int loadForWriting16(Cpu cpu, PageTableEntry[] lookaside, byte[][] pages, long tag, byte[] stack, long address) {
        return (address & PAGE) == tag && ((int) address & OFFSET) <= AddressSpace.PAGE - 2
                ? (short) SHORT.get(stack, (int) address & OFFSET) & 0xffff : loadForWriting16(cpu, lookaside, pages, address);
    }

    public static int loadForWriting32(Cpu cpu, PageTableEntry[] lookaside, byte[][] pages, long tag, byte[] stack, long address) {
        return (address & PAGE) == tag && ((int) address & OFFSET) <= AddressSpace.PAGE - 4
                ? (int) INT.get(stack, (int) address & OFFSET) : loadForWriting32(cpu, lookaside, pages, address);
    }

    public static long loadForWriting64(Cpu cpu, PageTableEntry[] lookaside, byte[][] pages, long tag, byte[] stack, long address) {
        return (address & PAGE) == tag && ((int) address & OFFSET) <= AddressSpace.PAGE - 8
                ? (long) LONG.get(stack, (int) address & OFFSET) : loadForWriting64(cpu, lookaside, pages, address);
    }
}
