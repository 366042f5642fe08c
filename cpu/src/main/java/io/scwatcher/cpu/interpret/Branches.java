package io.scwatcher.cpu.interpret;

import static io.scwatcher.cpu.interpret.Access.RCX;
import static io.scwatcher.cpu.interpret.Access.RSP;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.decode.Opcode;

/** Jumps, calls, returns, traps and SYSCALL: they set {@code cpu.rip}. */
public final class Branches {
    private static final int R11 = 11;

    private Branches() {
    }

    static void register(Handlers handlers) {
        handlers.add((cpu, i) -> cpu.rip = target(cpu, i), Opcode.JMP);
        handlers.add((cpu, i) -> branch(cpu, i, cpu.condition(i.condition)), Opcode.JCC);
        handlers.add(Branches::call, Opcode.CALL);
        handlers.add(Branches::ret, Opcode.RET);
        handlers.add(Branches::loop, Opcode.LOOP, Opcode.LOOPE, Opcode.LOOPNE);
        handlers.add((cpu, i) -> branch(cpu, i, counter(cpu, i) == 0), Opcode.JRCXZ);
        handlers.add(Branches::syscall, Opcode.SYSCALL);
        handlers.add(Branches::breakpoint, Opcode.INT3);
        handlers.add(Branches::debug, Opcode.INT1);
    }

    private static void branch(Cpu cpu, Instruction i, boolean taken) {
        cpu.rip += taken ? i.immediate : i.length;
    }

    /** A target that isn't canonical is the branch's own fault. */
    private static long target(Cpu cpu, Instruction i) {
        return canonical(cpu, i.form.relative() ? cpu.rip + i.immediate : Access.read(cpu, i, 0));
    }

    /** The target, unless it is no address. */
    public static long canonical(Cpu cpu, long target) {
        if (target << 16 >> 16 != target) {
            throw cpu.fault(Access.GENERAL_PROTECTION, 0);
        }
        return target;
    }

    private static void call(Cpu cpu, Instruction i) {
        long target = target(cpu, i);
        Stack.push(cpu, 8, cpu.rip + i.length);
        cpu.rip = target;
    }

    private static void ret(Cpu cpu, Instruction i) {
        long target = canonical(cpu, cpu.load64(cpu.gpr[RSP]));
        cpu.gpr[RSP] += 8 + (i.immediate & 0xffff);
        cpu.rip = target;
    }

    private static long counter(Cpu cpu, Instruction i) {
        return i.address32 ? cpu.gpr[RCX] & 0xffff_ffffL : cpu.gpr[RCX];
    }

    private static void loop(Cpu cpu, Instruction i) {
        Access.writeRegister(cpu, RCX, i.address32 ? 4 : 8, cpu.gpr[RCX] - 1);
        boolean zero = cpu.result == 0;
        branch(cpu, i, counter(cpu, i) != 0 && (i.opcode == Opcode.LOOP || zero == (i.opcode == Opcode.LOOPE)));
    }

    /** What SYSCALL does to user registers; whoever executes it comes back with the event. */
    static void syscall(Cpu cpu, Instruction i) {
        cpu.rip += i.length;
        cpu.gpr[RCX] = cpu.rip;
        cpu.gpr[R11] = cpu.rflags();
    }

    private static void breakpoint(Cpu cpu, Instruction i) {
        cpu.rip += i.length;
        throw cpu.fault(Access.BREAKPOINT, 0);
    }

    private static void debug(Cpu cpu, Instruction i) {
        cpu.rip += i.length;
        throw cpu.fault(Access.DEBUG, 0);
    }
}
