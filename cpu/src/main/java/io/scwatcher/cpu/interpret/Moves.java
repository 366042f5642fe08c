package io.scwatcher.cpu.interpret;

import static io.scwatcher.cpu.interpret.Access.RAX;
import static io.scwatcher.cpu.interpret.Access.RDX;
import static io.scwatcher.cpu.interpret.Access.read;
import static io.scwatcher.cpu.interpret.Access.readDestination;
import static io.scwatcher.cpu.interpret.Access.signExtend;
import static io.scwatcher.cpu.interpret.Access.write;
import static io.scwatcher.cpu.interpret.Access.writeRegister;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.decode.Opcode;

/** Data transfer and conversion. None changes a flag. */
final class Moves {
    private Moves() {
    }

    static void register(Handlers handlers) {
        handlers.add((cpu, i) -> write(cpu, i, 0, read(cpu, i, 1)), Opcode.MOV, Opcode.MOVZX, Opcode.MOVNTI);
        handlers.add((cpu, i) -> write(cpu, i, 0, signExtend(read(cpu, i, 1), i.operand(1).size())), Opcode.MOVSX);
        handlers.add((cpu, i) -> { }, Opcode.NOP, Opcode.PAUSE, Opcode.LFENCE, Opcode.MFENCE, Opcode.SFENCE);
        handlers.add((cpu, i) -> cpu.load8(i.address(cpu)), Opcode.CLFLUSH);
        handlers.add(Moves::loadEffectiveAddress, Opcode.LEA);
        handlers.add(Moves::exchange, Opcode.XCHG);
        handlers.add(Moves::swapBytes, Opcode.BSWAP);
        handlers.add(Moves::conditionalMove, Opcode.CMOVCC);
        handlers.add((cpu, i) -> write(cpu, i, 0, cpu.condition(i.condition) ? 1 : 0), Opcode.SETCC);
        handlers.add(Moves::translate, Opcode.XLAT);
        handlers.add((cpu, i) -> writeRegister(cpu, RAX, i.operandSize, signExtend(cpu.gpr[RAX], i.operandSize / 2)), Opcode.CBW);
        handlers.add((cpu, i) -> writeRegister(cpu, RDX, i.operandSize, signExtend(cpu.gpr[RAX], i.operandSize) >> 63), Opcode.CWD);
    }

    private static void loadEffectiveAddress(Cpu cpu, Instruction i) {
        writeRegister(cpu, i.reg, i.operandSize, i.effectiveAddress(cpu));
    }

    private static void exchange(Cpu cpu, Instruction i) {
        long a = readDestination(cpu, i);
        long b = read(cpu, i, 1);
        write(cpu, i, 0, b);
        write(cpu, i, 1, a);
    }

    private static void swapBytes(Cpu cpu, Instruction i) {
        long value = cpu.gpr[i.rm];
        writeRegister(cpu, i.rm, i.operandSize, switch (i.operandSize) {
            case 8 -> Long.reverseBytes(value);
            case 4 -> Integer.reverseBytes((int) value);
            default -> 0; // undefined by the manual; processors clear the register
        });
    }

    /** The source is read, and a 32-bit destination is extended, whether the condition holds or not. */
    private static void conditionalMove(Cpu cpu, Instruction i) {
        long source = read(cpu, i, 1);
        writeRegister(cpu, i.reg, i.operandSize, cpu.condition(i.condition) ? source : cpu.gpr[i.reg]);
    }

    private static void translate(Cpu cpu, Instruction i) {
        long effective = cpu.gpr[Access.RBX] + (cpu.gpr[RAX] & 0xff);
        writeRegister(cpu, RAX, 1, cpu.load8(i.linear(cpu, i.address32 ? effective & 0xffff_ffffL : effective)));
    }
}
