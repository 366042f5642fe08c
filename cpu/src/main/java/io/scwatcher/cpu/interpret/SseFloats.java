package io.scwatcher.cpu.interpret;

import static io.scwatcher.cpu.decode.Opcode.*;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.decode.Opcode;

/** The floating-point arithmetic of SSE to SSE4.1, lane by lane. */
final class SseFloats {
    private static final int SIGNIFICANT_PREDICATE = 7;

    private SseFloats() {
    }

    /** On single-precision bits: destination, source, immediate. */
    interface Single {
        int apply(Cpu cpu, int a, int b, int immediate);
    }

    /** On double-precision bits: destination, source, immediate. */
    interface Double {
        long apply(Cpu cpu, long a, long b, int immediate);
    }

    static void register(Handlers handlers) {
        arithmetic(handlers, ADDPS, ADDSS, ADDPD, ADDSD, (c, a, b, i) -> SseArithmetic.addss(c, a, b), (c, a, b, i) -> SseArithmetic.addsd(c, a, b));
        arithmetic(handlers, SUBPS, SUBSS, SUBPD, SUBSD, (c, a, b, i) -> SseArithmetic.subss(c, a, b), (c, a, b, i) -> SseArithmetic.subsd(c, a, b));
        arithmetic(handlers, MULPS, MULSS, MULPD, MULSD, (c, a, b, i) -> SseArithmetic.mulss(c, a, b), (c, a, b, i) -> SseArithmetic.mulsd(c, a, b));
        arithmetic(handlers, DIVPS, DIVSS, DIVPD, DIVSD, (c, a, b, i) -> SseArithmetic.divss(c, a, b), (c, a, b, i) -> SseArithmetic.divsd(c, a, b));
        arithmetic(handlers, SQRTPS, SQRTSS, SQRTPD, SQRTSD, (c, a, b, i) -> SseArithmetic.sqrtss(c, a, b), (c, a, b, i) -> SseArithmetic.sqrtsd(c, a, b));
        arithmetic(handlers, MINPS, MINSS, MINPD, MINSD, (c, a, b, i) -> SseCompare.minss(c, a, b), (c, a, b, i) -> SseCompare.minsd(c, a, b));
        arithmetic(handlers, MAXPS, MAXSS, MAXPD, MAXSD, (c, a, b, i) -> SseCompare.maxss(c, a, b), (c, a, b, i) -> SseCompare.maxsd(c, a, b));
        arithmetic(handlers, CMPPS, CMPSS, CMPPD, CMPSD_XMM, (c, a, b, i) -> SseCompare.cmpss(c, a, b, i & SIGNIFICANT_PREDICATE),
                (c, a, b, i) -> SseCompare.cmpsd(c, a, b, i & SIGNIFICANT_PREDICATE));
        arithmetic(handlers, ROUNDPS, ROUNDSS, ROUNDPD, ROUNDSD, (c, a, b, i) -> SseConvert.roundss(c, b, i), (c, a, b, i) -> SseConvert.roundsd(c, b, i));
        singles(handlers, RCPPS, RCPSS, (c, a, b, i) -> SseConvert.rcpss(b));
        singles(handlers, RSQRTPS, RSQRTSS, (c, a, b, i) -> SseConvert.rsqrtss(b));

        handlers.add((cpu, in) -> compareSingles(cpu, in, true), COMISS);
        handlers.add((cpu, in) -> compareSingles(cpu, in, false), UCOMISS);
        handlers.add((cpu, in) -> compareDoubles(cpu, in, true), COMISD);
        handlers.add((cpu, in) -> compareDoubles(cpu, in, false), UCOMISD);

        handlers.add((cpu, in) -> horizontalSingles(cpu, in, SseArithmetic::addss), HADDPS);
        handlers.add((cpu, in) -> horizontalSingles(cpu, in, SseArithmetic::subss), HSUBPS);
        handlers.add((cpu, in) -> horizontalDoubles(cpu, in, SseArithmetic::addsd), HADDPD);
        handlers.add((cpu, in) -> horizontalDoubles(cpu, in, SseArithmetic::subsd), HSUBPD);
        handlers.add(SseFloats::addSubtractSingles, ADDSUBPS);
        handlers.add(SseFloats::addSubtractDoubles, ADDSUBPD);
        handlers.add(SseFloats::dotProductSingles, DPPS);
        handlers.add(SseFloats::dotProductDoubles, DPPD);
    }

