package io.scwatcher.kernel.arch;

/**
 * 4-level and 5-level paging of x86-64 (Intel SDM volume 3, section 4.5) as Linux uses it: a page without access
 * ({@code PROT_NONE}, NUMA hinting) keeps its frame with bit 8 set, the present bit clear and the frame number inverted
 * (arch/x86/include/asm/pgtable-invert.h).
 *
 * @param levels 4 or 5
 * @param encryptionMask the memory encryption bit of table entries ({@code sme_mask}), or 0
 */
record X86PageTables(int levels, long encryptionMask) implements PageTables {
    private static final int PRESENT = 1;
    private static final int HUGE = 1 << 7;
    /** {@code _PAGE_PROTNONE}, the same bit as {@code _PAGE_GLOBAL}. */
    private static final int PROT_NONE = 1 << 8;
    private static final long FRAME = 0x000f_ffff_ffff_f000L;
    /** No RAM lies that high, so here it can only come from inversion. */
    private static final long HIGHEST_FRAME_BIT = 1L << 51;
    private static final int INDEX = 0x1ff;

    @Override
    public long translate(PhysicalWords memory, long root, long virtual) {
        int unusedBits = 64 - 12 - 9 * levels;
        if (virtual << unusedBits >> unusedBits != virtual) {
            return UNMAPPED;
        }
        long frameMask = FRAME & ~encryptionMask;
        long table = root & frameMask;
        for (int shift = 12 + 9 * (levels - 1); ; shift -= 9) {
            long entry = memory.u64(table + ((virtual >>> shift & INDEX) << 3));
            boolean leaf = shift == 12 || shift <= 30 && (entry & HUGE) != 0;
            if ((entry & PRESENT) == 0) {
                return leaf ? withoutAccess(entry, shift, virtual) : UNMAPPED;
            }
            if (leaf) {
                return within(entry, shift, virtual);
            }
            table = entry & frameMask;
        }
    }

    private long within(long entry, int shift, long virtual) {
        long offsetMask = (1L << shift) - 1;
        return entry & FRAME & ~encryptionMask & ~offsetMask | virtual & offsetMask;
    }

    /**
     * A leaf that the processor refuses but whose page is in RAM: {@code PROT_NONE}, or a huge page that is being split.
     * Swap and migration entries have bits 7 and 8 clear and stay unmapped.
     */
    private long withoutAccess(long entry, int shift, long virtual) {
        if (shift == 12 && (entry & PROT_NONE) == 0) {
            return UNMAPPED;
        }
        boolean inverted = (entry & HIGHEST_FRAME_BIT) != 0;
        return within(inverted ? ~entry : entry, shift, virtual);
    }
}
