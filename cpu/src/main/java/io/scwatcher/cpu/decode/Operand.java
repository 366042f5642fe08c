package io.scwatcher.cpu.decode;

/**
 * One operand of an instruction. Interned: equal operands are the same object. The parts of a memory operand's address and the value of an
 * immediate or relative operand are fields of the {@link Instruction}, which has at most one of each.
 *
 * @param kind   where it is
 * @param number of the register; 0 for others
 * @param size   in bytes: 1, 2, 4, 8, 10, 16, larger for images in memory, 0 where the operand has no size of its own (LEA's)
 */
public record Operand(Kind kind, int number, int size) {
    /** Where an operand is. */
    public enum Kind {
        /** {@code cpu.gpr[number]}, its low {@link #size} bytes. */ GPR,
        /** Bits 8 to 15 of {@code cpu.gpr[number]}: AH, CH, DH, BH are numbers 0 to 3. */ HIGH_BYTE,
        /** XMM0 to XMM15. */ XMM,
        /** MM0 to MM7. */ MMX,
        /** ST(number), relative to the top of the stack. */ ST,
        /** ES, CS, SS, DS, FS, GS. */ SEGMENT,
        /** At {@link Instruction#address}. */ MEMORY,
        /** {@link Instruction#immediate}. */ IMMEDIATE,
        /** A branch target: {@link Instruction#immediate} bytes from the instruction's own address. */ RELATIVE
    }

    private static final int[] SIZES = {0, 1, 2, 4, 6, 8, 10, 14, 16, 28, 94, 108, 512};
    private static final Operand[][][] INTERNED = new Operand[Kind.values().length][16][SIZES.length];

    static {
        for (Kind kind : Kind.values()) {
            for (int number = 0; number < 16; number++) {
                for (int s = 0; s < SIZES.length; s++) {
                    INTERNED[kind.ordinal()][number][s] = new Operand(kind, number, SIZES[s]);
                }
            }
        }
    }

    static Operand of(Kind kind, int number, int size) {
        for (int s = 0; s < SIZES.length; s++) {
            if (SIZES[s] == size) {
                return INTERNED[kind.ordinal()][number][s];
            }
        }
        throw new IllegalArgumentException("no operand of " + size + " bytes");
    }

    public boolean isMemory() {
        return kind == Kind.MEMORY;
    }

    public boolean isRegister() {
        return kind == Kind.GPR;
    }
}
