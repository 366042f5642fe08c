package io.scwatcher.cpu.compile;

import io.scwatcher.cpu.decode.Instruction;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.constant.ConstantDescs;

/** Writes how flags are computed and how conditions are decided. */
final class FlagsTranslator {
    private static final int O = 0;
    private static final int B = 1;
    private static final int Z = 2;
    private static final int BE = 3;
    private static final int S = 4;
    private static final int P = 5;
    private static final int L = 6;

    private final RegionCode code;
    private final CodeBuilder c;
    private final FlagPlan plan;

    FlagsTranslator(RegionCode code, FlagPlan plan) {
        this.code = code;
        this.c = code.c;
        this.plan = plan;
    }

    static int a(int size) {
        return size == 8 ? Locals.LONG_A : Locals.INT_A;
    }

    static int b(int size) {
        return size == 8 ? Locals.LONG_B : Locals.INT_B;
    }

    static int r(int size) {
        return size == 8 ? Locals.LONG_R : Locals.INT_R;
    }

    /** Whether the instruction's operands must be in the variables for flags. */
    boolean wanted(Instruction in) {
        return plan.isKept(in) || plan.isMaterialized(in);
    }

    /** After an instruction whose operands are in the variables for flags: computes the flags if they are needed. */
    void after(Instruction in, FlagPlan.Kind kind) {
        if (plan.isMaterialized(in)) {
            materialize(kind, in.operandSize);
        }
    }

    /** Computes {@code result} and {@code carries} from the variables for flags. */
    void materialize(FlagPlan.Kind kind, int size) {
        signExtended(r(size), size);
        c.lstore(Locals.RESULT);
        switch (kind) {
            case LOGIC -> c.lconst_0();
            case ADD -> carries("add", size);
            case SUBTRACT -> carries("subtract", size);
            case INCREMENT -> {
                carries("add", size);
                keepCarry();
            }
            case DECREMENT -> {
                carries("subtract", size);
                keepCarry();
            }
            default -> throw new IllegalArgumentException(kind.toString());
        }
        c.lstore(Locals.CARRIES);
    }

    private void keepCarry() {
        c.lload(Locals.CARRIES).invokestatic(RegionCode.FLAGS, "keepCarry", RegionCode.signature(RegionCode.LONG, RegionCode.LONG, RegionCode.LONG));
    }

    private void carries(String operation, int size) {
        if (size == 8 || size == 4) {
            code.load(a(size), size);
            code.load(b(size), size);
            code.load(r(size), size);
            var type = size == 8 ? RegionCode.LONG : RegionCode.INT;
            c.invokestatic(RegionCode.FLAGS, operation + 8 * size, RegionCode.signature(RegionCode.LONG, type, type, type));
        } else {
            c.iload(Locals.INT_A).i2l().iload(Locals.INT_B).i2l().iload(Locals.INT_R).i2l().loadConstant(size);
            c.invokestatic(RegionCode.FLAGS, operation, RegionCode.signature(RegionCode.LONG, RegionCode.LONG, RegionCode.LONG, RegionCode.LONG, RegionCode.INT));
        }
    }

    private void signExtended(int local, int size) {
        code.load(local, size);
        if (size < 8) {
            code.signExtendInt(size);
            c.i2l();
        }
    }

    /** Jumps if the instruction's condition holds (or doesn't: {@code negate}). */
    void jump(Instruction in, boolean negate, Label target) {
        int condition = in.condition ^ (negate ? 1 : 0);
        FlagPlan.Producer producer = plan.fused(in);
        boolean holds = (condition & 1) == 0;
        if (producer == null) {
            c.loadConstant(condition).lload(Locals.RESULT).lload(Locals.CARRIES);
            c.invokestatic(RegionCode.FLAGS, "condition", RegionCode.signature(ConstantDescs.CD_boolean, RegionCode.INT, RegionCode.LONG, RegionCode.LONG));
            c.ifne(target);
            return;
        }
        switch (producer.kind()) {
            case SUBTRACT -> jumpAfterSubtract(condition >> 1, holds, producer.size(), target);
            case LOGIC -> jumpAfterLogic(condition >> 1, holds, producer.size(), target);
            case BIT -> {
                c.iload(Locals.INT_R);
                c.branch(holds ? Opcode.IFNE : Opcode.IFEQ, target);
            }
            case ORDER -> jumpAfterCompare(condition >> 1, holds, target);
            case ADD, INCREMENT, DECREMENT -> {
                if (condition >> 1 == B) {
                    compare(r(producer.size()), b(producer.size()), producer.size(), true, holds ? Opcode.IFLT : Opcode.IFGE, target);
                } else {
                    compareZero(producer.size(), zero(condition >> 1, holds), target);
                }
            }
        }
    }

