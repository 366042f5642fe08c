package io.scwatcher.cpu.compile;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.Flags;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.decode.Operand;
import io.scwatcher.cpu.memory.PageTableEntry;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/**
 * The bytecode of a region's method as it grows: operands, memory, registers. Integer values of up to four bytes are ints on the JVM's stack, those of one
 * and two bytes zero-extended; values of eight bytes are longs.
 */
final class RegionCode {
    static final ClassDesc CPU = desc(Cpu.class);
    static final ClassDesc FLAGS = desc(Flags.class);
    static final ClassDesc MEMORY = desc(MemoryAccess.class);
    static final ClassDesc LOOKASIDE = desc(PageTableEntry.class).arrayType();
    static final ClassDesc PAGES = ConstantDescs.CD_byte.arrayType(2);
    static final ClassDesc INT = ConstantDescs.CD_int;
    static final ClassDesc LONG = ConstantDescs.CD_long;
    static final ClassDesc VOID = ConstantDescs.CD_void;
    static final ClassDesc LONGS = LONG.arrayType();
    static final ClassDesc BYTES = ConstantDescs.CD_byte.arrayType();
    private static final int STACK_POINTER = 4;

    final CodeBuilder c;
    private int nextTemporary;
    private int written;
    private int writtenVectors;
    /** Whether the access that was begun is relative to the stack pointer. */
    private boolean onStack;

    /** Offset of the instruction at hand from the region's base. */
    int offset;

    RegionCode(CodeBuilder builder) {
        c = builder;
    }

    static ClassDesc desc(Class<?> type) {
        return type.describeConstable().orElseThrow();
    }

    static MethodTypeDesc signature(ClassDesc result, ClassDesc... parameters) {
        return MethodTypeDesc.of(result, parameters);
    }

    /** Begins an instruction: its variables are free, and a fault is known to be its own. */
    void begin(int newOffset, boolean mayFault) {
        offset = newOffset;
        nextTemporary = Locals.FIRST_TEMPORARY;
        if (mayFault) {
            c.loadConstant(offset).istore(Locals.PC);
        }
    }

    int temporaryInt() {
        return nextTemporary++;
    }

    int temporaryLong() {
        nextTemporary += 2;
        return nextTemporary - 2;
    }

    int temporary(int size) {
        return size == 8 ? temporaryLong() : temporaryInt();
    }

    void load(int local, int size) {
        if (size == 8) {
            c.lload(local);
        } else {
            c.iload(local);
        }
    }

    void store(int local, int size) {
        if (size == 8) {
            c.lstore(local);
        } else {
            c.istore(local);
        }
    }

    /** Pushes the linear address of base + offset. */
    void here(int position) {
        c.lload(Locals.BASE);
        if (position != 0) {
            c.loadConstant((long) position).ladd();
        }
    }

    /** Pushes the linear address of the memory operand. */
    void address(Instruction in) {
        effectiveAddress(in);
        if (in.segment == Instruction.FS || in.segment == Instruction.GS) {
            c.aload(Locals.CPU).getfield(CPU, in.segment == Instruction.FS ? "fsBase" : "gsBase", LONG).ladd();
        }
    }

    /** Pushes the address without the segment's base, as LEA computes it. */
    void effectiveAddress(Instruction in) {
        boolean something = false;
        long displacement = in.displacement;
        if (in.base == Instruction.RIP) {
            c.lload(Locals.BASE);
            displacement += offset;
            something = true;
        } else if (in.base != Instruction.NONE) {
            c.lload(Locals.register(in.base));
            something = true;
        }
        if (in.index != Instruction.NONE) {
            c.lload(Locals.register(in.index));
            if (in.scale != 0) {
                c.loadConstant(in.scale).lshl();
            }
            if (something) {
                c.ladd();
            }
            something = true;
        }
        if (displacement != 0 || !something) {
            c.loadConstant(displacement);
            if (something) {
                c.ladd();
            }
        }
        if (in.address32) {
            c.loadConstant(0xffff_ffffL).land();
        }
    }

    /** Pushes what goes below the address of a load or store. */
    void beginAccess() {
        c.aload(Locals.CPU).aload(Locals.LOOKASIDE).aload(Locals.PAGES);
        onStack = false;
    }

    /** Likewise, for an access relative to the stack pointer. */
    void beginStackAccess() {
        beginAccess();
        c.lload(Locals.STACK_TAG).aload(Locals.STACK);
        onStack = true;
    }

    /** Likewise, for the memory operand. */
    void beginAccess(Instruction in) {
        if (in.base == STACK_POINTER && in.segment == Instruction.NONE) {
            beginStackAccess();
        } else {
            beginAccess();
        }
    }

    /** With the address on top, pushes the value there. */
    void load(int size) {
        ClassDesc type = size == 8 ? LONG : INT;
        c.invokestatic(MEMORY, "load" + 8 * size,
                onStack ? signature(type, CPU, LOOKASIDE, PAGES, LONG, BYTES, LONG) : signature(type, CPU, LOOKASIDE, PAGES, LONG));
    }

    /** Likewise, of what the same instruction stores there. */
    void loadForWriting(int size) {
        ClassDesc type = size == 8 ? LONG : INT;
        c.invokestatic(MEMORY, "loadForWriting" + 8 * size,
                onStack ? signature(type, CPU, LOOKASIDE, PAGES, LONG, BYTES, LONG) : signature(type, CPU, LOOKASIDE, PAGES, LONG));
    }

