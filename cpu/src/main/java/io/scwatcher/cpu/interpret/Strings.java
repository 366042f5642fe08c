package io.scwatcher.cpu.interpret;

import static io.scwatcher.cpu.interpret.Access.RAX;
import static io.scwatcher.cpu.interpret.Access.RCX;
import static io.scwatcher.cpu.interpret.Access.RDI;
import static io.scwatcher.cpu.interpret.Access.RSI;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.CpuException;
import io.scwatcher.cpu.Flags;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.decode.Opcode;
import io.scwatcher.cpu.memory.Frame;
import io.scwatcher.cpu.memory.PageTableEntry;
import java.util.Arrays;

/**
 * MOVS, CMPS, STOS, LODS, SCAS. A repetition that faults, or in whose midst attention is requested, leaves RSI, RDI and RCX as they are after the last
 * complete element (SDM vol. 2, REP), so that executing the instruction again goes on.
 */
final class Strings {
    /** After how many elements a repetition looks whether attention is requested. */
    private static final int POLL = 4096;
    private static final int OFFSET = Frame.SIZE - 1;

    private Strings() {
    }

    static void register(Handlers handlers) {
        handlers.add((cpu, i) -> repeat(cpu, i, Strings::move), Opcode.MOVS);
        handlers.add((cpu, i) -> repeat(cpu, i, Strings::store), Opcode.STOS);
        handlers.add((cpu, i) -> repeat(cpu, i, Strings::load), Opcode.LODS);
        handlers.add((cpu, i) -> repeat(cpu, i, Strings::compare), Opcode.CMPS);
        handlers.add((cpu, i) -> repeat(cpu, i, Strings::scan), Opcode.SCAS);
    }

    /** Does some elements, at most so many and at least one; returns how many. */
    private interface Step {
        long execute(Cpu cpu, Instruction instruction, long count);
    }

    private static void repeat(Cpu cpu, Instruction i, Step step) {
        if (!i.repeat && !i.repeatNotEqual) {
            step.execute(cpu, i, 1);
            return;
        }
        boolean compares = i.opcode == Opcode.CMPS || i.opcode == Opcode.SCAS;
        int sincePoll = 0;
        for (long count = counter(cpu, i); count != 0;) {
            long done = step.execute(cpu, i, compares ? 1 : count);
            count -= done;
            setCounter(cpu, i, RCX, count);
            if (compares && (cpu.result == 0) != i.repeat) {
                return;
            }
            sincePoll += (int) done;
            if (sincePoll >= POLL && count != 0) {
                sincePoll = 0;
                if (cpu.attentionRequested()) {
                    throw CpuException.INTERRUPTED;
                }
            }
        }
    }

    static long counter(Cpu cpu, Instruction i) {
        return i.address32 ? cpu.gpr[RCX] & 0xffff_ffffL : cpu.gpr[RCX];
    }

    private static void setCounter(Cpu cpu, Instruction i, int register, long value) {
        cpu.gpr[register] = i.address32 ? value & 0xffff_ffffL : value;
    }

    static long source(Cpu cpu, Instruction i) {
        return i.linear(cpu, i.address32 ? cpu.gpr[RSI] & 0xffff_ffffL : cpu.gpr[RSI]);
    }

    static long destination(Cpu cpu, Instruction i) {
        return i.address32 ? cpu.gpr[RDI] & 0xffff_ffffL : cpu.gpr[RDI];
    }

    private static void advance(Cpu cpu, Instruction i, int register, long elements) {
        long bytes = elements * i.operandSize;
        setCounter(cpu, i, register, cpu.gpr[register] + ((cpu.controlFlags & Flags.DF) != 0 ? -bytes : bytes));
    }

    private static boolean forward(Cpu cpu) {
        return (cpu.controlFlags & Flags.DF) == 0;
    }

    private static long move(Cpu cpu, Instruction i, long count) {
        long from = source(cpu, i);
        long to = destination(cpu, i);
        long done = count == 1 || !forward(cpu) ? 0 : moveWithinPages(cpu, from, to, count, i.operandSize);
        if (done == 0) {
            Access.store(cpu, to, i.operandSize, Access.load(cpu, from, i.operandSize));
            done = 1;
        }
        advance(cpu, i, RSI, done);
        advance(cpu, i, RDI, done);
        return done;
    }

    /** Copies as far as both pages go; 0 if not one element fits, or if the destination overlaps what is still to be read. */
    private static long moveWithinPages(Cpu cpu, long from, long to, long count, int size) {
        int fromOffset = (int) from & OFFSET;
        int toOffset = (int) to & OFFSET;
        long elements = atMost(count, (Frame.SIZE - Math.max(fromOffset, toOffset)) / size);
        if (elements == 0) {
            return 0;
        }
        PageTableEntry source = cpu.readable(from);
        PageTableEntry destination = cpu.writable(to);
        source = cpu.readable(from); // the write may have given the same page another frame
        int bytes = (int) elements * size;
        if (source.bytes == destination.bytes && toOffset > fromOffset && toOffset < fromOffset + bytes) {
            return 0;
        }
        System.arraycopy(source.bytes, fromOffset, destination.bytes, toOffset, bytes);
        return elements;
    }

    /** The lesser, counts being unsigned. */
    private static long atMost(long count, long limit) {
        return Long.compareUnsigned(count, limit) < 0 ? count : limit;
    }

    private static long store(Cpu cpu, Instruction i, long count) {
        long to = destination(cpu, i);
        long value = cpu.gpr[RAX];
        int size = i.operandSize;
        int offset = (int) to & OFFSET;
        long elements = forward(cpu) ? atMost(count, (Frame.SIZE - offset) / size) : 0;
        if (elements > 1 && Access.zeroExtend(value, size) == Access.zeroExtend((value & 0xff) * 0x0101_0101_0101_0101L, size)) {
            Arrays.fill(cpu.writable(to).bytes, offset, offset + (int) elements * size, (byte) value);
        } else {
            Access.store(cpu, to, size, value);
            elements = 1;
        }
        advance(cpu, i, RDI, elements);
        return elements;
    }

    private static long load(Cpu cpu, Instruction i, long count) {
        long value = Access.load(cpu, source(cpu, i), i.operandSize);
        Access.writeRegister(cpu, RAX, i.operandSize, value);
        advance(cpu, i, RSI, 1);
        return 1;
    }

    private static long compare(Cpu cpu, Instruction i, long count) {
        long b = Access.load(cpu, destination(cpu, i), i.operandSize);
        long a = Access.load(cpu, source(cpu, i), i.operandSize);
        Arithmetic.setSubtraction(cpu, a, b, a - b, i.operandSize);
        advance(cpu, i, RSI, 1);
        advance(cpu, i, RDI, 1);
        return 1;
    }

    private static long scan(Cpu cpu, Instruction i, long count) {
        long a = Access.zeroExtend(cpu.gpr[RAX], i.operandSize);
        long b = Access.load(cpu, destination(cpu, i), i.operandSize);
        Arithmetic.setSubtraction(cpu, a, b, a - b, i.operandSize);
        advance(cpu, i, RDI, 1);
        return 1;
    }
}