    private static void arithmetic(Handlers handlers, Opcode ps, Opcode ss, Opcode pd, Opcode sd, Single single, Double wide) {
        singles(handlers, ps, ss, single);
        handlers.add((cpu, in) -> {
            long low = SseOperands.low(cpu, in);
            long high = SseOperands.high(cpu, in);
            int before = SseOperands.begin(cpu);
            int immediate = (int) in.immediate;
            low = wide.apply(cpu, cpu.xmm[2 * in.reg], low, immediate);
            high = wide.apply(cpu, cpu.xmm[2 * in.reg + 1], high, immediate);
            SseOperands.end(cpu, before);
            SseOperands.set(cpu, in, low, high);
        }, pd);
        handlers.add((cpu, in) -> {
            long source = SseOperands.quadword(cpu, in);
            int before = SseOperands.begin(cpu);
            long result = wide.apply(cpu, cpu.xmm[2 * in.reg], source, (int) in.immediate);
            SseOperands.end(cpu, before);
            cpu.xmm[2 * in.reg] = result;
        }, sd);
    }

    private static void singles(Handlers handlers, Opcode packed, Opcode scalar, Single single) {
        handlers.add((cpu, in) -> {
            long low = SseOperands.low(cpu, in);
            long high = SseOperands.high(cpu, in);
            int before = SseOperands.begin(cpu);
            int immediate = (int) in.immediate;
            low = both(cpu, cpu.xmm[2 * in.reg], low, immediate, single);
            high = both(cpu, cpu.xmm[2 * in.reg + 1], high, immediate, single);
            SseOperands.end(cpu, before);
            SseOperands.set(cpu, in, low, high);
        }, packed);
        handlers.add((cpu, in) -> {
            int source = SseOperands.doubleword(cpu, in);
            int before = SseOperands.begin(cpu);
            int result = single.apply(cpu, (int) cpu.xmm[2 * in.reg], source, (int) in.immediate);
            SseOperands.end(cpu, before);
            SseOperands.setDoubleword(cpu, in, result);
        }, scalar);
    }

    private static long both(Cpu cpu, long a, long b, int immediate, Single single) {
        return pair(single.apply(cpu, (int) a, (int) b, immediate), single.apply(cpu, upper(a), upper(b), immediate));
    }

    private static long pair(int low, int high) {
        return (long) high << 32 | low & 0xFFFF_FFFFL;
    }

    private static int upper(long a) {
        return (int) (a >>> 32);
    }

    private static void compareSingles(Cpu cpu, Instruction in, boolean signalling) {
        int source = SseOperands.doubleword(cpu, in);
        int before = SseOperands.begin(cpu);
        int order = SseCompare.comparess(cpu, (int) cpu.xmm[2 * in.reg], source, signalling);
        SseOperands.end(cpu, before);
        X87Compare.setFlags(cpu, order);
    }

    private static void compareDoubles(Cpu cpu, Instruction in, boolean signalling) {
        long source = SseOperands.quadword(cpu, in);
        int before = SseOperands.begin(cpu);
        int order = SseCompare.comparesd(cpu, cpu.xmm[2 * in.reg], source, signalling);
        SseOperands.end(cpu, before);
        X87Compare.setFlags(cpu, order);
    }

    /** Arithmetic on two single-precision lanes. */
    private interface Singles {
        int apply(Cpu cpu, int a, int b);
    }

    /** Arithmetic on two double-precision lanes. */
    private interface Doubles {
        long apply(Cpu cpu, long a, long b);
    }

    private static void horizontalSingles(Cpu cpu, Instruction in, Singles operation) {
        long sourceLow = SseOperands.low(cpu, in);
        long sourceHigh = SseOperands.high(cpu, in);
        long low = cpu.xmm[2 * in.reg];
        long high = cpu.xmm[2 * in.reg + 1];
        int before = SseOperands.begin(cpu);
        low = pair(operation.apply(cpu, (int) low, upper(low)), operation.apply(cpu, (int) high, upper(high)));
        high = pair(operation.apply(cpu, (int) sourceLow, upper(sourceLow)), operation.apply(cpu, (int) sourceHigh, upper(sourceHigh)));
        SseOperands.end(cpu, before);
        SseOperands.set(cpu, in, low, high);
    }

