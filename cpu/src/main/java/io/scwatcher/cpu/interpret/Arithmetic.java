package io.scwatcher.cpu.interpret;

import static io.scwatcher.cpu.interpret.Access.read;
import static io.scwatcher.cpu.interpret.Access.readDestination;
import static io.scwatcher.cpu.interpret.Access.signExtend;
import static io.scwatcher.cpu.interpret.Access.write;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.Flags;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.decode.Opcode;
import io.scwatcher.cpu.decode.Operand;

/** Additions, subtractions, comparisons and logic (SDM vol. 2, at each mnemonic). */
final class Arithmetic {
    private Arithmetic() {
    }

    static void register(Handlers handlers) {
        handlers.add(Arithmetic::add, Opcode.ADD);
        handlers.add(Arithmetic::addWithCarry, Opcode.ADC);
        handlers.add(Arithmetic::subtract, Opcode.SUB);
        handlers.add(Arithmetic::subtractWithBorrow, Opcode.SBB);
        handlers.add(Arithmetic::compare, Opcode.CMP);
        handlers.add(Arithmetic::and, Opcode.AND);
        handlers.add(Arithmetic::or, Opcode.OR);
        handlers.add(Arithmetic::exclusiveOr, Opcode.XOR);
        handlers.add(Arithmetic::test, Opcode.TEST);
        handlers.add(Arithmetic::not, Opcode.NOT);
        handlers.add(Arithmetic::negate, Opcode.NEG);
        handlers.add(Arithmetic::increment, Opcode.INC);
        handlers.add(Arithmetic::decrement, Opcode.DEC);
        handlers.add(Arithmetic::exchangeAndAdd, Opcode.XADD);
        handlers.add(Arithmetic::compareAndExchange, Opcode.CMPXCHG);
        handlers.add(Arithmetic::compareAndExchangePair, Opcode.CMPXCHG8B, Opcode.CMPXCHG16B);
    }

    private static void add(Cpu cpu, Instruction i) {
        long a = readDestination(cpu, i);
        long b = read(cpu, i, 1);
        long r = a + b;
        write(cpu, i, 0, r);
        setAddition(cpu, a, b, r, i.operandSize);
    }

    private static void addWithCarry(Cpu cpu, Instruction i) {
        long a = readDestination(cpu, i);
        long b = read(cpu, i, 1);
        long r = a + b + (cpu.carries >>> 63);
        write(cpu, i, 0, r);
        setAddition(cpu, a, b, r, i.operandSize);
    }

    private static void subtract(Cpu cpu, Instruction i) {
        long a = readDestination(cpu, i);
        long b = read(cpu, i, 1);
        long r = a - b;
        write(cpu, i, 0, r);
        setSubtraction(cpu, a, b, r, i.operandSize);
    }

    private static void subtractWithBorrow(Cpu cpu, Instruction i) {
        long a = readDestination(cpu, i);
        long b = read(cpu, i, 1);
        long r = a - b - (cpu.carries >>> 63);
        write(cpu, i, 0, r);
        setSubtraction(cpu, a, b, r, i.operandSize);
    }

    private static void compare(Cpu cpu, Instruction i) {
        long a = read(cpu, i, 0);
        long b = read(cpu, i, 1);
        setSubtraction(cpu, a, b, a - b, i.operandSize);
    }

    private static void and(Cpu cpu, Instruction i) {
        long r = readDestination(cpu, i) & read(cpu, i, 1);
        write(cpu, i, 0, r);
        setLogic(cpu, r, i.operandSize);
    }

    private static void or(Cpu cpu, Instruction i) {
        long r = readDestination(cpu, i) | read(cpu, i, 1);
        write(cpu, i, 0, r);
        setLogic(cpu, r, i.operandSize);
    }

    private static void exclusiveOr(Cpu cpu, Instruction i) {
        long r = readDestination(cpu, i) ^ read(cpu, i, 1);
        write(cpu, i, 0, r);
        setLogic(cpu, r, i.operandSize);
    }

