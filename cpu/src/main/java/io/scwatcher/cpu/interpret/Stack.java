package io.scwatcher.cpu.interpret;

import static io.scwatcher.cpu.interpret.Access.RBP;
import static io.scwatcher.cpu.interpret.Access.RSP;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.decode.Opcode;

/** Instructions on the stack, but for calls. */
final class Stack {
    private static final int LOW_HALF = 0xffff;

    private Stack() {
    }

    static void register(Handlers handlers) {
        handlers.add((cpu, i) -> push(cpu, i.operandSize, Access.read(cpu, i, 0)), Opcode.PUSH);
        handlers.add(Stack::pop, Opcode.POP);
        handlers.add((cpu, i) -> push(cpu, i.operandSize, cpu.rflags()), Opcode.PUSHF);
        handlers.add(Stack::popFlags, Opcode.POPF);
        handlers.add(Stack::enter, Opcode.ENTER);
        handlers.add(Stack::leave, Opcode.LEAVE);
    }

    static void push(Cpu cpu, int size, long value) {
        long top = cpu.gpr[RSP] - size;
        Access.store(cpu, top, size, value);
        cpu.gpr[RSP] = top;
    }

    /** A memory operand that is relative to RSP is so to its new value. */
    private static void pop(Cpu cpu, Instruction i) {
        long top = cpu.gpr[RSP];
        long value = Access.load(cpu, top, i.operandSize);
        if (i.memory) {
            cpu.gpr[RSP] = top + i.operandSize;
            long address = i.address(cpu);
            cpu.gpr[RSP] = top;
            Access.store(cpu, address, i.operandSize, value);
            cpu.gpr[RSP] = top + i.operandSize;
        } else {
            cpu.gpr[RSP] = top + i.operandSize;
            Access.write(cpu, i, 0, value);
        }
    }

    private static void popFlags(Cpu cpu, Instruction i) {
        long top = cpu.gpr[RSP];
        long value = Access.load(cpu, top, i.operandSize);
        cpu.setRflags(i.operandSize == 2 ? value | cpu.controlFlags & ~LOW_HALF : value);
        cpu.gpr[RSP] = top + i.operandSize;
        cpu.rip += i.length;
    }

    /** The frame pointers of outer procedures are copied for a nesting level above 0. */
    private static void enter(Cpu cpu, Instruction i) {
        int size = i.operandSize;
        int level = (int) (i.immediate >>> 16) & 31;
        long top = cpu.gpr[RSP] - size;
        long frame = top;
        Access.store(cpu, top, size, cpu.gpr[RBP]);
        for (int n = 1; n < level; n++) {
            top -= size;
            Access.store(cpu, top, size, Access.load(cpu, cpu.gpr[RBP] - (long) n * size, size));
        }
        if (level > 0) {
            top -= size;
            Access.store(cpu, top, size, frame);
        }
        top -= i.immediate & 0xffff;
        cpu.writable(top); // the processor checks that the new top could be written
        Access.writeRegister(cpu, RBP, size, frame);
        cpu.gpr[RSP] = top;
    }

    private static void leave(Cpu cpu, Instruction i) {
        long frame = cpu.gpr[RBP];
        long value = Access.load(cpu, frame, i.operandSize);
        cpu.gpr[RSP] = frame + i.operandSize;
        Access.writeRegister(cpu, RBP, i.operandSize, value);
    }

}
