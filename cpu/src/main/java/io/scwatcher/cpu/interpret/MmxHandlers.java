package io.scwatcher.cpu.interpret;

import static io.scwatcher.cpu.decode.Opcode.*;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.decode.Opcode;
import io.scwatcher.cpu.decode.Operand;
import io.scwatcher.cpu.packed.PackedIntegers;
import io.scwatcher.cpu.packed.PackedShuffles;
import java.util.function.LongBinaryOperator;

/** The instructions on MM registers, up to SSSE3. All wait for x87 exceptions and all but EMMS mark the x87 registers as in use (SDM vol. 1, 9.5). */
final class MmxHandlers {
    private MmxHandlers() {
    }

    static void register(Handlers handlers) {
        handlers.add((cpu, in) -> X87Operands.await(cpu).leaveMmx(), EMMS);
        binary(handlers, PADDB, PackedIntegers::paddb);
        binary(handlers, PADDW, PackedIntegers::paddw);
        binary(handlers, PADDD, PackedIntegers::paddd);
        binary(handlers, PADDQ, PackedIntegers::paddq);
        binary(handlers, PSUBB, PackedIntegers::psubb);
        binary(handlers, PSUBW, PackedIntegers::psubw);
        binary(handlers, PSUBD, PackedIntegers::psubd);
        binary(handlers, PSUBQ, PackedIntegers::psubq);
        binary(handlers, PADDSB, PackedIntegers::paddsb);
        binary(handlers, PADDSW, PackedIntegers::paddsw);
        binary(handlers, PADDUSB, PackedIntegers::paddusb);
        binary(handlers, PADDUSW, PackedIntegers::paddusw);
        binary(handlers, PSUBSB, PackedIntegers::psubsb);
        binary(handlers, PSUBSW, PackedIntegers::psubsw);
        binary(handlers, PSUBUSB, PackedIntegers::psubusb);
        binary(handlers, PSUBUSW, PackedIntegers::psubusw);
        binary(handlers, PCMPEQB, PackedIntegers::pcmpeqb);
        binary(handlers, PCMPEQW, PackedIntegers::pcmpeqw);
        binary(handlers, PCMPEQD, PackedIntegers::pcmpeqd);
        binary(handlers, PCMPGTB, PackedIntegers::pcmpgtb);
        binary(handlers, PCMPGTW, PackedIntegers::pcmpgtw);
        binary(handlers, PCMPGTD, PackedIntegers::pcmpgtd);
        binary(handlers, PMINUB, PackedIntegers::pminub);
        binary(handlers, PMINSW, PackedIntegers::pminsw);
        binary(handlers, PMAXUB, PackedIntegers::pmaxub);
        binary(handlers, PMAXSW, PackedIntegers::pmaxsw);
        binary(handlers, PAND, PackedIntegers::pand);
        binary(handlers, PANDN, PackedIntegers::pandn);
        binary(handlers, POR, PackedIntegers::por);
        binary(handlers, PXOR, PackedIntegers::pxor);
        binary(handlers, PAVGB, PackedIntegers::pavgb);
        binary(handlers, PAVGW, PackedIntegers::pavgw);
        binary(handlers, PABSB, PackedIntegers::pabsb);
        binary(handlers, PABSW, PackedIntegers::pabsw);
        binary(handlers, PABSD, PackedIntegers::pabsd);
        binary(handlers, PSIGNB, PackedIntegers::psignb);
        binary(handlers, PSIGNW, PackedIntegers::psignw);
        binary(handlers, PSIGND, PackedIntegers::psignd);
        binary(handlers, PMULLW, PackedIntegers::pmullw);
        binary(handlers, PMULHW, PackedIntegers::pmulhw);
        binary(handlers, PMULHUW, PackedIntegers::pmulhuw);
        binary(handlers, PMULHRSW, PackedIntegers::pmulhrsw);
        binary(handlers, PMULUDQ, PackedIntegers::pmuludq);
        binary(handlers, PMADDWD, PackedIntegers::pmaddwd);
        binary(handlers, PMADDUBSW, PackedIntegers::pmaddubsw);
        binary(handlers, PSADBW, PackedIntegers::psadbw);
        binary(handlers, PACKSSWB, PackedShuffles::packsswb);
        binary(handlers, PACKUSWB, PackedShuffles::packuswb);
        binary(handlers, PACKSSDW, PackedShuffles::packssdw);
        binary(handlers, PHADDW, PackedShuffles::phaddw);
        binary(handlers, PHADDSW, PackedShuffles::phaddsw);
        binary(handlers, PHADDD, PackedShuffles::phaddd);
        binary(handlers, PHSUBW, PackedShuffles::phsubw);
        binary(handlers, PHSUBSW, PackedShuffles::phsubsw);
        binary(handlers, PHSUBD, PackedShuffles::phsubd);
        shift(handlers, PSLLW, PackedIntegers::psllw);
        shift(handlers, PSLLD, PackedIntegers::pslld);
        shift(handlers, PSLLQ, PackedIntegers::psllq);
        shift(handlers, PSRLW, PackedIntegers::psrlw);
        shift(handlers, PSRLD, PackedIntegers::psrld);
        shift(handlers, PSRLQ, PackedIntegers::psrlq);
        shift(handlers, PSRAW, PackedIntegers::psraw);
        shift(handlers, PSRAD, PackedIntegers::psrad);

        for (Opcode opcode : new Opcode[] {PUNPCKLBW, PUNPCKLWD, PUNPCKLDQ}) {
            LongBinaryOperator operation = opcode == PUNPCKLBW ? PackedShuffles::punpcklbw
                    : opcode == PUNPCKLWD ? PackedShuffles::punpcklwd : PackedShuffles::punpckldq;
            handlers.add((cpu, in) -> {
                X87Operands.await(cpu);
                execute(cpu, in, in.memory ? cpu.load32(in.address(cpu)) : cpu.x87.mmx(in.rm & 7), operation);
            }, opcode);
        }
        binary(handlers, PUNPCKHBW, PackedShuffles::punpckhbw);
        binary(handlers, PUNPCKHWD, PackedShuffles::punpckhwd);
        binary(handlers, PUNPCKHDQ, PackedShuffles::punpckhdq);
        binary(handlers, PSHUFB, (a, b) -> PackedShuffles.pshufb(a, a, b));
        handlers.add((cpu, in) -> execute(cpu, in, source(cpu, in), (a, b) -> PackedShuffles.pshufw(b, (int) in.immediate)), PSHUFW);
        handlers.add((cpu, in) -> execute(cpu, in, source(cpu, in), (a, b) -> align(a, b, (int) in.immediate & 0xFF)), PALIGNR);
        handlers.add(MmxHandlers::insertWord, PINSRW);
        handlers.add((cpu, in) -> {
            X87Operands.await(cpu).enterMmx();
            cpu.gpr[in.reg] = cpu.x87.mmx(in.rm & 7) >>> 16 * (in.immediate & 3) & 0xFFFF;
        }, PEXTRW);
        handlers.add((cpu, in) -> {
            X87Operands.await(cpu).enterMmx();
            cpu.gpr[in.reg] = PackedIntegers.pmovmskb(cpu.x87.mmx(in.rm & 7));
        }, PMOVMSKB);
        handlers.add(MmxHandlers::move, MOVD, MOVQ, MOVNTQ);
        handlers.add(MmxHandlers::moveMasked, MASKMOVQ);
        handlers.add((cpu, in) -> {
            X87Operands.await(cpu).enterMmx();
            SseOperands.set(cpu, in, cpu.x87.mmx(in.rm & 7), 0);
        }, MOVQ2DQ);
        handlers.add((cpu, in) -> {
            X87Operands.await(cpu).enterMmx();
            cpu.x87.setMmx(in.reg & 7, cpu.xmm[2 * in.rm]);
        }, MOVDQ2Q);
    }