    private static void horizontalDoubles(Cpu cpu, Instruction in, Doubles operation) {
        long sourceLow = SseOperands.low(cpu, in);
        long sourceHigh = SseOperands.high(cpu, in);
        int before = SseOperands.begin(cpu);
        long low = operation.apply(cpu, cpu.xmm[2 * in.reg], cpu.xmm[2 * in.reg + 1]);
        long high = operation.apply(cpu, sourceLow, sourceHigh);
        SseOperands.end(cpu, before);
        SseOperands.set(cpu, in, low, high);
    }

    private static void addSubtractSingles(Cpu cpu, Instruction in) {
        long sourceLow = SseOperands.low(cpu, in);
        long sourceHigh = SseOperands.high(cpu, in);
        long low = cpu.xmm[2 * in.reg];
        long high = cpu.xmm[2 * in.reg + 1];
        int before = SseOperands.begin(cpu);
        low = pair(SseArithmetic.subss(cpu, (int) low, (int) sourceLow), SseArithmetic.addss(cpu, upper(low), upper(sourceLow)));
        high = pair(SseArithmetic.subss(cpu, (int) high, (int) sourceHigh), SseArithmetic.addss(cpu, upper(high), upper(sourceHigh)));
        SseOperands.end(cpu, before);
        SseOperands.set(cpu, in, low, high);
    }

    private static void addSubtractDoubles(Cpu cpu, Instruction in) {
        long sourceLow = SseOperands.low(cpu, in);
        long sourceHigh = SseOperands.high(cpu, in);
        int before = SseOperands.begin(cpu);
        long low = SseArithmetic.subsd(cpu, cpu.xmm[2 * in.reg], sourceLow);
        long high = SseArithmetic.addsd(cpu, cpu.xmm[2 * in.reg + 1], sourceHigh);
        SseOperands.end(cpu, before);
        SseOperands.set(cpu, in, low, high);
    }

    /** Products of the lanes that bits 4 to 7 choose, added in pairs, to the lanes that bits 0 to 3 choose. */
    private static void dotProductSingles(Cpu cpu, Instruction in) {
        long sourceLow = SseOperands.low(cpu, in);
        long sourceHigh = SseOperands.high(cpu, in);
        long low = cpu.xmm[2 * in.reg];
        long high = cpu.xmm[2 * in.reg + 1];
        int control = (int) in.immediate;
        int before = SseOperands.begin(cpu);
        int p0 = (control & 0x10) != 0 ? SseArithmetic.mulss(cpu, (int) low, (int) sourceLow) : 0;
        int p1 = (control & 0x20) != 0 ? SseArithmetic.mulss(cpu, upper(low), upper(sourceLow)) : 0;
        int p2 = (control & 0x40) != 0 ? SseArithmetic.mulss(cpu, (int) high, (int) sourceHigh) : 0;
        int p3 = (control & 0x80) != 0 ? SseArithmetic.mulss(cpu, upper(high), upper(sourceHigh)) : 0;
        SseOperands.end(cpu, before);
        before = SseOperands.begin(cpu);
        int sum = SseArithmetic.addss(cpu, SseArithmetic.addss(cpu, p0, p1), SseArithmetic.addss(cpu, p2, p3));
        SseOperands.end(cpu, before);
        SseOperands.set(cpu, in, pair((control & 1) != 0 ? sum : 0, (control & 2) != 0 ? sum : 0),
                pair((control & 4) != 0 ? sum : 0, (control & 8) != 0 ? sum : 0));
    }

    private static void dotProductDoubles(Cpu cpu, Instruction in) {
        long sourceLow = SseOperands.low(cpu, in);
        long sourceHigh = SseOperands.high(cpu, in);
        int control = (int) in.immediate;
        int before = SseOperands.begin(cpu);
        long p0 = (control & 0x10) != 0 ? SseArithmetic.mulsd(cpu, cpu.xmm[2 * in.reg], sourceLow) : 0;
        long p1 = (control & 0x20) != 0 ? SseArithmetic.mulsd(cpu, cpu.xmm[2 * in.reg + 1], sourceHigh) : 0;
        SseOperands.end(cpu, before);
        before = SseOperands.begin(cpu);
        long sum = SseArithmetic.addsd(cpu, p0, p1);
        SseOperands.end(cpu, before);
        SseOperands.set(cpu, in, (control & 1) != 0 ? sum : 0, (control & 2) != 0 ? sum : 0);
    }
}