    private static Opcode zero(int code, boolean holds) {
        return switch (code) {
            case Z, BE -> holds ? Opcode.IFEQ : Opcode.IFNE;
            case S, L -> holds ? Opcode.IFLT : Opcode.IFGE;
            default -> holds ? Opcode.IFLE : Opcode.IFGT;
        };
    }

    private void jumpAfterSubtract(int code, boolean holds, int size, Label target) {
        switch (code) {
            case S -> compareZero(size, zero(S, holds), target);
            case B -> compare(a(size), b(size), size, true, holds ? Opcode.IFLT : Opcode.IFGE, target);
            case BE -> compare(a(size), b(size), size, true, holds ? Opcode.IFLE : Opcode.IFGT, target);
            case Z -> compare(a(size), b(size), size, false, holds ? Opcode.IFEQ : Opcode.IFNE, target);
            case L -> compare(a(size), b(size), size, false, holds ? Opcode.IFLT : Opcode.IFGE, target);
            default -> compare(a(size), b(size), size, false, holds ? Opcode.IFLE : Opcode.IFGT, target);
        }
    }

    private void jumpAfterLogic(int code, boolean holds, int size, Label target) {
        switch (code) {
            case O, B -> {
                if (!holds) {
                    c.goto_(target);
                }
            }
            case P -> {
                lowInt(size);
                c.loadConstant(0xff).iand().invokestatic(RegionCode.desc(Integer.class), "bitCount", RegionCode.signature(RegionCode.INT, RegionCode.INT));
                c.iconst_1().iand();
                c.branch(holds ? Opcode.IFEQ : Opcode.IFNE, target);
            }
            default -> compareZero(size, zero(code, holds), target);
        }
    }

    private void lowInt(int size) {
        code.load(r(size), size);
        if (size == 8) {
            c.l2i();
        }
    }

    /** After a comparison of floating-point numbers: less -1, equal 0, greater 1, unordered 2, which sets CF, PF and ZF (SDM vol. 2, COMISD). */
    private void jumpAfterCompare(int code, boolean holds, Label target) {
        c.iload(Locals.INT_R);
        switch (code) {
            case B -> { // -1 or 2
                c.loadConstant(~1).iand();
                c.branch(holds ? Opcode.IFNE : Opcode.IFEQ, target);
            }
            case BE -> c.iconst_1().branch(holds ? Opcode.IF_ICMPNE : Opcode.IF_ICMPEQ, target);
            case Z -> { // 0 or 2
                c.iconst_1().iand();
                c.branch(holds ? Opcode.IFEQ : Opcode.IFNE, target);
            }
            default -> c.iconst_2().branch(holds ? Opcode.IF_ICMPEQ : Opcode.IF_ICMPNE, target);
        }
    }

    private void compareZero(int size, Opcode branch, Label target) {
        code.load(r(size), size);
        if (size == 8) {
            c.lconst_0().lcmp();
        } else {
            code.signExtendInt(size);
        }
        c.branch(branch, target);
    }

    /** Compares two variables; ints of fewer than four bytes are stored zero-extended. */
    private void compare(int a, int b, int size, boolean unsigned, Opcode branch, Label target) {
        for (int local : new int[] {a, b}) {
            code.load(local, size);
            if (size < 4 && !unsigned) {
                code.signExtendInt(size);
            } else if (size < 4) {
                c.loadConstant(size == 1 ? 0xff : 0xffff).iand();
            }
        }
        if (size == 8 && unsigned) {
            c.invokestatic(RegionCode.desc(Long.class), "compareUnsigned", RegionCode.signature(RegionCode.INT, RegionCode.LONG, RegionCode.LONG));
        } else if (size == 8) {
            c.lcmp();
        } else if (size == 4 && unsigned) {
            c.invokestatic(RegionCode.desc(Integer.class), "compareUnsigned", RegionCode.signature(RegionCode.INT, RegionCode.INT, RegionCode.INT));
        } else {
            c.branch(intCompare(branch), target);
            return;
        }
        c.branch(branch, target);
    }

    private static Opcode intCompare(Opcode branch) {
        return switch (branch) {
            case IFEQ -> Opcode.IF_ICMPEQ;
            case IFNE -> Opcode.IF_ICMPNE;
            case IFLT -> Opcode.IF_ICMPLT;
            case IFGE -> Opcode.IF_ICMPGE;
            case IFLE -> Opcode.IF_ICMPLE;
            default -> Opcode.IF_ICMPGT;
        };
    }
}
