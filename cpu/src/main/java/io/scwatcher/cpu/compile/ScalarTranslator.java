package io.scwatcher.cpu.compile;

import io.scwatcher.cpu.decode.Family;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.decode.Opcode;
import io.scwatcher.cpu.interpret.SseArithmetic;
import io.scwatcher.cpu.interpret.SseCompare;
import io.scwatcher.cpu.interpret.SseConvert;
import io.scwatcher.cpu.interpret.SseOperands;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.util.Locale;

/** Bytecode for floating point on single numbers in XMM registers: calls of the interpreter's own operations. */
final class ScalarTranslator {
    private static final ClassDesc ARITHMETIC = RegionCode.desc(SseArithmetic.class);
    private static final ClassDesc COMPARE = RegionCode.desc(SseCompare.class);
    private static final ClassDesc CONVERT = RegionCode.desc(SseConvert.class);
    private static final ClassDesc OPERANDS = RegionCode.desc(SseOperands.class);

    private final VectorTranslator vectors;
    private final RegionCode code;
    private final CodeBuilder c;
    private final FlagPlan plan;

    ScalarTranslator(VectorTranslator vectors, RegionCode code, FlagPlan plan) {
        this.vectors = vectors;
        this.code = code;
        this.c = code.c;
        this.plan = plan;
    }

    /** Whether it may raise #XM, if the program has unmasked exceptions. */
    static boolean mayFault(Instruction in) {
        return in.form.family() == Family.SSE && switch (in.opcode) {
            case ADDSD, SUBSD, MULSD, DIVSD, SQRTSD, MINSD, MAXSD, ADDSS, SUBSS, MULSS, DIVSS, SQRTSS, MINSS, MAXSS, CVTSI2SD, CVTSI2SS, CVTTSD2SI, CVTTSS2SI,
                    CVTSD2SI, CVTSS2SI, CVTSD2SS, CVTSS2SD, COMISD, UCOMISD, COMISS, UCOMISS -> true;
            default -> false;
        };
    }

    boolean translate(Instruction in) {
        String name = in.opcode.name().toLowerCase(Locale.ROOT);
        switch (in.opcode) {
            case ADDSD, SUBSD, MULSD, DIVSD, SQRTSD -> arithmetic(in, ARITHMETIC, name, 8);
            case ADDSS, SUBSS, MULSS, DIVSS, SQRTSS -> arithmetic(in, ARITHMETIC, name, 4);
            case MINSD, MAXSD -> arithmetic(in, COMPARE, name, 8);
            case MINSS, MAXSS -> arithmetic(in, COMPARE, name, 4);
            case CVTSI2SD -> fromInteger(in, name, 8);
            case CVTSI2SS -> fromInteger(in, name, 4);
            case CVTSD2SI, CVTTSD2SI -> toInteger(in, name, 8);
            case CVTSS2SI, CVTTSS2SI -> toInteger(in, name, 4);
            case CVTSD2SS -> convert(in, name, 8, 4);
            case CVTSS2SD -> convert(in, name, 4, 8);
            case COMISD, UCOMISD -> compare(in, "comparesd", 8);
            case COMISS, UCOMISS -> compare(in, "comparess", 4);
            default -> {
                return false;
            }
        }
        return true;
    }

    private static ClassDesc type(int size) {
        return size == 8 ? RegionCode.LONG : RegionCode.INT;
    }

    /** The source in a new local. */
    private int source(Instruction in, int size) {
        if (size == 8) {
            vectors.quadword(in);
        } else {
            vectors.doubleword(in);
        }
        int source = code.temporary(size);
        code.store(source, size);
        return source;
    }

    /** Before an operation: MXCSR in a new local, the processor on the stack. */
    private int begin() {
        int before = code.temporaryInt();
        c.aload(Locals.CPU).invokestatic(OPERANDS, "begin", RegionCode.signature(RegionCode.INT, RegionCode.CPU)).istore(before);
        c.aload(Locals.CPU);
        return before;
    }

    private void end(int before) {
        c.aload(Locals.CPU).iload(before).invokestatic(OPERANDS, "end", RegionCode.signature(RegionCode.VOID, RegionCode.CPU, RegionCode.INT));
    }

    private void destination(int register, int size) {
        vectors.get(register, 0);
        if (size == 4) {
            c.l2i();
        }
    }

    /** Sets the register's low number from the local. */
    private void set(int register, int local, int size) {
        int value = local;
        if (size == 4) {
            value = code.temporaryLong();
            vectors.get(register, 0);
            c.loadConstant(~0xffff_ffffL).land().iload(local);
            code.zeroExtend();
            c.lor().lstore(value);
        }
        vectors.put(register, 0, value);
    }

    private void arithmetic(Instruction in, ClassDesc owner, String name, int size) {
        int source = source(in, size);
        int before = begin();
        destination(in.reg, size);
        code.load(source, size);
        c.invokestatic(owner, name, RegionCode.signature(type(size), RegionCode.CPU, type(size), type(size)));
        code.store(source, size);
        end(before);
        set(in.reg, source, size);
    }

    private void fromInteger(Instruction in, String name, int size) {
        int source = code.temporaryLong();
        code.read(in, 1);
        if (in.operand(1).size() < 8) {
            c.i2l();
        }
        c.lstore(source);
        int before = begin();
        int result = code.temporary(size);
        c.lload(source).invokestatic(CONVERT, name, RegionCode.signature(type(size), RegionCode.CPU, RegionCode.LONG));
        code.store(result, size);
        end(before);
        set(in.reg, result, size);
    }

    private void toInteger(Instruction in, String name, int size) {
        int source = source(in, size);
        int before = begin();
        int result = code.temporaryLong();
        code.load(source, size);
        c.loadConstant(in.operandSize == 8 ? 64 : 32);
        c.invokestatic(CONVERT, name, RegionCode.signature(RegionCode.LONG, RegionCode.CPU, type(size), RegionCode.INT)).lstore(result);
        end(before);
        c.lload(result);
        if (in.operandSize < 8) {
            c.l2i();
        }
        code.writeRegister(in.reg, in.operandSize == 8 ? 8 : 4);
    }

    private void convert(Instruction in, String name, int from, int to) {
        int source = source(in, from);
        int before = begin();
        int result = code.temporary(to);
        code.load(source, from);
        c.invokestatic(CONVERT, name, RegionCode.signature(type(to), RegionCode.CPU, type(from)));
        code.store(result, to);
        end(before);
        set(in.reg, result, to);
    }

    private void compare(Instruction in, String name, int size) {
        int source = source(in, size);
        int before = begin();
        destination(in.reg, size);
        code.load(source, size);
        boolean signalling = in.opcode == Opcode.COMISD || in.opcode == Opcode.COMISS;
        c.loadConstant(signalling ? 1 : 0);
        c.invokestatic(COMPARE, name, RegionCode.signature(RegionCode.INT, RegionCode.CPU, type(size), type(size), ConstantDescs.CD_boolean));
        c.istore(Locals.INT_R);
        end(before);
        if (plan.isMaterialized(in)) {
            c.aload(Locals.CPU).iload(Locals.INT_R);
            c.invokestatic(VectorTranslator.SUPPORT, "setFlags", RegionCode.signature(RegionCode.VOID, RegionCode.CPU, RegionCode.INT));
            code.loadFlags();
        }
    }
}
