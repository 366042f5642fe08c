package io.scwatcher.cpu.compile;

import static io.scwatcher.cpu.compile.IntegerTranslator.RAX;
import static io.scwatcher.cpu.compile.IntegerTranslator.RDX;

import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.decode.Opcode;
import io.scwatcher.cpu.interpret.WideDivision;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;

/** Bytecode for shifts, rotations, multiplications and divisions of 4 and 8 bytes, and some smaller ones. */
final class MultiplyShiftTranslator {
    private static final ClassDesc SUPPORT = RegionCode.desc(ArithmeticSupport.class);

    private final RegionCode code;
    private final CodeBuilder c;
    private final FlagPlan plan;

    MultiplyShiftTranslator(RegionCode code, FlagPlan plan) {
        this.code = code;
        this.c = code.c;
        this.plan = plan;
    }

    /** False if there is no translation: nothing was written then. */
    boolean translate(Instruction in) {
        return switch (in.opcode) {
            case SHL, SHR, SAR -> shift(in);
            case ROL, ROR -> rotate(in);
            case SHLD, SHRD -> doubleShift(in);
            case IMUL -> in.operands.size() > 1 ? multiply(in) : multiplyAccumulator(in);
            case MUL -> multiplyAccumulator(in);
            case DIV, IDIV -> divide(in);
            default -> false;
        };
    }

    private boolean shift(Instruction in) {
        int size = in.operandSize;
        int count = Effects.shiftCount(in);
        if (count == 0) {
            return false;
        }
        int address = -1;
        if (in.memory) {
            address = code.temporaryLong();
            code.address(in);
            c.lstore(address);
        }
        int a = code.temporary(size);
        int r = code.temporary(size);
        int by = code.temporaryInt();
        if (in.memory) {
            code.beginAccess(in);
            c.lload(address);
            code.loadForWriting(size);
        } else {
            code.read(in, 0);
        }
        code.store(a, size);
        if (count < 0) {
            code.readRegister(1, 4);
            c.loadConstant(size == 8 ? 63 : 31).iand();
        } else {
            c.loadConstant(count);
        }
        c.istore(by);
        code.load(a, size);
        if (in.opcode == Opcode.SAR) {
            code.signExtendInt(size);
        }
        c.iload(by);
        operate(in.opcode, size);
        code.store(r, size);
        if (in.memory) {
            code.beginAccess(in);
            c.lload(address);
            code.load(r, size);
            code.store(size);
        } else {
            code.load(r, size);
            code.write(in.operand(0));
        }
        if (plan.isMaterialized(in)) {
            shiftFlags(in, a, r, by, count < 0);
        }
        return true;
    }

    private void operate(Opcode opcode, int size) {
        switch (opcode) {
            case SHL -> {
                if (size == 8) {
                    c.lshl();
                } else {
                    c.ishl();
                }
            }
            case SHR -> {
                if (size == 8) {
                    c.lushr();
                } else {
                    c.iushr();
                }
            }
            default -> {
                if (size == 8) {
                    c.lshr();
                } else {
                    c.ishr();
                }
            }
        }
    }

    private void shiftFlags(Instruction in, int a, int r, int by, boolean mayBeZero) {
        int size = in.operandSize;
        Label unchanged = c.newLabel();
        if (mayBeZero) {
            c.iload(by).ifeq(unchanged);
        }
        code.load(r, size);
        if (size < 8) {
            code.signExtendInt(size);
            c.i2l();
        }
        c.lstore(Locals.RESULT);
        code.load(a, size);
        if (size < 8) {
            code.zeroExtend();
        }
        c.iload(by).loadConstant(size);
        String carries = switch (in.opcode) {
            case SHL -> "shiftLeftCarries";
            case SHR -> "shiftRightCarries";
            default -> "shiftRightSignedCarries";
        };
        c.invokestatic(SUPPORT, carries, RegionCode.signature(RegionCode.LONG, RegionCode.LONG, RegionCode.INT, RegionCode.INT)).lstore(Locals.CARRIES);
        c.labelBinding(unchanged);
    }

