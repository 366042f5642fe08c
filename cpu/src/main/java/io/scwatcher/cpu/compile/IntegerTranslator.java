package io.scwatcher.cpu.compile;

import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.decode.Opcode;
import io.scwatcher.cpu.decode.Operand;
import io.scwatcher.cpu.interpret.Branches;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;

/** Bytecode for the integer instructions that compilers emit, but for shifts, multiplications and branches. */
final class IntegerTranslator {
    static final int RAX = 0;
    static final int RDX = 2;
    static final int RSP = 4;
    static final int RBP = 5;

    private final RegionCode code;
    private final CodeBuilder c;
    private final FlagsTranslator flags;
    private final FlagPlan plan;

    IntegerTranslator(RegionCode code, FlagsTranslator flags, FlagPlan plan) {
        this.code = code;
        this.c = code.c;
        this.flags = flags;
        this.plan = plan;
    }

    /** False if there is no translation: nothing was written then. */
    boolean translate(Instruction in) {
        if (in.lock) {
            return false;
        }
        switch (in.opcode) {
            case NOP, PAUSE, LFENCE, MFENCE, SFENCE -> { }
            case MOV -> move(in);
            case MOVZX -> zeroExtend(in);
            case MOVSX -> signExtend(in);
            case LEA -> loadAddress(in);
            case PUSH -> {
                return push(in);
            }
            case POP -> {
                return pop(in);
            }
            case LEAVE -> {
                return leave(in);
            }
            case XCHG -> {
                return exchange(in);
            }
            case CBW -> widenAccumulator(in);
            case CWD -> {
                return signAccumulator(in);
            }
            case BSWAP -> {
                return swapBytes(in);
            }
            case CMOVCC -> conditionalMove(in);
            case SETCC -> setCondition(in);
            case ADD, SUB, CMP, AND, OR, XOR, TEST -> arithmetic(in);
            case ADC, SBB -> arithmeticWithCarry(in);
            case INC, DEC -> increment(in);
            case NEG -> negate(in);
            case NOT -> not(in);
            case BT -> {
                return bitTest(in);
            }
            case BSF, BSR -> {
                return bitScan(in);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Pops the value into the destination; {@code address} is where it is, if it is memory. */
    private void write(Instruction in, int address, int value) {
        Operand destination = in.operand(0);
        if (destination.isMemory()) {
            code.beginAccess(in);
            c.lload(address);
            code.load(value, destination.size());
            code.store(destination.size());
        } else {
            code.load(value, destination.size());
            code.write(destination);
        }
    }

    private void move(Instruction in) {
        if (in.operand(0).isMemory()) {
            code.beginAccess(in);
            code.address(in);
            code.read(in, 1);
            code.store(in.operand(0).size());
        } else {
            code.read(in, 1);
            code.write(in.operand(0));
        }
    }

    private void zeroExtend(Instruction in) {
        code.read(in, 1);
        if (in.operandSize == 8) {
            c.i2l();
        }
        code.write(in.operand(0));
    }

    private void signExtend(Instruction in) {
        code.read(in, 1);
        code.signExtendInt(in.operand(1).size());
        if (in.operandSize == 8 && in.operand(1).size() < 8) {
            c.i2l();
        }
        code.write(in.operand(0));
    }

    private void loadAddress(Instruction in) {
        code.effectiveAddress(in);
        if (in.operandSize == 8) {
            code.write(in.operand(0));
        } else {
            c.l2i();
            code.write(in.operand(0));
        }
    }

    private boolean push(Instruction in) {
        if (in.operandSize != 8) {
            return false;
        }
        int value = code.temporaryLong();
        code.read(in, 0);
        c.lstore(value);
        pushLong(value);
        return true;
    }

    /** Pushes the local on the guest's stack. */
    void pushLong(int value) {
        code.beginStackAccess();
        c.lload(Locals.register(RSP)).loadConstant(8L).lsub().lload(value);
        code.store(8);
        addToStackPointer(-8);
    }

    void addToStackPointer(long bytes) {
        c.lload(Locals.register(RSP)).loadConstant(bytes).ladd();
        code.setRegister(RSP);
    }

    private boolean pop(Instruction in) {
        if (in.operandSize != 8 || in.operand(0).isMemory()) {
            return false;
        }
        int value = code.temporaryLong();
        popLong(value);
        c.lload(value);
        code.write(in.operand(0));
        return true;
    }

    /** Pops from the guest's stack into the local. */
    private void popLong(int value) {
        code.beginStackAccess();
        c.lload(Locals.register(RSP));
        code.load(8);
        c.lstore(value);
        addToStackPointer(8);
    }

    /** RET: the target goes to its local. */
    void popTarget(Instruction in) {
        c.aload(Locals.CPU);
        code.beginStackAccess();
        c.lload(Locals.register(RSP));
        code.load(8);
        setTarget();
        addToStackPointer(8 + (in.immediate & 0xffff));
    }

    /** The target of an indirect jump or call. */
    void readTarget(Instruction in) {
        c.aload(Locals.CPU);
        code.read(in, 0);
        setTarget();
    }

    private void setTarget() {
        c.invokestatic(RegionCode.desc(Branches.class), "canonical", RegionCode.signature(RegionCode.LONG, RegionCode.CPU, RegionCode.LONG)).lstore(Locals.TARGET);
    }

    private boolean leave(Instruction in) {
        if (in.operandSize != 8) {
            return false;
        }
        int value = code.temporaryLong();
        code.beginAccess();
        c.lload(Locals.register(RBP));
        code.load(8);
        c.lstore(value);
        c.lload(Locals.register(RBP)).loadConstant(8L).ladd();
        code.setRegister(RSP);
        c.lload(value);
        code.setRegister(RBP);
        return true;
    }

    private boolean exchange(Instruction in) {
        if (in.memory) {
            return false;
        }
        int size = in.operandSize;
        int a = code.temporary(size);
        int b = code.temporary(size);
        code.read(in, 0);
        code.store(a, size);
        code.read(in, 1);
        code.store(b, size);
        code.load(b, size);
        code.write(in.operand(0));
        code.load(a, size);
        code.write(in.operand(1));
        return true;
    }

    /** CBW, CWDE, CDQE. */
    private void widenAccumulator(Instruction in) {
        code.readRegister(RAX, in.operandSize / 2);
        code.signExtendInt(in.operandSize / 2);
        if (in.operandSize == 8) {
            c.i2l();
        }
        code.writeRegister(RAX, in.operandSize);
    }

    /** CDQ, CQO. */
    private boolean signAccumulator(Instruction in) {
        switch (in.operandSize) {
            case 8 -> c.lload(Locals.register(RAX)).loadConstant(63).lshr();
            case 4 -> {
                code.readRegister(RAX, 4);
                c.loadConstant(31).ishr();
            }
            default -> {
                return false;
            }
        }
        code.writeRegister(RDX, in.operandSize);
        return true;
    }

    private boolean swapBytes(Instruction in) {
        int size = in.operandSize;
        if (size < 4) {
            return false;
        }
        code.read(in, 0);
        ClassDesc type = size == 8 ? RegionCode.LONG : RegionCode.INT;
        c.invokestatic(RegionCode.desc(size == 8 ? Long.class : Integer.class), "reverseBytes", RegionCode.signature(type, type));
        code.write(in.operand(0));
        return true;
    }

    private void conditionalMove(Instruction in) {
        int size = in.operandSize;
        int value = code.temporary(size);
        Label end = c.newLabel();
        code.read(in, 1);
        code.store(value, size);
        if (size == 4) {
            code.read(in, 0);
            code.write(in.operand(0));
        }
        flags.jump(in, true, end);
        code.load(value, size);
        code.write(in.operand(0));
        c.labelBinding(end);
    }

    private void setCondition(Instruction in) {
        int value = code.temporaryInt();
        Label end = c.newLabel();
        c.iconst_1().istore(value);
        flags.jump(in, false, end);
        c.iconst_0().istore(value);
        c.labelBinding(end);
        if (in.memory) {
            code.beginAccess(in);
            code.address(in);
            c.iload(value);
            code.store(1);
        } else {
            c.iload(value);
            code.write(in.operand(0));
        }
    }

    private void arithmetic(Instruction in) {
        int size = in.operandSize;
        Operand destination = in.operand(0);
        boolean wanted = flags.wanted(in);
        if (in.opcode == Opcode.XOR && !in.memory && in.operand(0) == in.operand(1) && !wanted && size >= 4) {
            c.lconst_0();
        code.setRegister(destination.number());
            return;
        }
        int address = address(in, 0);
        int a = wanted ? FlagsTranslator.a(size) : code.temporary(size);
        int b = wanted ? FlagsTranslator.b(size) : code.temporary(size);
        int r = wanted ? FlagsTranslator.r(size) : code.temporary(size);
        readDestination(in, address, a);
        code.read(in, 1);
        code.store(b, size);
        code.load(a, size);
        code.load(b, size);
        operate(in, size);
        code.store(r, size);
        if (in.opcode != Opcode.CMP && in.opcode != Opcode.TEST) {
            write(in, address, r);
        }
        flags.after(in, kind(in));
    }

    private static FlagPlan.Kind kind(Instruction in) {
        return switch (in.opcode) {
            case ADD -> FlagPlan.Kind.ADD;
            case SUB, CMP -> FlagPlan.Kind.SUBTRACT;
            default -> FlagPlan.Kind.LOGIC;
        };
    }

    private void operate(Instruction in, int size) {
        switch (in.opcode) {
            case ADD -> {
                if (size == 8) {
                    c.ladd();
                } else {
                    c.iadd();
                }
            }
            case SUB, CMP -> {
                if (size == 8) {
                    c.lsub();
                } else {
                    c.isub();
                }
            }
            case AND, TEST -> {
                if (size == 8) {
                    c.land();
                } else {
                    c.iand();
                }
            }
            case OR -> {
                if (size == 8) {
                    c.lor();
                } else {
                    c.ior();
                }
            }
            default -> {
                if (size == 8) {
                    c.lxor();
                } else {
                    c.ixor();
                }
            }
        }
    }

    /** The local with the address of an operand that is memory, or -1. */
    private int address(Instruction in, int operand) {
        if (!in.operand(operand).isMemory()) {
            return -1;
        }
        int address = code.temporaryLong();
        code.address(in);
        c.lstore(address);
        return address;
    }

    private void readDestination(Instruction in, int address, int into) {
        if (address >= 0) {
            code.beginAccess(in);
            c.lload(address);
            if (in.opcode == Opcode.CMP || in.opcode == Opcode.TEST) {
                code.load(in.operandSize);
            } else {
                code.loadForWriting(in.operandSize);
            }
        } else {
            code.read(in, 0);
        }
        code.store(into, in.operandSize);
    }

    private void arithmeticWithCarry(Instruction in) {
        int size = in.operandSize;
        boolean add = in.opcode == Opcode.ADC;
        int address = address(in, 0);
        int a = FlagsTranslator.a(size);
        int b = FlagsTranslator.b(size);
        int r = FlagsTranslator.r(size);
        readDestination(in, address, a);
        code.read(in, 1);
        code.store(b, size);
        code.load(a, size);
        code.load(b, size);
        operate(size, add);
        c.lload(Locals.CARRIES).loadConstant(63).lushr();
        if (size < 8) {
            c.l2i();
        }
        operate(size, add);
        code.store(r, size);
        write(in, address, r);
        flags.after(in, add ? FlagPlan.Kind.ADD : FlagPlan.Kind.SUBTRACT);
    }

    private void operate(int size, boolean add) {
        if (size == 8 && add) {
            c.ladd();
        } else if (size == 8) {
            c.lsub();
        } else if (add) {
            c.iadd();
        } else {
            c.isub();
        }
    }

    private void increment(Instruction in) {
        int size = in.operandSize;
        boolean add = in.opcode == Opcode.INC;
        int address = address(in, 0);
        int a = FlagsTranslator.a(size);
        int b = FlagsTranslator.b(size);
        int r = FlagsTranslator.r(size);
        readDestination(in, address, a);
        code.constant(1, size);
        code.store(b, size);
        code.load(a, size);
        code.load(b, size);
        operate(size, add);
        code.store(r, size);
        write(in, address, r);
        flags.after(in, add ? FlagPlan.Kind.INCREMENT : FlagPlan.Kind.DECREMENT);
    }

    private void negate(Instruction in) {
        int size = in.operandSize;
        int address = address(in, 0);
        int a = FlagsTranslator.a(size);
        int b = FlagsTranslator.b(size);
        int r = FlagsTranslator.r(size);
        readDestination(in, address, b);
        code.constant(0, size);
        code.store(a, size);
        code.load(b, size);
        if (size == 8) {
            c.lneg();
        } else {
            c.ineg();
        }
        code.store(r, size);
        write(in, address, r);
        flags.after(in, FlagPlan.Kind.SUBTRACT);
    }

    private void not(Instruction in) {
        int size = in.operandSize;
        int address = address(in, 0);
        int r = code.temporary(size);
        readDestination(in, address, r);
        code.load(r, size);
        if (size == 8) {
            c.loadConstant(-1L).lxor();
        } else {
            c.iconst_m1().ixor();
        }
        code.store(r, size);
        write(in, address, r);
    }

    /** With a register as the bit string. */
    static boolean translatesBitTest(Instruction in) {
        return !in.memory && in.operandSize >= 4;
    }

    private boolean bitTest(Instruction in) {
        if (!translatesBitTest(in)) {
            return false;
        }
        int size = in.operandSize;
        code.read(in, 0);
        if (in.operand(1).kind() == Operand.Kind.IMMEDIATE) {
            c.loadConstant((int) in.immediate & 8 * size - 1);
        } else {
            code.readRegister(in.operand(1).number(), 4);
        }
        if (size == 8) {
            c.lushr().l2i();
        } else {
            c.iushr();
        }
        c.iconst_1().iand().istore(Locals.INT_R);
        if (plan.isMaterialized(in)) {
            c.lload(Locals.CARRIES).iload(Locals.INT_R).invokestatic(RegionCode.FLAGS, "withCarry",
                    RegionCode.signature(RegionCode.LONG, RegionCode.LONG, ConstantDescs.CD_boolean)).lstore(Locals.CARRIES);
        }
        return true;
    }

    /** A source of zero leaves the destination alone, as all processors do. */
    private boolean bitScan(Instruction in) {
        int size = in.operandSize;
        if (size < 4) {
            return false;
        }
        int source = code.temporary(size);
        code.read(in, 1);
        code.store(source, size);
        Label zero = c.newLabel();
        code.load(source, size);
        if (size == 8) {
            c.lconst_0().lcmp();
        }
        c.ifeq(zero);
        code.load(source, size);
        boolean forward = in.opcode == Opcode.BSF;
        ClassDesc type = size == 8 ? RegionCode.LONG : RegionCode.INT;
        c.invokestatic(RegionCode.desc(size == 8 ? Long.class : Integer.class), forward ? "numberOfTrailingZeros" : "numberOfLeadingZeros",
                RegionCode.signature(RegionCode.INT, type));
        if (!forward) {
            c.loadConstant(8 * size - 1).ixor();
        }
        c.i2l();
        code.setRegister(in.operand(0).number());
        c.labelBinding(zero);
        if (plan.isMaterialized(in)) {
            code.load(source, size);
            if (size == 4) {
                c.i2l();
            }
            c.lstore(Locals.RESULT).lconst_0().lstore(Locals.CARRIES);
        }
        return true;
    }
}
