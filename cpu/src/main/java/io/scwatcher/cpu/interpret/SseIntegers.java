package io.scwatcher.cpu.interpret;

import static io.scwatcher.cpu.decode.Opcode.*;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.decode.Opcode;
import io.scwatcher.cpu.decode.Operand;
import io.scwatcher.cpu.packed.PackedIntegers;
import io.scwatcher.cpu.packed.PackedShuffles;
import java.util.function.LongBinaryOperator;

/** The packed integer instructions on XMM registers, SSE2 to SSE4.2. */
final class SseIntegers {
    private SseIntegers() {
    }

    static void register(Handlers handlers) {
        alike(handlers, PADDB, PackedIntegers::paddb);
        alike(handlers, PADDW, PackedIntegers::paddw);
        alike(handlers, PADDD, PackedIntegers::paddd);
        alike(handlers, PADDQ, PackedIntegers::paddq);
        alike(handlers, PSUBB, PackedIntegers::psubb);
        alike(handlers, PSUBW, PackedIntegers::psubw);
        alike(handlers, PSUBD, PackedIntegers::psubd);
        alike(handlers, PSUBQ, PackedIntegers::psubq);
        alike(handlers, PADDSB, PackedIntegers::paddsb);
        alike(handlers, PADDSW, PackedIntegers::paddsw);
        alike(handlers, PADDUSB, PackedIntegers::paddusb);
        alike(handlers, PADDUSW, PackedIntegers::paddusw);
        alike(handlers, PSUBSB, PackedIntegers::psubsb);
        alike(handlers, PSUBSW, PackedIntegers::psubsw);
        alike(handlers, PSUBUSB, PackedIntegers::psubusb);
        alike(handlers, PSUBUSW, PackedIntegers::psubusw);
        alike(handlers, PCMPEQB, PackedIntegers::pcmpeqb);
        alike(handlers, PCMPEQW, PackedIntegers::pcmpeqw);
        alike(handlers, PCMPEQD, PackedIntegers::pcmpeqd);
        alike(handlers, PCMPGTB, PackedIntegers::pcmpgtb);
        alike(handlers, PCMPGTW, PackedIntegers::pcmpgtw);
        alike(handlers, PCMPGTD, PackedIntegers::pcmpgtd);
        alike(handlers, PMINUB, PackedIntegers::pminub);
        alike(handlers, PMINSW, PackedIntegers::pminsw);
        alike(handlers, PMAXUB, PackedIntegers::pmaxub);
        alike(handlers, PMAXSW, PackedIntegers::pmaxsw);
        alike(handlers, PAND, PackedIntegers::pand);
        alike(handlers, PANDN, PackedIntegers::pandn);
        alike(handlers, POR, PackedIntegers::por);
        alike(handlers, PXOR, PackedIntegers::pxor);
        alike(handlers, PAVGB, PackedIntegers::pavgb);
        alike(handlers, PAVGW, PackedIntegers::pavgw);
        alike(handlers, PABSB, PackedIntegers::pabsb);
        alike(handlers, PABSW, PackedIntegers::pabsw);
        alike(handlers, PABSD, PackedIntegers::pabsd);
        alike(handlers, PSIGNB, PackedIntegers::psignb);
        alike(handlers, PSIGNW, PackedIntegers::psignw);
        alike(handlers, PSIGND, PackedIntegers::psignd);
        alike(handlers, PMULLW, PackedIntegers::pmullw);
        alike(handlers, PMULHW, PackedIntegers::pmulhw);
        alike(handlers, PMULHUW, PackedIntegers::pmulhuw);
        alike(handlers, PMULHRSW, PackedIntegers::pmulhrsw);
        alike(handlers, PMULUDQ, PackedIntegers::pmuludq);
        alike(handlers, PMADDWD, PackedIntegers::pmaddwd);
        alike(handlers, PMADDUBSW, PackedIntegers::pmaddubsw);
        alike(handlers, PSADBW, PackedIntegers::psadbw);
        alike(handlers, PCMPEQQ, PackedIntegers::pcmpeqq);
        alike(handlers, PCMPGTQ, PackedIntegers::pcmpgtq);
        alike(handlers, PMINUW, PackedIntegers::pminuw);
        alike(handlers, PMINUD, PackedIntegers::pminud);
        alike(handlers, PMINSB, PackedIntegers::pminsb);
        alike(handlers, PMINSD, PackedIntegers::pminsd);
        alike(handlers, PMAXUW, PackedIntegers::pmaxuw);
        alike(handlers, PMAXUD, PackedIntegers::pmaxud);
        alike(handlers, PMAXSB, PackedIntegers::pmaxsb);
        alike(handlers, PMAXSD, PackedIntegers::pmaxsd);
        alike(handlers, PMULLD, PackedIntegers::pmulld);
        alike(handlers, PMULDQ, PackedIntegers::pmuldq);
        for (Opcode opcode : new Opcode[] {ANDPS, ANDPD}) {
            alike(handlers, opcode, PackedIntegers::pand);
        }
        for (Opcode opcode : new Opcode[] {ANDNPS, ANDNPD}) {
            alike(handlers, opcode, PackedIntegers::pandn);
        }
        for (Opcode opcode : new Opcode[] {ORPS, ORPD}) {
            alike(handlers, opcode, PackedIntegers::por);
        }
        for (Opcode opcode : new Opcode[] {XORPS, XORPD}) {
            alike(handlers, opcode, PackedIntegers::pxor);
        }

        pairs(handlers, PACKSSWB, PackedShuffles::packsswb);
        pairs(handlers, PACKUSWB, PackedShuffles::packuswb);
        pairs(handlers, PACKSSDW, PackedShuffles::packssdw);
        pairs(handlers, PHADDW, PackedShuffles::phaddw);
        pairs(handlers, PHADDSW, PackedShuffles::phaddsw);
        pairs(handlers, PHADDD, PackedShuffles::phaddd);
        pairs(handlers, PHSUBW, PackedShuffles::phsubw);
        pairs(handlers, PHSUBSW, PackedShuffles::phsubsw);
        pairs(handlers, PHSUBD, PackedShuffles::phsubd);
        pairs(handlers, PACKUSDW, PackedShuffles::packusdw);
        shift(handlers, PSLLW, PackedIntegers::psllw);
        shift(handlers, PSLLD, PackedIntegers::pslld);
        shift(handlers, PSLLQ, PackedIntegers::psllq);
        shift(handlers, PSRLW, PackedIntegers::psrlw);
        shift(handlers, PSRLD, PackedIntegers::psrld);
        shift(handlers, PSRLQ, PackedIntegers::psrlq);
        shift(handlers, PSRAW, PackedIntegers::psraw);
        shift(handlers, PSRAD, PackedIntegers::psrad);

        handlers.add((cpu, in) -> shiftBytes(cpu, in, true), PSLLDQ);
        handlers.add((cpu, in) -> shiftBytes(cpu, in, false), PSRLDQ);
        handlers.add(SseIntegers::test, PTEST);
        handlers.add((cpu, in) -> cpu.gpr[in.reg] = PackedIntegers.pmovmskb(cpu.xmm[2 * in.rm]) | PackedIntegers.pmovmskb(cpu.xmm[2 * in.rm + 1]) << 8,
                PMOVMSKB);
        handlers.add((cpu, in) -> SseOperands.set(cpu, in, PackedShuffles.phminposuw(SseOperands.low(cpu, in), SseOperands.high(cpu, in)), 0), PHMINPOSUW);
        handlers.add(SseIntegers::sumsOfDifferences, MPSADBW);
    }

