package io.scwatcher.cpu.interpret;

import static io.scwatcher.cpu.interpret.Access.read;
import static io.scwatcher.cpu.interpret.Access.readDestination;
import static io.scwatcher.cpu.interpret.Access.signExtend;
import static io.scwatcher.cpu.interpret.Access.write;
import static io.scwatcher.cpu.interpret.Access.zeroExtend;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.Flags;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.decode.Opcode;

/**
 * Shifts and rotations. A count of zero changes no flag; OF, which the manual defines for a count of 1 only, is computed by the same formula for
 * all counts.
 */
final class Shifts {
    private Shifts() {
    }

    static void register(Handlers handlers) {
        handlers.add(Shifts::shiftLeft, Opcode.SHL);
        handlers.add(Shifts::shiftRight, Opcode.SHR);
        handlers.add(Shifts::shiftRightSigned, Opcode.SAR);
        handlers.add(Shifts::rotateLeft, Opcode.ROL);
        handlers.add(Shifts::rotateRight, Opcode.ROR);
        handlers.add(Shifts::rotateLeftThroughCarry, Opcode.RCL);
        handlers.add(Shifts::rotateRightThroughCarry, Opcode.RCR);
        handlers.add(Shifts::doubleShiftLeft, Opcode.SHLD);
        handlers.add(Shifts::doubleShiftRight, Opcode.SHRD);
    }

    private static int count(Cpu cpu, Instruction i, int operand) {
        return (int) read(cpu, i, operand) & (i.operandSize == 8 ? 63 : 31);
    }

    private static void setShift(Cpu cpu, long r, int size, boolean carry, boolean overflow) {
        cpu.result = signExtend(r, size);
        cpu.carries = Flags.of(carry, overflow);
    }

    private static void shiftLeft(Cpu cpu, Instruction i) {
        int size = i.operandSize;
        int count = count(cpu, i, 1);
        long a = readDestination(cpu, i);
        long r = a << count;
        write(cpu, i, 0, r);
        if (count != 0) {
            boolean carry = count <= 8 * size && (a >>> 8 * size - count & 1) != 0;
            setShift(cpu, r, size, carry, carry != signExtend(r, size) < 0);
        }
    }

    private static void shiftRight(Cpu cpu, Instruction i) {
        int size = i.operandSize;
        int count = count(cpu, i, 1);
        long a = readDestination(cpu, i);
        long r = a >>> count;
        write(cpu, i, 0, r);
        if (count != 0) {
            setShift(cpu, r, size, (a >>> count - 1 & 1) != 0, signExtend(a, size) < 0);
        }
    }

    private static void shiftRightSigned(Cpu cpu, Instruction i) {
        int size = i.operandSize;
        int count = count(cpu, i, 1);
        long a = signExtend(readDestination(cpu, i), size);
        long r = a >> count;
        write(cpu, i, 0, r);
        if (count != 0) {
            setShift(cpu, r, size, (a >> count - 1 & 1) != 0, false);
        }
    }

    private static void rotateLeft(Cpu cpu, Instruction i) {
        int size = i.operandSize;
        int bits = 8 * size;
        int count = count(cpu, i, 1);
        long a = readDestination(cpu, i);
        int by = count % bits;
        long r = by == 0 ? a : zeroExtend(a << by | a >>> bits - by, size);
        write(cpu, i, 0, r);
        if (count != 0) {
            boolean carry = (r & 1) != 0;
            cpu.carries = Flags.with(cpu.carries, carry, carry != ((r >>> bits - 1 & 1) != 0));
        }
    }

    private static void rotateRight(Cpu cpu, Instruction i) {
        int size = i.operandSize;
        int bits = 8 * size;
        int count = count(cpu, i, 1);
        long a = readDestination(cpu, i);
        int by = count % bits;
        long r = by == 0 ? a : zeroExtend(a >>> by | a << bits - by, size);
        write(cpu, i, 0, r);
        if (count != 0) {
            cpu.carries = Flags.with(cpu.carries, (r >>> bits - 1 & 1) != 0, ((r >>> bits - 1 ^ r >>> bits - 2) & 1) != 0);
        }
    }

    private static void rotateLeftThroughCarry(Cpu cpu, Instruction i) {
        int size = i.operandSize;
        int bits = 8 * size;
        int count = count(cpu, i, 1) % (bits + 1);
        long a = readDestination(cpu, i);
        long r = a;
        boolean carry = Flags.carry(cpu.carries);
        for (int n = 0; n < count; n++) {
            boolean out = (r >>> bits - 1 & 1) != 0;
            r = zeroExtend(r << 1 | (carry ? 1 : 0), size);
            carry = out;
        }
        write(cpu, i, 0, r);
        if (count != 0) {
            cpu.carries = Flags.with(cpu.carries, carry, carry != ((r >>> bits - 1 & 1) != 0));
        }
    }

    private static void rotateRightThroughCarry(Cpu cpu, Instruction i) {
        int size = i.operandSize;
        int bits = 8 * size;
        int count = count(cpu, i, 1) % (bits + 1);
        long r = readDestination(cpu, i);
        boolean carry = Flags.carry(cpu.carries);
        for (int n = 0; n < count; n++) {
            boolean out = (r & 1) != 0;
            r = r >>> 1 | (carry ? 1L : 0L) << bits - 1;
            carry = out;
        }
        write(cpu, i, 0, r);
        if (count != 0) {
            cpu.carries = Flags.with(cpu.carries, carry, ((r >>> bits - 1 ^ r >>> bits - 2) & 1) != 0);
        }
    }

    private static void doubleShiftLeft(Cpu cpu, Instruction i) {
        int size = i.operandSize;
        int bits = 8 * size;
        int count = count(cpu, i, 2);
        long a = readDestination(cpu, i);
        long b = read(cpu, i, 1);
        long r = a;
        boolean carry = false;
        if (count != 0) {
            if (count <= bits) {
                r = a << count | b >>> bits - count;
                carry = (a >>> bits - count & 1) != 0;
            } else { // 16 bits only; the manual leaves it undefined, processors go on with the destination
                r = b << count - bits | a >>> 2 * bits - count;
                carry = (b >>> 2 * bits - count & 1) != 0;
            }
        }
        write(cpu, i, 0, r);
        if (count != 0) {
            setShift(cpu, r, size, carry, ((r ^ a) >>> bits - 1 & 1) != 0);
        }
    }

    private static void doubleShiftRight(Cpu cpu, Instruction i) {
        int size = i.operandSize;
        int bits = 8 * size;
        int count = count(cpu, i, 2);
        long a = readDestination(cpu, i);
        long b = read(cpu, i, 1);
        long r = a;
        boolean carry = false;
        if (count != 0) {
            if (count <= bits) {
                r = a >>> count | b << bits - count;
                carry = (a >>> count - 1 & 1) != 0;
            } else {
                r = b >>> count - bits | a << 2 * bits - count;
                carry = (b >>> count - bits - 1 & 1) != 0;
            }
        }
        write(cpu, i, 0, r);
        if (count != 0) {
            setShift(cpu, r, size, carry, ((r ^ a) >>> bits - 1 & 1) != 0);
        }
    }
}
