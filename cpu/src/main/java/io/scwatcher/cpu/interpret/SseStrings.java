package io.scwatcher.cpu.interpret;

import static io.scwatcher.cpu.decode.Opcode.*;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.packed.StringCompare;

/** The string comparison of SSE4.2. Its operand in memory need not be aligned. */
final class SseStrings {
    private static final int RAX = 0, RCX = 1, RDX = 2;

    private SseStrings() {
    }

    static void register(Handlers handlers) {
        handlers.add((cpu, in) -> index(cpu, compare(cpu, in, false)), PCMPISTRI);
        handlers.add((cpu, in) -> index(cpu, compare(cpu, in, true)), PCMPESTRI);
        handlers.add((cpu, in) -> mask(cpu, compare(cpu, in, false)), PCMPISTRM);
        handlers.add((cpu, in) -> mask(cpu, compare(cpu, in, true)), PCMPESTRM);
    }

    private static StringCompare compare(Cpu cpu, Instruction in, boolean explicit) {
        long low = SseOperands.quadword(cpu, in);
        long high = SseOperands.high(cpu, in);
        long firstLow = cpu.xmm[2 * in.reg];
        long firstHigh = cpu.xmm[2 * in.reg + 1];
        int control = (int) in.immediate;
        StringCompare compare = explicit
                ? StringCompare.explicit(firstLow, firstHigh, length(cpu, in, RAX), low, high, length(cpu, in, RDX), control)
                : StringCompare.implicit(firstLow, firstHigh, low, high, control);
        cpu.setStatusFlags(compare.flags());
        return compare;
    }

    private static long length(Cpu cpu, Instruction in, int register) {
        return in.operandSize == 8 ? cpu.gpr[register] : (int) cpu.gpr[register];
    }

    private static void index(Cpu cpu, StringCompare compare) {
        cpu.gpr[RCX] = compare.index();
    }

    private static void mask(Cpu cpu, StringCompare compare) {
        cpu.xmm[0] = compare.mask(0);
        cpu.xmm[1] = compare.mask(1);
    }
}