    private boolean rotate(Instruction in) {
        int size = in.operandSize;
        int count = Effects.shiftCount(in);
        if (size < 4 || in.memory || count == 0) {
            return false;
        }
        int by = code.temporaryInt();
        int r = code.temporary(size);
        if (count < 0) {
            code.readRegister(1, 4);
            c.loadConstant(8 * size - 1).iand();
        } else {
            c.loadConstant(count);
        }
        c.istore(by);
        code.read(in, 0);
        c.iload(by);
        boolean left = in.opcode == Opcode.ROL;
        ClassDesc type = size == 8 ? RegionCode.LONG : RegionCode.INT;
        c.invokestatic(RegionCode.desc(size == 8 ? Long.class : Integer.class), left ? "rotateLeft" : "rotateRight", RegionCode.signature(type, type, RegionCode.INT));
        code.store(r, size);
        code.load(r, size);
        code.write(in.operand(0));
        if (plan.isMaterialized(in)) {
            c.lload(Locals.CARRIES);
            code.load(r, size);
            if (size == 4) {
                c.i2l();
            }
            c.iload(by).loadConstant(size).invokestatic(SUPPORT, left ? "rotateLeftCarries" : "rotateRightCarries",
                    RegionCode.signature(RegionCode.LONG, RegionCode.LONG, RegionCode.LONG, RegionCode.INT, RegionCode.INT)).lstore(Locals.CARRIES);
        }
        return true;
    }

    private boolean doubleShift(Instruction in) {
        int size = in.operandSize;
        int count = Effects.shiftCount(in);
        if (size < 4 || in.memory || count <= 0 || plan.isMaterialized(in)) {
            return false;
        }
        boolean left = in.opcode == Opcode.SHLD;
        code.read(in, 0);
        c.loadConstant(count);
        operate(left ? Opcode.SHL : Opcode.SHR, size);
        code.read(in, 1);
        c.loadConstant(8 * size - count);
        operate(left ? Opcode.SHR : Opcode.SHL, size);
        if (size == 8) {
            c.lor();
        } else {
            c.ior();
        }
        code.write(in.operand(0));
        return true;
    }

    /** IMUL with two and three operands. */
    private boolean multiply(Instruction in) {
        int size = in.operandSize;
        if (size < 4) {
            return false;
        }
        int operands = in.operands.size();
        int a = code.temporary(size);
        int b = code.temporary(size);
        int r = code.temporary(size);
        code.read(in, operands - 2);
        code.store(a, size);
        code.read(in, operands - 1);
        code.store(b, size);
        code.load(a, size);
        code.load(b, size);
        if (size == 8) {
            c.lmul();
        } else {
            c.imul();
        }
        code.store(r, size);
        if (plan.isMaterialized(in)) {
            code.load(r, size);
            if (size == 4) {
                c.i2l();
            }
            c.lstore(Locals.RESULT);
            code.load(a, size);
            code.load(b, size);
            ClassDesc type = size == 8 ? RegionCode.LONG : RegionCode.INT;
            c.invokestatic(SUPPORT, "productCarries", RegionCode.signature(RegionCode.LONG, type, type)).lstore(Locals.CARRIES);
        }
        code.load(r, size);
        code.write(in.operand(0));
        return true;
    }

    /** MUL, and IMUL with one operand. */
    private boolean multiplyAccumulator(Instruction in) {
        int size = in.operandSize;
        boolean signed = in.opcode == Opcode.IMUL;
        if (size < 4) {
            return false;
        }
        int b = code.temporaryLong();
        int low = code.temporaryLong();
        int high = code.temporaryLong();
        readExtended(in, signed);
        c.lstore(b);
        if (size == 8) {
            c.lload(Locals.register(RAX)).lload(b);
            c.invokestatic(RegionCode.desc(Math.class), signed ? "multiplyHigh" : "unsignedMultiplyHigh",
                    RegionCode.signature(RegionCode.LONG, RegionCode.LONG, RegionCode.LONG)).lstore(high);
            c.lload(Locals.register(RAX)).lload(b).lmul().lstore(low);
        } else {
            code.readRegister(RAX, 4);
            extend(signed);
            c.lload(b).lmul().lstore(low);
            c.lload(low).loadConstant(32);
            if (signed) {
                c.lshr();
            } else {
                c.lushr();
            }
            c.lstore(high);
        }
        if (plan.isMaterialized(in)) {
            productFlags(low, high, size, signed);
        }
        c.lload(low);
        writeHalf(RAX, size);
        c.lload(high);
        writeHalf(RDX, size);
        return true;
    }

