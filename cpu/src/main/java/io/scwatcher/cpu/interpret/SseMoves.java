package io.scwatcher.cpu.interpret;

import static io.scwatcher.cpu.decode.Opcode.*;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.decode.Opcode;
import io.scwatcher.cpu.decode.Operand;
import io.scwatcher.cpu.packed.PackedIntegers;

/** The instructions that move data between XMM registers, general registers and memory. */
final class SseMoves {
    private static final int RDI = 7;

    private SseMoves() {
    }

    static void register(Handlers handlers) {
        for (Opcode opcode : new Opcode[] {MOVAPS, MOVAPD, MOVDQA, MOVNTPS, MOVNTPD, MOVNTDQ, MOVNTDQA}) {
            handlers.add((cpu, in) -> move(cpu, in, true), opcode);
        }
        for (Opcode opcode : new Opcode[] {MOVUPS, MOVUPD, MOVDQU, LDDQU}) {
            handlers.add((cpu, in) -> move(cpu, in, false), opcode);
        }
        handlers.add(SseMoves::moveSingle, MOVSS);
        handlers.add(SseMoves::moveDouble, MOVSD_XMM);
        handlers.add((cpu, in) -> moveHalf(cpu, in, 0), MOVLPS, MOVLPD);
        handlers.add((cpu, in) -> moveHalf(cpu, in, 1), MOVHPS, MOVHPD);
        handlers.add((cpu, in) -> cpu.xmm[2 * in.reg] = cpu.xmm[2 * in.rm + 1], MOVHLPS);
        handlers.add((cpu, in) -> cpu.xmm[2 * in.reg + 1] = cpu.xmm[2 * in.rm], MOVLHPS);
        handlers.add(SseMoves::moveLow, MOVD, MOVQ);
        handlers.add((cpu, in) -> cpu.gpr[in.reg] = signs(cpu.xmm[2 * in.rm]) | signs(cpu.xmm[2 * in.rm + 1]) << 2, MOVMSKPS);
        handlers.add((cpu, in) -> cpu.gpr[in.reg] = cpu.xmm[2 * in.rm] >>> 63 | cpu.xmm[2 * in.rm + 1] >>> 63 << 1, MOVMSKPD);
        handlers.add(SseMoves::moveMasked, MASKMOVDQU);
    }

    private static void move(Cpu cpu, Instruction in, boolean aligned) {
        if (!in.memory) {
            int from = 2 * in.operand(1).number();
            int to = 2 * in.operand(0).number();
            cpu.xmm[to] = cpu.xmm[from];
            cpu.xmm[to + 1] = cpu.xmm[from + 1];
            return;
        }
        long address = aligned ? SseOperands.aligned(cpu, in) : in.address(cpu);
        if (in.operand(0).isMemory()) {
            SseOperands.store(cpu, address, cpu.xmm[2 * in.reg], cpu.xmm[2 * in.reg + 1]);
        } else {
            long low = cpu.load64(address);
            SseOperands.set(cpu, in, low, cpu.load64(address + 8));
        }
    }

    /** From memory the rest of the register is cleared; from another register it stays. */
    private static void moveSingle(Cpu cpu, Instruction in) {
        if (!in.memory) {
            int to = 2 * in.operand(0).number();
            cpu.xmm[to] = cpu.xmm[to] & 0xFFFF_FFFF_0000_0000L | cpu.xmm[2 * in.operand(1).number()] & 0xFFFF_FFFFL;
        } else if (in.operand(0).isMemory()) {
            cpu.store32(in.address(cpu), (int) cpu.xmm[2 * in.reg]);
        } else {
            SseOperands.set(cpu, in, cpu.load32(in.address(cpu)) & 0xFFFF_FFFFL, 0);
        }
    }

    private static void moveDouble(Cpu cpu, Instruction in) {
        if (!in.memory) {
            cpu.xmm[2 * in.operand(0).number()] = cpu.xmm[2 * in.operand(1).number()];
        } else if (in.operand(0).isMemory()) {
            cpu.store64(in.address(cpu), cpu.xmm[2 * in.reg]);
        } else {
            SseOperands.set(cpu, in, cpu.load64(in.address(cpu)), 0);
        }
    }

    private static void moveHalf(Cpu cpu, Instruction in, int half) {
        if (in.operand(0).isMemory()) {
            cpu.store64(in.address(cpu), cpu.xmm[2 * in.reg + half]);
        } else {
            cpu.xmm[2 * in.reg + half] = cpu.load64(in.address(cpu));
        }
    }

    /** To an XMM register with the rest cleared, or from it. */
    private static void moveLow(Cpu cpu, Instruction in) {
        Operand to = in.operand(0);
        Operand from = in.operand(1);
        long value = switch (from.kind()) {
            case XMM -> cpu.xmm[2 * from.number()];
            case GPR -> cpu.gpr[from.number()];
            default -> from.size() == 4 ? cpu.load32(in.address(cpu)) : cpu.load64(in.address(cpu));
        };
        if (Math.min(to.size(), from.size()) == 4) {
            value &= 0xFFFF_FFFFL;
        }
        switch (to.kind()) {
            case XMM -> {
                cpu.xmm[2 * to.number()] = value;
                cpu.xmm[2 * to.number() + 1] = 0;
            }
            case GPR -> cpu.gpr[to.number()] = value;
            default -> {
                if (to.size() == 4) {
                    cpu.store32(in.address(cpu), (int) value);
                } else {
                    cpu.store64(in.address(cpu), value);
                }
            }
        }
    }

    private static long signs(long singles) {
        return singles >>> 31 & 1 | singles >>> 63 << 1;
    }

    private static void moveMasked(Cpu cpu, Instruction in) {
        long address = stringDestination(cpu, in);
        int upper = PackedIntegers.pmovmskb(cpu.xmm[2 * in.rm + 1]);
        if (upper != 0) {
            cpu.writable(address + 39 - Integer.numberOfLeadingZeros(upper));
        }
        storeMasked(cpu, address, cpu.xmm[2 * in.reg], cpu.xmm[2 * in.rm]);
        storeMasked(cpu, address + 8, cpu.xmm[2 * in.reg + 1], cpu.xmm[2 * in.rm + 1]);
    }

    /** DS:RDI, where a segment prefix counts. */
    static long stringDestination(Cpu cpu, Instruction in) {
        long address = in.address32 ? cpu.gpr[RDI] & 0xFFFF_FFFFL : cpu.gpr[RDI];
        return switch (in.segment) {
            case Instruction.FS -> address + cpu.fsBase;
            case Instruction.GS -> address + cpu.gsBase;
            default -> address;
        };
    }

    /** Stores the bytes whose byte of the mask has its top bit set; none of them if one can't be stored. */
    static void storeMasked(Cpu cpu, long address, long value, long mask) {
        int bytes = PackedIntegers.pmovmskb(mask);
        if (bytes == 0) {
            return;
        }
        cpu.writable(address + Integer.numberOfTrailingZeros(bytes));
        cpu.writable(address + 31 - Integer.numberOfLeadingZeros(bytes));
        for (int i = 0; i < 8; i++) {
            if ((bytes >> i & 1) != 0) {
                cpu.store8(address + i, (int) (value >>> 8 * i));
            }
        }
    }
}
