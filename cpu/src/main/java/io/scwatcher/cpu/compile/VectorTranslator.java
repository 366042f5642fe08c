package io.scwatcher.cpu.compile;

import io.scwatcher.cpu.decode.Family;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.decode.Operand;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;

/** Bytecode for moves to, from and between XMM registers; leaves computing on them to {@link PackedTranslator} and {@link ScalarTranslator}. */
final class VectorTranslator {
    static final ClassDesc SUPPORT = RegionCode.desc(VectorSupport.class);

    private final RegionCode code;
    private final CodeBuilder c;
    private final PackedTranslator packed;
    private final ScalarTranslator scalars;

    VectorTranslator(RegionCode code, FlagPlan plan) {
        this.code = code;
        this.c = code.c;
        packed = new PackedTranslator(this, code);
        scalars = new ScalarTranslator(this, code, plan);
    }

    /** False if there is no translation: nothing was written then. */
    boolean translate(Instruction in) {
        if (in.form.family() != Family.SSE) {
            return false;
        }
        return switch (in.opcode) {
            case MOVDQA, MOVAPS, MOVAPD, MOVNTDQ, MOVNTPS, MOVNTPD, MOVNTDQA -> move(in, true);
            case MOVDQU, MOVUPS, MOVUPD, LDDQU -> move(in, false);
            case MOVQ -> moveLow(in, 8);
            case MOVD -> moveLow(in, in.operand(in.operand(0).kind() == Operand.Kind.XMM ? 1 : 0).size());
            case MOVSS -> moveScalar(in, 4);
            case MOVSD_XMM -> moveScalar(in, 8);
            case MOVLPS, MOVLPD -> moveHalf(in, 0);
            case MOVHPS, MOVHPD -> moveHalf(in, 1);
            case MOVHLPS -> copy(in.reg, 0, in.rm, 1);
            case MOVLHPS -> copy(in.reg, 1, in.rm, 0);
            case MOVDDUP -> {
                quadword(in);
                c.dup2();
                code.setVector(in.reg, 0);
                code.setVector(in.reg, 1);
                yield true;
            }
            default -> packed.translate(in) || scalars.translate(in);
        };
    }

    /** Pushes a half of a register: 0 low, 1 high. */
    void get(int register, int half) {
        c.lload(Locals.vector(register) + 2 * half);
    }

    /** Sets a half of a register from a local. */
    void put(int register, int half, int local) {
        c.lload(local);
        code.setVector(register, half);
    }

    void putZero(int register, int half) {
        c.lconst_0();
        code.setVector(register, half);
    }

    private boolean copy(int to, int toHalf, int from, int fromHalf) {
        get(from, fromHalf);
        code.setVector(to, toHalf);
        return true;
    }

    /** The address of the memory operand in a new local. */
    private int address(Instruction in, boolean aligned) {
        int address = code.temporaryLong();
        code.address(in);
        c.lstore(address);
        if (aligned) {
            c.aload(Locals.CPU).lload(address);
            c.invokestatic(SUPPORT, "checkAligned", RegionCode.signature(RegionCode.VOID, RegionCode.CPU, RegionCode.LONG));
        }
        return address;
    }

    /** Locals with the halves of a 16-byte source, only to be read: the low one is returned, the high one two further. */
    int source(Instruction in, boolean aligned) {
        if (!in.memory) {
            return Locals.vector(in.rm);
        }
        int address = address(in, aligned);
        int low = code.temporaryLong();
        int high = code.temporaryLong();
        code.beginAccess();
        c.lload(address);
        c.invokestatic(RegionCode.MEMORY, "window",
                RegionCode.signature(RegionCode.BYTES, RegionCode.CPU, RegionCode.LOOKASIDE, RegionCode.PAGES, RegionCode.LONG));
        c.dup();
        quadwordOfWindow(address, 0, low);
        quadwordOfWindow(address, 8, high);
        return low;
    }

    private void quadwordOfWindow(int address, int displacement, int to) {
        c.lload(address).loadConstant(displacement);
        c.invokestatic(RegionCode.MEMORY, "quadword", RegionCode.signature(RegionCode.LONG, RegionCode.BYTES, RegionCode.LONG, RegionCode.INT)).lstore(to);
    }

    /** Pushes a source of eight bytes. */
    void quadword(Instruction in) {
        if (in.memory) {
            code.beginAccess(in);
            code.address(in);
            code.load(8);
        } else {
            get(in.rm, 0);
        }
    }

    /** Pushes a source of four bytes as an int. */
    void doubleword(Instruction in) {
        if (in.memory) {
            code.beginAccess(in);
            code.address(in);
            code.load(4);
        } else {
            get(in.rm, 0);
            c.l2i();
        }
    }

    private boolean move(Instruction in, boolean aligned) {
        if (in.operand(0).isMemory()) {
            int address = address(in, aligned);
            code.beginAccess();
            c.lload(address);
            get(in.reg, 0);
            get(in.reg, 1);
            c.invokestatic(RegionCode.MEMORY, "store128",
                    RegionCode.signature(RegionCode.VOID, RegionCode.CPU, RegionCode.LOOKASIDE, RegionCode.PAGES, RegionCode.LONG, RegionCode.LONG,
                            RegionCode.LONG));
            return true;
        }
        int low = in.memory ? source(in, aligned) : Locals.vector(in.operand(1).number());
        put(in.operand(0).number(), 0, low);
        put(in.operand(0).number(), 1, low + 2);
        return true;
    }

    /** MOVD and MOVQ: the rest of an XMM destination becomes zero. */
    private boolean moveLow(Instruction in, int size) {
        Operand to = in.operand(0);
        Operand from = in.operand(1);
        if (to.kind() == Operand.Kind.XMM) {
            if (from.kind() == Operand.Kind.XMM) {
                get(from.number(), 0);
            } else {
                code.read(in, 1);
                if (size == 4) {
                    code.zeroExtend();
                }
            }
            code.setVector(to.number(), 0);
            putZero(to.number(), 1);
        } else if (to.isMemory()) {
            storeScalar(in, from.number(), size);
        } else {
            get(from.number(), 0);
            if (size == 4) {
                c.l2i();
            }
            code.writeRegister(to.number(), size);
        }
        return true;
    }

    private void storeScalar(Instruction in, int register, int size) {
        code.beginAccess(in);
        code.address(in);
        get(register, 0);
        if (size == 4) {
            c.l2i();
        }
        code.store(size);
    }

    /** MOVSS and MOVSD: a load clears the rest of the register, a move between registers leaves it. */
    private boolean moveScalar(Instruction in, int size) {
        Operand to = in.operand(0);
        Operand from = in.operand(1);
        if (to.isMemory()) {
            storeScalar(in, from.number(), size);
            return true;
        }
        if (from.isMemory()) {
            code.beginAccess(in);
            code.address(in);
            code.load(size);
            if (size == 4) {
                code.zeroExtend();
            }
            code.setVector(to.number(), 0);
            putZero(to.number(), 1);
        } else {
            get(from.number(), 0);
            if (size == 4) {
                c.loadConstant(0xffff_ffffL).land();
                get(to.number(), 0);
                c.loadConstant(~0xffff_ffffL).land().lor();
            }
            code.setVector(to.number(), 0);
        }
        return true;
    }

    private boolean moveHalf(Instruction in, int half) {
        if (in.operand(0).isMemory()) {
            code.beginAccess(in);
            code.address(in);
            get(in.reg, half);
            code.store(8);
        } else {
            quadword(in);
            code.setVector(in.reg, half);
        }
        return true;
    }
}
