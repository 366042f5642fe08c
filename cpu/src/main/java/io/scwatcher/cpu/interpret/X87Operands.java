package io.scwatcher.cpu.interpret;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.floating.Extended;
import io.scwatcher.cpu.floating.SoftFloat;
import io.scwatcher.cpu.floating.X87;

/** What all x87 instructions have in common: the wait for pending exceptions, and operands in memory. */
final class X87Operands {
    private static final int MATH_FAULT = 16;

    private X87Operands() {
    }

    /** Raises a pending exception, and notes the instruction as the last one. */
    static X87 begin(Cpu cpu, Instruction in) {
        X87 x87 = await(cpu);
        x87.instructionPointer = cpu.rip;
        if (in.memory) {
            x87.operandPointer = in.address(cpu);
        }
        return x87;
    }

    /** Raises #MF if an unmasked exception is pending: what FWAIT does, and what control instructions do that wait. */
    static X87 await(Cpu cpu) {
        if (cpu.x87.isErrorPending()) {
            throw cpu.fault(MATH_FAULT, 0);
        }
        return cpu.x87;
    }

    /** A real operand of 4 or 8 bytes, widened; that it is denormal, the operation remembers. */
    static Extended loadReal(Cpu cpu, Instruction in, SoftFloat f) {
        long address = in.address(cpu);
        Extended operand = cpu.x87.memoryOperand;
        if (in.operand(0).size() == 4) {
            int bits = cpu.load32(address);
            if ((bits & 0x7F800000) == 0 && (bits & 0x7FFFFF) != 0) {
                f.noteDenormalOperand();
            }
            return operand.setFloat(bits);
        }
        long bits = cpu.load64(address);
        if ((bits & 0x7FF0_0000_0000_0000L) == 0 && (bits & 0xF_FFFF_FFFF_FFFFL) != 0) {
            f.noteDenormalOperand();
        }
        return operand.setDouble(bits);
    }

    /** A signed integer operand of 2, 4 or 8 bytes. */
    static Extended loadInteger(Cpu cpu, Instruction in) {
        long address = in.address(cpu);
        return cpu.x87.memoryOperand.setLong(switch (in.operand(0).size()) {
            case 2 -> (short) cpu.load16(address);
            case 4 -> cpu.load32(address);
            default -> cpu.load64(address);
        });
    }

    /** Any x87 number, bit for bit. */
    static Extended loadExtended(Cpu cpu, long address) {
        long significand = cpu.load64(address);
        return cpu.x87.memoryOperand.set(cpu.load16(address + 8), significand);
    }

    static void storeExtended(Cpu cpu, long address, Extended value) {
        cpu.checkWritable(address, 10);
        cpu.store64(address, value.significand);
        cpu.store16(address + 8, value.signExponent);
    }
}