    /** Stores the value on top at the address below it; nothing may have been accessed in between. */
    void store(int size) {
        ClassDesc type = size == 8 ? LONG : INT;
        c.invokestatic(MEMORY, "store" + 8 * size,
                onStack ? signature(VOID, CPU, LOOKASIDE, PAGES, LONG, BYTES, LONG, type) : signature(VOID, CPU, LOOKASIDE, PAGES, LONG, type));
    }

    /** Pushes an operand that is no memory, or is memory that is read once. */
    void read(Instruction in, int operand) {
        Operand o = in.operand(operand);
        switch (o.kind()) {
            case GPR -> readRegister(o.number(), o.size());
            case HIGH_BYTE -> c.lload(Locals.register(o.number())).loadConstant(8).lushr().l2i().loadConstant(0xff).iand();
            case MEMORY -> {
                beginAccess(in);
                address(in);
                load(o.size());
            }
            case IMMEDIATE -> constant(in.immediate, in.operandSize);
            default -> throw new IllegalArgumentException(o.toString());
        }
    }

    void constant(long value, int size) {
        switch (size) {
            case 8 -> c.loadConstant(value);
            case 4 -> c.loadConstant((int) value);
            case 2 -> c.loadConstant((int) value & 0xffff);
            default -> c.loadConstant((int) value & 0xff);
        }
    }

    void readRegister(int number, int size) {
        c.lload(Locals.register(number));
        switch (size) {
            case 8 -> { }
            case 4 -> c.l2i();
            case 2 -> c.l2i().loadConstant(0xffff).iand();
            default -> c.l2i().loadConstant(0xff).iand();
        }
    }

    /** Pops a value into a register operand; its upper bits don't matter. */
    void write(Operand o) {
        switch (o.kind()) {
            case GPR -> writeRegister(o.number(), o.size());
            case HIGH_BYTE -> {
                c.i2l().loadConstant(0xffL).land().loadConstant(8).lshl();
                insert(o.number(), ~0xff00L);
            }
            default -> throw new IllegalArgumentException(o.toString());
        }
    }

    void writeRegister(int number, int size) {
        switch (size) {
            case 8 -> setRegister(number);
            case 4 -> {
                zeroExtend();
                setRegister(number);
            }
            case 2 -> {
                c.i2l().loadConstant(0xffffL).land();
                insert(number, ~0xffffL);
            }
            default -> {
                c.i2l().loadConstant(0xffL).land();
                insert(number, ~0xffL);
            }
        }
    }

    private void insert(int number, long kept) {
        c.lload(Locals.register(number)).loadConstant(kept).land().lor();
        setRegister(number);
    }

    /** Pops a long into a register. */
    void setRegister(int number) {
        written |= 1 << number;
        c.lstore(Locals.register(number));
    }

    /** The registers that were set since the beginning. */
    int written() {
        return written;
    }

    /** Pops a quadword into a half of an XMM register: 0 low, 1 high. */
    void setVector(int number, int half) {
        writtenVectors |= 1 << number;
        c.lstore(Locals.vector(number) + 2 * half);
    }

    /** The XMM registers that were set since the beginning. */
    int writtenVectors() {
        return writtenVectors;
    }

    /** int to long. */
    void zeroExtend() {
        c.i2l().loadConstant(0xffff_ffffL).land();
    }

    /** Sign-extends the int on top from its size. */
    void signExtendInt(int size) {
        if (size == 1) {
            c.i2b();
        } else if (size == 2) {
            c.i2s();
        }
    }

    void getCpu(String field, ClassDesc type) {
        c.aload(Locals.CPU).getfield(CPU, field, type);
    }

    /** Sets a long field of the processor from a local. */
    void putCpu(String field, int local) {
        c.aload(Locals.CPU).lload(local).putfield(CPU, field, LONG);
    }

    /** The registers of the set go from locals to the processor. */
    void spill(int registers) {
        for (int i = 0; i < 16; i++) {
            if ((registers >> i & 1) != 0) {
                c.aload(Locals.GPR).loadConstant(i).lload(Locals.register(i)).lastore();
            }
        }
    }

    /** The registers of the set come from the processor to locals. */
    void fill(int registers) {
        for (int i = 0; i < 16; i++) {
            if ((registers >> i & 1) != 0) {
                c.aload(Locals.GPR).loadConstant(i).laload().lstore(Locals.register(i));
            }
        }
    }

    /** Likewise, after something has changed them. */
    void refill(int registers) {
        written |= registers;
        fill(registers);
    }

    /** The XMM registers of the set go from locals to the processor. */
    void spillVectors(int vectors) {
        for (int i = 0; i < 32; i++) {
            if ((vectors >> i / 2 & 1) != 0) {
                c.aload(Locals.XMM).loadConstant(i).lload(Locals.FIRST_VECTOR + 2 * i).lastore();
            }
        }
    }

    /** The XMM registers of the set come from the processor to locals. */
    void fillVectors(int vectors) {
        for (int i = 0; i < 32; i++) {
            if ((vectors >> i / 2 & 1) != 0) {
                c.aload(Locals.XMM).loadConstant(i).laload().lstore(Locals.FIRST_VECTOR + 2 * i);
            }
        }
    }

    /** Likewise, after something has changed them. */
    void refillVectors(int vectors) {
        writtenVectors |= vectors;
        fillVectors(vectors);
    }

    /** The flags come from the processor to locals. */
    void loadFlags() {
        getCpu("result", RegionCode.LONG);
        c.lstore(Locals.RESULT);
        getCpu("carries", RegionCode.LONG);
        c.lstore(Locals.CARRIES);
    }

    void storeFlags() {
        putCpu("result", Locals.RESULT);
        putCpu("carries", Locals.CARRIES);
    }
}