    private void productFlags(int low, int high, int size, boolean signed) {
        Label fits = c.newLabel();
        Label end = c.newLabel();
        c.lload(low);
        if (size == 4) {
            c.l2i().i2l();
        }
        c.lstore(Locals.RESULT).lload(high);
        if (signed) {
            c.lload(Locals.RESULT).loadConstant(63).lshr();
        } else {
            c.lconst_0();
        }
        c.lcmp().ifeq(fits).iconst_1().goto_(end).labelBinding(fits).iconst_0().labelBinding(end);
        c.invokestatic(SUPPORT, "carriesIf", RegionCode.signature(RegionCode.LONG, ConstantDescs.CD_boolean)).lstore(Locals.CARRIES);
    }

    /** Pushes the first operand as a long. */
    private void readExtended(Instruction in, boolean signed) {
        code.read(in, 0);
        if (in.operandSize == 4) {
            extend(signed);
        }
    }

    private void extend(boolean signed) {
        if (signed) {
            c.i2l();
        } else {
            code.zeroExtend();
        }
    }

    /** Pops a long into a register. */
    private void writeHalf(int register, int size) {
        if (size == 4) {
            c.l2i();
        }
        code.writeRegister(register, size);
    }

    private boolean divide(Instruction in) {
        if (in.operandSize == 8) {
            divideWide(in);
        } else if (in.operandSize == 4) {
            divideNarrow(in);
        }
        return in.operandSize >= 4;
    }

    /** Of RDX:RAX. */
    private void divideWide(Instruction in) {
        int divisor = code.temporaryLong();
        int low = code.temporaryLong();
        int quotient = code.temporaryLong();
        code.read(in, 0);
        c.lstore(divisor);
        c.lload(Locals.register(RAX)).lstore(low);
        c.aload(Locals.CPU).lload(Locals.register(RDX)).lload(low).lload(divisor);
        c.invokestatic(RegionCode.desc(WideDivision.class), in.opcode == Opcode.IDIV ? "divideSigned" : "divide",
                RegionCode.signature(RegionCode.LONG, RegionCode.CPU, RegionCode.LONG, RegionCode.LONG, RegionCode.LONG)).lstore(quotient);
        c.lload(quotient);
        code.writeRegister(RAX, 8);
        c.lload(low).lload(quotient).lload(divisor).lmul().lsub();
        code.writeRegister(RDX, 8);
    }

    /** Of EDX:EAX. */
    private void divideNarrow(Instruction in) {
        boolean signed = in.opcode == Opcode.IDIV;
        int divisor = code.temporaryInt();
        int dividend = code.temporaryLong();
        int quotient = code.temporaryLong();
        code.read(in, 0);
        c.istore(divisor);
        c.lload(Locals.register(RDX)).loadConstant(32).lshl();
        code.readRegister(RAX, 4);
        code.zeroExtend();
        c.lor().lstore(dividend);
        c.aload(Locals.CPU).lload(dividend).iload(divisor);
        c.invokestatic(SUPPORT, signed ? "divideSigned32" : "divide32", RegionCode.signature(RegionCode.LONG, RegionCode.CPU, RegionCode.LONG, RegionCode.INT));
        c.lstore(quotient);
        c.lload(quotient).l2i();
        code.writeRegister(RAX, 4);
        c.lload(dividend).lload(quotient).iload(divisor).i2l().lmul().lsub().l2i();
        code.writeRegister(RDX, 4);
    }
}