    private static void test(Cpu cpu, Instruction i) {
        setLogic(cpu, read(cpu, i, 0) & read(cpu, i, 1), i.operandSize);
    }

    private static void not(Cpu cpu, Instruction i) {
        write(cpu, i, 0, ~readDestination(cpu, i));
    }

    private static void negate(Cpu cpu, Instruction i) {
        long b = readDestination(cpu, i);
        write(cpu, i, 0, -b);
        setSubtraction(cpu, 0, b, -b, i.operandSize);
    }

    private static void increment(Cpu cpu, Instruction i) {
        long a = readDestination(cpu, i);
        write(cpu, i, 0, a + 1);
        long before = cpu.carries;
        setAddition(cpu, a, 1, a + 1, i.operandSize);
        cpu.carries = Flags.keepCarry(cpu.carries, before);
    }

    private static void decrement(Cpu cpu, Instruction i) {
        long a = readDestination(cpu, i);
        write(cpu, i, 0, a - 1);
        long before = cpu.carries;
        setSubtraction(cpu, a, 1, a - 1, i.operandSize);
        cpu.carries = Flags.keepCarry(cpu.carries, before);
    }

    private static void exchangeAndAdd(Cpu cpu, Instruction i) {
        long a = readDestination(cpu, i);
        long b = read(cpu, i, 1);
        long r = a + b;
        if (i.memory) {
            write(cpu, i, 0, r);
            write(cpu, i, 1, a);
        } else {
            write(cpu, i, 1, a);
            write(cpu, i, 0, r);
        }
        setAddition(cpu, a, b, r, i.operandSize);
    }

    /** Memory is written in any case; a register that isn't changed is not even zero-extended. */
    private static void compareAndExchange(Cpu cpu, Instruction i) {
        int size = i.operandSize;
        long accumulator = Access.zeroExtend(cpu.gpr[Access.RAX], size);
        long destination = readDestination(cpu, i);
        if (accumulator == destination) {
            write(cpu, i, 0, read(cpu, i, 1));
        } else {
            if (i.memory) {
                write(cpu, i, 0, destination);
            }
            Access.writeRegister(cpu, Access.RAX, size, destination);
        }
        setSubtraction(cpu, accumulator, destination, accumulator - destination, size);
    }

    private static void compareAndExchangePair(Cpu cpu, Instruction i) {
        int half = i.operand(0).size() / 2;
        long address = i.address(cpu);
        if (half == 8 && (address & 15) != 0) {
            throw cpu.fault(Access.GENERAL_PROTECTION, 0);
        }
        cpu.checkWritable(address, 2 * half);
        long low = Access.load(cpu, address, half);
        long high = Access.load(cpu, address + half, half);
        boolean equal = low == Access.zeroExtend(cpu.gpr[Access.RAX], half) && high == Access.zeroExtend(cpu.gpr[Access.RDX], half);
        long newLow = equal ? cpu.gpr[Access.RBX] : low;
        long newHigh = equal ? cpu.gpr[Access.RCX] : high;
        if (half == 4) {
            cpu.store64(address, newLow & 0xffff_ffffL | newHigh << 32);
        } else {
            cpu.store64(address, newLow);
            cpu.store64(address + half, newHigh);
        }
        if (!equal) {
            Access.writeRegister(cpu, Access.RAX, half, low);
            Access.writeRegister(cpu, Access.RDX, half, high);
        }
        int others = Flags.status(cpu.result, cpu.carries) & ~Flags.ZF;
        cpu.setStatusFlags(others | (equal ? Flags.ZF : 0));
    }

    static void setAddition(Cpu cpu, long a, long b, long r, int size) {
        cpu.result = signExtend(r, size);
        cpu.carries = Flags.add(a, b, r, size);
    }

    static void setSubtraction(Cpu cpu, long a, long b, long r, int size) {
        cpu.result = signExtend(r, size);
        cpu.carries = Flags.subtract(a, b, r, size);
    }

    static void setLogic(Cpu cpu, long r, int size) {
        cpu.result = signExtend(r, size);
        cpu.carries = 0;
    }
}
