package io.scwatcher.cpu.interpret;

import static io.scwatcher.cpu.decode.Opcode.*;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.decode.Opcode;

/** The conversions between integers, single and double precision, in XMM, MM and general registers; and MXCSR. */
final class SseConversions {
    private static final int GENERAL_PROTECTION = 13;

    private SseConversions() {
    }

    /** From a general register or memory: how a source of 4 or 8 bytes becomes the bits of a number. */
    private interface FromInteger {
        long apply(Cpu cpu, long value);
    }

    /** From the bits of a number to an integer of 32 or 64 bits. */
    private interface ToInteger {
        long apply(Cpu cpu, long bits, int size);
    }

    static void register(Handlers handlers) {
        handlers.add((cpu, in) -> {
            long source = integer(cpu, in);
            int before = SseOperands.begin(cpu);
            int result = SseConvert.cvtsi2ss(cpu, source);
            SseOperands.end(cpu, before);
            SseOperands.setDoubleword(cpu, in, result);
        }, CVTSI2SS);
        handlers.add((cpu, in) -> {
            long source = integer(cpu, in);
            int before = SseOperands.begin(cpu);
            long result = SseConvert.cvtsi2sd(cpu, source);
            SseOperands.end(cpu, before);
            cpu.xmm[2 * in.reg] = result;
        }, CVTSI2SD);
        ToInteger fromSingle = (cpu, bits, size) -> SseConvert.cvtss2si(cpu, (int) bits, size);
        ToInteger fromSingleTruncating = (cpu, bits, size) -> SseConvert.cvttss2si(cpu, (int) bits, size);
        toGeneral(handlers, CVTSS2SI, true, fromSingle);
        toGeneral(handlers, CVTTSS2SI, true, fromSingleTruncating);
        toGeneral(handlers, CVTSD2SI, false, SseConvert::cvtsd2si);
        toGeneral(handlers, CVTTSD2SI, false, SseConvert::cvttsd2si);

        handlers.add((cpu, in) -> {
            long source = SseOperands.quadword(cpu, in);
            int before = SseOperands.begin(cpu);
            int result = SseConvert.cvtsd2ss(cpu, source);
            SseOperands.end(cpu, before);
            SseOperands.setDoubleword(cpu, in, result);
        }, CVTSD2SS);
        handlers.add((cpu, in) -> {
            int source = SseOperands.doubleword(cpu, in);
            int before = SseOperands.begin(cpu);
            long result = SseConvert.cvtss2sd(cpu, source);
            SseOperands.end(cpu, before);
            cpu.xmm[2 * in.reg] = result;
        }, CVTSS2SD);

        widening(handlers, CVTPS2PD, (cpu, bits) -> SseConvert.cvtss2sd(cpu, (int) bits));
        widening(handlers, CVTDQ2PD, (cpu, bits) -> SseConvert.cvtsi2sd(cpu, (int) bits));
        narrowing(handlers, CVTPD2PS, SseConvert::cvtsd2ss);
        narrowing(handlers, CVTPD2DQ, (cpu, bits) -> SseConvert.cvtsd2si(cpu, bits, 32));
        narrowing(handlers, CVTTPD2DQ, (cpu, bits) -> SseConvert.cvttsd2si(cpu, bits, 32));
        lanes(handlers, CVTDQ2PS, (cpu, bits) -> SseConvert.cvtsi2ss(cpu, (int) bits));
        lanes(handlers, CVTPS2DQ, (cpu, bits) -> SseConvert.cvtss2si(cpu, (int) bits, 32));
        lanes(handlers, CVTTPS2DQ, (cpu, bits) -> SseConvert.cvttss2si(cpu, (int) bits, 32));

        handlers.add((cpu, in) -> fromMmx(cpu, in, true), CVTPI2PS);
        handlers.add((cpu, in) -> fromMmx(cpu, in, false), CVTPI2PD);
        toMmx(handlers, CVTPS2PI, true, fromSingle);
        toMmx(handlers, CVTTPS2PI, true, fromSingleTruncating);
        toMmx(handlers, CVTPD2PI, false, SseConvert::cvtsd2si);
        toMmx(handlers, CVTTPD2PI, false, SseConvert::cvttsd2si);

        handlers.add((cpu, in) -> cpu.store32(in.address(cpu), cpu.mxcsr), STMXCSR);
        handlers.add(SseConversions::loadMxcsr, LDMXCSR);
    }

