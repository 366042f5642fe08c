package io.scwatcher.cpu.compile;

/** The JVM local variables of a region's method. Longs take two. */
final class Locals {
    static final int THIS = 0;
    static final int CPU = 1;
    /** long: address of the region's base in this address space. */
    static final int BASE = 2;
    /** PageTableEntry[]: the processor's lookaside buffer. */
    static final int LOOKASIDE = 4;
    /** byte[][]: the bytes of the buffer's entries. */
    static final int PAGES = 5;
    /** long[]: the processor's general registers. */
    static final int GPR = 6;
    /** long[]: the processor's XMM registers. */
    static final int XMM = 7;
    /** int: offset of the instruction that may fault, or at an exit of the one to go on at. */
    static final int PC = 8;
    /** long: {@code cpu.result}. */
    static final int RESULT = 9;
    /** long: {@code cpu.carries}. */
    static final int CARRIES = 11;
    /** long: the address to go on at, where it isn't known before. */
    static final int TARGET = 13;
    /** Operands of the last instruction that changed the flags, as int for up to four bytes (sign-extended), and as long. */
    static final int INT_A = 15;
    static final int INT_B = 16;
    static final int INT_R = 17;
    static final int LONG_A = 18;
    static final int LONG_B = 20;
    static final int LONG_R = 22;
    /** long: write tag of the page that the stack pointer was in at the beginning. */
    static final int STACK_TAG = 24;
    /** byte[]: that page. */
    static final int STACK = 26;
    static final int FIRST_REGISTER = 27;
    static final int FIRST_VECTOR = FIRST_REGISTER + 32;
    /** Variables of one instruction. */
    static final int FIRST_TEMPORARY = FIRST_VECTOR + 64;

    private Locals() {
    }

    /** long: a general register. */
    static int register(int number) {
        return FIRST_REGISTER + 2 * number;
    }

    /** long: the low quadword of an XMM register; the high one is two further. */
    static int vector(int number) {
        return FIRST_VECTOR + 4 * number;
    }
}
