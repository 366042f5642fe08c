package io.scwatcher.cpu.interpret;

import static io.scwatcher.cpu.interpret.Access.RAX;
import static io.scwatcher.cpu.interpret.Access.RDX;
import static io.scwatcher.cpu.interpret.Access.read;
import static io.scwatcher.cpu.interpret.Access.signExtend;
import static io.scwatcher.cpu.interpret.Access.writeRegister;
import static io.scwatcher.cpu.interpret.Access.zeroExtend;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.Flags;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.decode.Opcode;

/** MUL, IMUL, DIV, IDIV. */
final class MultiplyDivide {
    private MultiplyDivide() {
    }

    static void register(Handlers handlers) {
        handlers.add(MultiplyDivide::multiplyUnsigned, Opcode.MUL);
        handlers.add(MultiplyDivide::multiplySigned, Opcode.IMUL);
        handlers.add(MultiplyDivide::divideUnsigned, Opcode.DIV);
        handlers.add(MultiplyDivide::divideSigned, Opcode.IDIV);
    }

    private static void multiplyUnsigned(Cpu cpu, Instruction i) {
        int size = i.operandSize;
        long a = zeroExtend(cpu.gpr[RAX], size);
        long b = read(cpu, i, 0);
        long low = a * b;
        long high = size == 8 ? Math.unsignedMultiplyHigh(a, b) : low >>> 8 * size;
        writeDouble(cpu, size, low, high);
        setProduct(cpu, low, size, high != 0);
    }

    /** The forms with one, two and three operands. */
    private static void multiplySigned(Cpu cpu, Instruction i) {
        int size = i.operandSize;
        int operands = i.operands.size();
        long a = signExtend(operands == 1 ? cpu.gpr[RAX] : read(cpu, i, operands - 2), size);
        long b = signExtend(read(cpu, i, operands - 1), size);
        long low = a * b;
        long high = size == 8 ? Math.multiplyHigh(a, b) : low >> 8 * size;
        if (operands == 1) {
            writeDouble(cpu, size, low, high);
        } else {
            writeRegister(cpu, i.reg, size, low);
        }
        setProduct(cpu, low, size, high != signExtend(low, size) >> 63);
    }

    /** SF, ZF, AF and PF are undefined. */
    private static void setProduct(Cpu cpu, long low, int size, boolean overflow) {
        cpu.result = signExtend(low, size);
        cpu.carries = Flags.of(overflow, overflow);
    }

    private static void writeDouble(Cpu cpu, int size, long low, long high) {
        if (size == 1) {
            writeRegister(cpu, RAX, 2, low & 0xff | high << 8);
        } else {
            writeRegister(cpu, RAX, size, low);
            writeRegister(cpu, RDX, size, high);
        }
    }

    private static void divideUnsigned(Cpu cpu, Instruction i) {
        int size = i.operandSize;
        long divisor = read(cpu, i, 0);
        if (divisor == 0) {
            throw cpu.fault(Access.DIVIDE_ERROR, 0);
        }
        if (size == 8) {
            divideWide(cpu, false, divisor);
            return;
        }
        long dividend = dividend(cpu, size);
        long quotient = Long.divideUnsigned(dividend, divisor);
        if (zeroExtend(quotient, size) != quotient) {
            throw cpu.fault(Access.DIVIDE_ERROR, 0);
        }
        writeQuotient(cpu, size, quotient, dividend - quotient * divisor);
    }

    private static void divideSigned(Cpu cpu, Instruction i) {
        int size = i.operandSize;
        long divisor = signExtend(read(cpu, i, 0), size);
        if (divisor == 0) {
            throw cpu.fault(Access.DIVIDE_ERROR, 0);
        }
        if (size == 8) {
            divideWide(cpu, true, divisor);
            return;
        }
        long dividend = signExtend(dividend(cpu, size), 2 * size);
        long quotient = dividend / divisor;
        if (signExtend(quotient, size) != quotient || dividend == Long.MIN_VALUE && divisor == -1) {
            throw cpu.fault(Access.DIVIDE_ERROR, 0);
        }
        writeQuotient(cpu, size, quotient, dividend - quotient * divisor);
    }

    private static void divideWide(Cpu cpu, boolean signed, long divisor) {
        long high = cpu.gpr[RDX];
        long low = cpu.gpr[RAX];
        long quotient = signed ? WideDivision.divideSigned(cpu, high, low, divisor) : WideDivision.divide(cpu, high, low, divisor);
        cpu.gpr[RAX] = quotient;
        cpu.gpr[RDX] = low - quotient * divisor;
    }

    private static long dividend(Cpu cpu, int size) {
        return size == 1 ? cpu.gpr[RAX] & 0xffff : zeroExtend(cpu.gpr[RDX], size) << 8 * size | zeroExtend(cpu.gpr[RAX], size);
    }

    private static void writeQuotient(Cpu cpu, int size, long quotient, long remainder) {
        if (size == 1) {
            writeRegister(cpu, RAX, 2, quotient & 0xff | remainder << 8);
        } else {
            writeRegister(cpu, RAX, size, quotient);
            writeRegister(cpu, RDX, size, remainder);
        }
    }
}