    private static long integer(Cpu cpu, Instruction in) {
        if (in.memory) {
            return in.operandSize == 8 ? cpu.load64(in.address(cpu)) : cpu.load32(in.address(cpu));
        }
        return in.operandSize == 8 ? cpu.gpr[in.rm] : (int) cpu.gpr[in.rm];
    }

    private static void toGeneral(Handlers handlers, Opcode opcode, boolean single, ToInteger conversion) {
        handlers.add((cpu, in) -> {
            long source = single ? SseOperands.doubleword(cpu, in) : SseOperands.quadword(cpu, in);
            int before = SseOperands.begin(cpu);
            boolean wide = in.operandSize == 8;
            long result = conversion.apply(cpu, source, wide ? 64 : 32);
            SseOperands.end(cpu, before);
            cpu.gpr[in.reg] = wide ? result : result & 0xFFFF_FFFFL;
        }, opcode);
    }

    /** Two doublewords of the source become two quadwords. */
    private static void widening(Handlers handlers, Opcode opcode, FromInteger conversion) {
        handlers.add((cpu, in) -> {
            long source = SseOperands.quadword(cpu, in);
            int before = SseOperands.begin(cpu);
            long low = conversion.apply(cpu, source);
            long high = conversion.apply(cpu, source >> 32);
            SseOperands.end(cpu, before);
            SseOperands.set(cpu, in, low, high);
        }, opcode);
    }

    /** Two quadwords of the source become two doublewords; the others become 0. */
    private static void narrowing(Handlers handlers, Opcode opcode, FromInteger conversion) {
        handlers.add((cpu, in) -> {
            long low = SseOperands.low(cpu, in);
            long high = SseOperands.high(cpu, in);
            int before = SseOperands.begin(cpu);
            long result = conversion.apply(cpu, low) & 0xFFFF_FFFFL | conversion.apply(cpu, high) << 32;
            SseOperands.end(cpu, before);
            SseOperands.set(cpu, in, result, 0);
        }, opcode);
    }

    /** Four doublewords become four doublewords. */
    private static void lanes(Handlers handlers, Opcode opcode, FromInteger conversion) {
        handlers.add((cpu, in) -> {
            long low = SseOperands.low(cpu, in);
            long high = SseOperands.high(cpu, in);
            int before = SseOperands.begin(cpu);
            low = conversion.apply(cpu, low) & 0xFFFF_FFFFL | conversion.apply(cpu, low >> 32) << 32;
            high = conversion.apply(cpu, high) & 0xFFFF_FFFFL | conversion.apply(cpu, high >> 32) << 32;
            SseOperands.end(cpu, before);
            SseOperands.set(cpu, in, low, high);
        }, opcode);
    }

    private static void fromMmx(Cpu cpu, Instruction in, boolean single) {
        long source = SseOperands.mmx(cpu, in);
        if (!in.memory) {
            X87Operands.await(cpu).enterMmx();
        }
        int second = (int) (source >> 32);
        if (single) {
            int before = SseOperands.begin(cpu);
            long result = SseConvert.cvtsi2ss(cpu, (int) source) & 0xFFFF_FFFFL | (long) SseConvert.cvtsi2ss(cpu, second) << 32;
            SseOperands.end(cpu, before);
            cpu.xmm[2 * in.reg] = result;
        } else {
            SseOperands.set(cpu, in, SseConvert.cvtsi2sd(cpu, (int) source), SseConvert.cvtsi2sd(cpu, second));
        }
    }

    private static void toMmx(Handlers handlers, Opcode opcode, boolean single, ToInteger conversion) {
        handlers.add((cpu, in) -> {
            X87Operands.await(cpu);
            long first = single ? SseOperands.quadword(cpu, in) : SseOperands.low(cpu, in);
            long second = single ? first >> 32 : SseOperands.high(cpu, in);
            cpu.x87.enterMmx();
            int before = SseOperands.begin(cpu);
            long result = conversion.apply(cpu, first, 32) & 0xFFFF_FFFFL | conversion.apply(cpu, second, 32) << 32;
            SseOperands.end(cpu, before);
            cpu.x87.setMmx(in.reg & 7, result);
        }, opcode);
    }

    private static void loadMxcsr(Cpu cpu, Instruction in) {
        int value = cpu.load32(in.address(cpu));
        if ((value & ~0xFFFF) != 0) {
            throw cpu.fault(GENERAL_PROTECTION, 0);
        }
        cpu.mxcsr = value;
    }
}
