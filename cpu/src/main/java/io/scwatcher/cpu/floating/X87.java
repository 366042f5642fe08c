package io.scwatcher.cpu.floating;

/**
 * The state of the x87 unit, whose registers the MM registers alias (SDM vol. 1, 8.1). Its operations on the stack answer whether the instruction may
 * go on: an invalid operation whose exception is unmasked leaves everything but the status word as it was.
 */
public final class X87 {
    /** Bits of the status word: stack fault, error summary, condition codes, busy. */
    public static final int STACK_FAULT = 0x40, ERROR_SUMMARY = 0x80, C0 = 0x100, C1 = 0x200, C2 = 0x400, C3 = 0x4000;
    private static final int BUSY = 0x8000;
    private static final int EXCEPTIONS = 0x3F;
    private static final int CONDITION_CODES = C0 | C1 | C2 | C3;

    private static final int EMPTY = 3, SPECIAL = 2, ZERO = 1, VALID = 0;

    /** R0 to R7: physical registers, not relative to the top of the stack. */
    private final Extended[] registers = new Extended[8];
    /** Bit i: R i is in use; the abridged tag word of FXSAVE. */
    private int inUse;
    private int top;
    private int control;
    /** Without top. */
    private int status;

    /** Address of the last instruction that was no control instruction, and of its memory operand. */
    public long instructionPointer;
    public long operandPointer;

    public final SoftFloat soft = new SoftFloat();
    /** Where an operand from memory is widened to. */
    public final Extended memoryOperand = new Extended();

    public X87() {
        for (int i = 0; i < registers.length; i++) {
            registers[i] = new Extended();
        }
        initialize();
    }

    /** FNINIT. The registers keep their contents. */
    public void initialize() {
        control = 0x37F;
        status = 0;
        top = 0;
        inUse = 0;
        instructionPointer = 0;
        operandPointer = 0;
    }

    public void copyFrom(X87 other) {
        for (int i = 0; i < registers.length; i++) {
            registers[i].set(other.registers[i]);
        }
        inUse = other.inUse;
        top = other.top;
        control = other.control;
        status = other.status;
        instructionPointer = other.instructionPointer;
        operandPointer = other.operandPointer;
    }

    public int control() {
        return control;
    }

    public void setControl(int word) {
        control = word & 0x1F3F | 0x40;
        summarize();
    }

    /** The status word, the top of the stack in bits 11 to 13. */
    public int status() {
        return status | top << 11;
    }

    public void setStatus(int word) {
        status = word & (EXCEPTIONS | STACK_FAULT | CONDITION_CODES);
        top = word >> 11 & 7;
        summarize();
    }

    /** FNCLEX. */
    public void clearExceptions() {
        status &= CONDITION_CODES;
    }

    /** Whether the next waiting instruction raises #MF. */
    public boolean isErrorPending() {
        return (status & ERROR_SUMMARY) != 0;
    }

    private void summarize() {
        boolean pending = (status & ~control & EXCEPTIONS) != 0;
        status = pending ? status | ERROR_SUMMARY | BUSY : status & ~(ERROR_SUMMARY | BUSY);
    }

    /** Sets the exceptions in the status word. @return whether all are masked of those that leave no result */
    private boolean raise(int exceptions) {
        if (exceptions == 0) {
            return true;
        }
        status |= exceptions;
        summarize();
        return (exceptions & ~control & SoftFloat.PRE_COMPUTATION) == 0;
    }

    /** Takes over what {@link #soft} has raised, and C1. @return whether there is a result */
    public boolean settle() {
        setCondition(C1, soft.roundedUp() ? C1 : 0);
        return settleExceptions();
    }

    /** As {@link #settle}, but leaves C1 alone. */
    public boolean settleExceptions() {
        return raise(soft.flags());
    }

    /** As {@link #settle} for a store to memory, which an unmasked overflow or underflow prevents too. */
    public boolean settleStore() {
        int preventing = soft.flags() & ~control & (SoftFloat.OVERFLOW | SoftFloat.UNDERFLOW);
        if (preventing == 0) {
            return settle();
        }
        setCondition(C1, 0);
        raise(soft.flags() & ~SoftFloat.PRECISION);
        return false;
    }

    /** An instruction needs an operand that is empty. @return whether it goes on with the indefinite value */
    public boolean underflow() {
        setCondition(C1, 0);
        return raise(SoftFloat.INVALID | STACK_FAULT);
    }

    /** Replaces the condition codes in the mask. */
    public void setCondition(int mask, int codes) {
        status = status & ~mask | codes;
    }

    public Extended st(int i) {
        return registers[top + i & 7];
    }

    public boolean isEmpty(int i) {
        return (inUse >> (top + i & 7) & 1) == 0;
    }

    /** Writes ST(i), which is then no longer empty. */
    public void put(int i, Extended value) {
        registers[top + i & 7].set(value);
        inUse |= 1 << (top + i & 7);
    }

    /** FDECSTP. */
    public void decrementTop() {
        top = top - 1 & 7;
    }

    /** FINCSTP. */
    public void incrementTop() {
        top = top + 1 & 7;
    }

    /** To be asked before anything else that a pushing instruction does. @return whether there is room; if not, all is done */
    public boolean hasRoom() {
        setCondition(C1, 0);
        if (isEmpty(-1)) {
            return true;
        }
        setCondition(C1, C1);
        if (raise(SoftFloat.INVALID | STACK_FAULT)) {
            push(soft.result.setIndefinite());
        }
        return false;
    }

    /** As {@link #hasRoom}, for an instruction that has a result in ST(0) as well. */
    public boolean hasRoomBeside() {
        int before = top;
        boolean room = hasRoom();
        if (top != before) {
            put(1, soft.result);
        }
        return room;
    }

    /** Pushes to a stack that has room, or whatever is there. */
    public void push(Extended value) {
        decrementTop();
        put(0, value);
    }

    public void pop() {
        free(0);
        incrementTop();
    }

    public void free(int i) {
        inUse &= ~(1 << (top + i & 7));
    }

    /** MM i, as an operand. */
    public long mmx(int i) {
        return registers[i].significand;
    }

    /** Writes MM i; its exponent becomes all ones. */
    public void setMmx(int i, long value) {
        registers[i].set(0xFFFF, value);
    }

    /** What every MMX instruction but EMMS does first (SDM vol. 1, 9.5.1). */
    public void enterMmx() {
        top = 0;
        inUse = 0xFF;
    }

    /** EMMS. */
    public void leaveMmx() {
        top = 0;
        inUse = 0;
    }

    /** Bit i: R i is in use. */
    public int abridgedTags() {
        return inUse;
    }

    public void setAbridgedTags(int tags) {
        inUse = tags & 0xFF;
    }

    /** Two bits for each physical register (SDM vol. 1, 8.1.7). */
    public int tags() {
        int tags = 0;
        for (int i = 7; i >= 0; i--) {
            tags = tags << 2 | ((inUse >> i & 1) == 0 ? EMPTY : classOf(registers[i]));
        }
        return tags;
    }

    private static int classOf(Extended register) {
        if (register.isZero()) {
            return ZERO;
        }
        int exponent = register.signExponent & Extended.EXPONENT_MASK;
        return exponent == 0 || exponent == Extended.EXPONENT_MASK || register.significand >= 0 ? SPECIAL : VALID;
    }

    /** Only whether a register is empty is taken over; the rest follows from its contents. */
    public void setTags(int tags) {
        inUse = 0;
        for (int i = 0; i < 8; i++) {
            inUse |= (tags >> 2 * i & 3) == EMPTY ? 0 : 1 << i;
        }
    }
}
