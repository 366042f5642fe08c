package io.scwatcher.cpu.compile;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.Flags;
import io.scwatcher.cpu.packed.PackedShuffles;
import io.scwatcher.cpu.packed.StringCompare;

/** What compiled vector instructions call, beside the packed operations themselves. */
public final class VectorSupport {
    private static final int GENERAL_PROTECTION = 13;
    private static final int UNORDERED = 2;

    private VectorSupport() {
    }

    /** Raises #GP for an operand of 16 bytes that isn't aligned. */
    public static void checkAligned(Cpu cpu, long address) {
        if ((address & 15) != 0) {
            throw cpu.fault(GENERAL_PROTECTION, 0);
        }
    }

    /** Two doublewords of an XMM value, chosen by two bits of the selector each. */
    public static long doublewords(long low, long high, int selector) {
        return PackedShuffles.doubleword(low, high, selector & 3) | PackedShuffles.doubleword(low, high, selector >> 2 & 3) << 32;
    }

    /** A quadword with one of its words replaced. */
    public static long insertWord(long quadword, int word, int number) {
        int shift = 16 * number;
        return quadword & ~(0xffffL << shift) | (word & 0xffffL) << shift;
    }

    /** PCMPISTRI: the index in the low half, the status flags in the high one. */
    public static long compareStrings(long firstLow, long firstHigh, long secondLow, long secondHigh, int control) {
        StringCompare compare = StringCompare.implicit(firstLow, firstHigh, secondLow, secondHigh, control);
        return compare.index() | (long) compare.flags() << 32;
    }

    /** The flags of COMISD and the like, for an order of -1, 0, 1, or 2: unordered. */
    public static void setFlags(Cpu cpu, int order) {
        cpu.setStatusFlags(switch (order) {
            case -1 -> Flags.CF;
            case 0 -> Flags.ZF;
            case UNORDERED -> Flags.CF | Flags.PF | Flags.ZF;
            default -> 0;
        });
    }
}