    /** Both halves by the same operation. */
    private static void alike(Handlers handlers, Opcode opcode, LongBinaryOperator operation) {
        handlers.add((cpu, in) -> {
            long low = SseOperands.low(cpu, in);
            long high = SseOperands.high(cpu, in);
            long[] xmm = cpu.xmm;
            int destination = 2 * in.reg;
            xmm[destination] = operation.applyAsLong(xmm[destination], low);
            xmm[destination + 1] = operation.applyAsLong(xmm[destination + 1], high);
        }, opcode);
    }

    /** The low half from both halves of the destination, the high half from both halves of the source. */
    private static void pairs(Handlers handlers, Opcode opcode, LongBinaryOperator operation) {
        handlers.add((cpu, in) -> {
            long low = SseOperands.low(cpu, in);
            long high = SseOperands.high(cpu, in);
            SseOperands.set(cpu, in, operation.applyAsLong(cpu.xmm[2 * in.reg], cpu.xmm[2 * in.reg + 1]), operation.applyAsLong(low, high));
        }, opcode);
    }

    /** By an immediate, in the register that ModRM.rm names, or by the source's low quadword. */
    private static void shift(Handlers handlers, Opcode opcode, LongBinaryOperator operation) {
        handlers.add((cpu, in) -> {
            boolean immediate = in.operand(1).kind() == Operand.Kind.IMMEDIATE;
            long count = immediate ? in.immediate & 0xFF : SseOperands.low(cpu, in);
            int destination = 2 * (immediate ? in.rm : in.reg);
            cpu.xmm[destination] = operation.applyAsLong(cpu.xmm[destination], count);
            cpu.xmm[destination + 1] = operation.applyAsLong(cpu.xmm[destination + 1], count);
        }, opcode);
    }

    private static void shiftBytes(Cpu cpu, Instruction in, boolean left) {
        int count = Math.min((int) in.immediate & 0xFF, 16);
        long low = cpu.xmm[2 * in.rm];
        long high = cpu.xmm[2 * in.rm + 1];
        if (left) {
            cpu.xmm[2 * in.rm] = count >= 8 ? 0 : low << 8 * count;
            cpu.xmm[2 * in.rm + 1] = count == 0 ? high : PackedShuffles.quadwordAt(0, low, 16 - count) | (count < 8 ? high << 8 * count : 0);
        } else {
            cpu.xmm[2 * in.rm] = PackedShuffles.quadwordAt(low, high, count);
            cpu.xmm[2 * in.rm + 1] = count >= 8 ? 0 : high >>> 8 * count;
        }
    }

    private static void test(Cpu cpu, Instruction in) {
        long low = SseOperands.low(cpu, in);
        long high = SseOperands.high(cpu, in);
        boolean zero = (cpu.xmm[2 * in.reg] & low | cpu.xmm[2 * in.reg + 1] & high) == 0;
        boolean carry = (~cpu.xmm[2 * in.reg] & low | ~cpu.xmm[2 * in.reg + 1] & high) == 0;
        cpu.setStatusFlags((zero ? X87Compare.ZF : 0) | (carry ? X87Compare.CF : 0));
    }

    private static void sumsOfDifferences(Cpu cpu, Instruction in) {
        int control = (int) in.immediate;
        long low = cpu.xmm[2 * in.reg];
        long high = cpu.xmm[2 * in.reg + 1];
        long block = PackedShuffles.doubleword(SseOperands.low(cpu, in), SseOperands.high(cpu, in), control);
        SseOperands.set(cpu, in, PackedShuffles.mpsadbw(low, high, block, control, false), PackedShuffles.mpsadbw(low, high, block, control, true));
    }
}
