package io.scwatcher.cpu.interpret;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.decode.Opcode;
import io.scwatcher.cpu.decode.Operand;

/**
 * CMP and TEST of all sizes, alone or fused with the branch behind them. Both operands are sign-extended to 64 bits, which keeps their order both
 * as signed and as unsigned numbers.
 */
final class Comparison extends SourceOp {
    private final boolean test;
    private final boolean leftInMemory;
    private final int left;

    private Comparison(Instruction i) {
        super(i, i.operandSize);
        test = i.opcode == Opcode.TEST;
        leftInMemory = i.operand(0).isMemory();
        left = i.operand(0).number();
    }

    /** The comparison, or null if the instruction is none that is fast. */
    static Comparison of(Instruction i) {
        if (i.opcode != Opcode.CMP && i.opcode != Opcode.TEST) {
            return null;
        }
        return i.operand(0).kind() == Operand.Kind.HIGH_BYTE || !reads(i) ? null : new Comparison(i);
    }

    @Override
    void execute(Cpu cpu) {
        compare(cpu, left(cpu), signExtend(source(cpu)));
    }

    private long left(Cpu cpu) {
        return signExtend(leftInMemory ? load(cpu, address(cpu)) : cpu.gpr[left]);
    }

    private void compare(Cpu cpu, long a, long b) {
        if (test) {
            combined(cpu, a & b);
        } else {
            subtracted(cpu, a, b, a - b);
        }
    }

    /** Sets the flags, and tells whether the condition holds for them. */
    boolean holds(Cpu cpu, int condition) {
        long a = left(cpu);
        long b = signExtend(source(cpu));
        compare(cpu, a, b);
        if (test) {
            a &= b;
            b = 0; // as if compared with zero, but for parity: CF and OF are clear
        }
        return switch (condition) {
            case 2 -> Long.compareUnsigned(a, b) < 0;
            case 3 -> Long.compareUnsigned(a, b) >= 0;
            case 4 -> a == b;
            case 5 -> a != b;
            case 6 -> Long.compareUnsigned(a, b) <= 0;
            case 7 -> Long.compareUnsigned(a, b) > 0;
            case 12 -> a < b;
            case 13 -> a >= b;
            case 14 -> a <= b;
            case 15 -> a > b;
            default -> cpu.condition(condition);
        };
    }
}