    private static long source(Cpu cpu, Instruction in) {
        X87Operands.await(cpu);
        return SseOperands.mmx(cpu, in);
    }

    private static void binary(Handlers handlers, Opcode opcode, LongBinaryOperator operation) {
        handlers.add((cpu, in) -> execute(cpu, in, source(cpu, in), operation), opcode);
    }

    private static void execute(Cpu cpu, Instruction in, long source, LongBinaryOperator operation) {
        X87Operands.await(cpu).enterMmx();
        cpu.x87.setMmx(in.reg & 7, operation.applyAsLong(cpu.x87.mmx(in.reg & 7), source));
    }

    /** By an immediate, in the register that ModRM.rm names, or by the source. */
    private static void shift(Handlers handlers, Opcode opcode, LongBinaryOperator operation) {
        handlers.add((cpu, in) -> {
            if (in.operand(1).kind() == Operand.Kind.IMMEDIATE) {
                X87Operands.await(cpu).enterMmx();
                cpu.x87.setMmx(in.rm & 7, operation.applyAsLong(cpu.x87.mmx(in.rm & 7), in.immediate & 0xFF));
            } else {
                execute(cpu, in, source(cpu, in), operation);
            }
        }, opcode);
    }

    /** The destination above the source, shifted right by bytes. */
    private static long align(long a, long b, int count) {
        return count < 8 ? PackedShuffles.quadwordAt(b, a, count) : PackedShuffles.quadwordAt(a, 0, count - 8);
    }

    private static void insertWord(Cpu cpu, Instruction in) {
        X87Operands.await(cpu);
        long word = (in.memory ? cpu.load16(in.address(cpu)) : cpu.gpr[in.rm]) & 0xFFFF;
        int shift = 16 * (int) (in.immediate & 3);
        cpu.x87.enterMmx();
        cpu.x87.setMmx(in.reg & 7, cpu.x87.mmx(in.reg & 7) & ~(0xFFFFL << shift) | word << shift);
    }

    /** Between an MM register and a general register, memory or another one; 4 bytes are zero-extended. */
    private static void move(Cpu cpu, Instruction in) {
        X87Operands.await(cpu);
        Operand to = in.operand(0);
        Operand from = in.operand(1);
        long value = switch (from.kind()) {
            case MMX -> cpu.x87.mmx(from.number() & 7);
            case GPR -> from.size() == 4 ? cpu.gpr[from.number()] & 0xFFFF_FFFFL : cpu.gpr[from.number()];
            default -> from.size() == 4 ? cpu.load32(in.address(cpu)) & 0xFFFF_FFFFL : cpu.load64(in.address(cpu));
        };
        if (to.isMemory()) {
            if (to.size() == 4) {
                cpu.store32(in.address(cpu), (int) value);
            } else {
                cpu.store64(in.address(cpu), value);
            }
        }
        cpu.x87.enterMmx();
        switch (to.kind()) {
            case MMX -> cpu.x87.setMmx(to.number() & 7, value);
            case GPR -> cpu.gpr[to.number()] = to.size() == 4 ? value & 0xFFFF_FFFFL : value;
            default -> { }
        }
    }

    private static void moveMasked(Cpu cpu, Instruction in) {
        X87Operands.await(cpu);
        SseMoves.storeMasked(cpu, SseMoves.stringDestination(cpu, in), cpu.x87.mmx(in.reg & 7), cpu.x87.mmx(in.rm & 7));
        cpu.x87.enterMmx();
    }
}
