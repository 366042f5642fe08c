package io.scwatcher.cpu.interpret;

import static io.scwatcher.cpu.decode.Opcode.*;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.decode.Opcode;
import io.scwatcher.cpu.packed.PackedShuffles;
import java.util.function.LongBinaryOperator;

/** The instructions that move lanes within and between XMM registers: unpack, shuffle, align, blend, insert, extract, extend. */
final class SseShuffles {
    private SseShuffles() {
    }

    static void register(Handlers handlers) {
        unpack(handlers, PUNPCKLBW, PUNPCKHBW, PackedShuffles::punpcklbw, PackedShuffles::punpckhbw);
        unpack(handlers, PUNPCKLWD, PUNPCKHWD, PackedShuffles::punpcklwd, PackedShuffles::punpckhwd);
        unpack(handlers, PUNPCKLDQ, PUNPCKHDQ, PackedShuffles::punpckldq, PackedShuffles::punpckhdq);
        unpack(handlers, UNPCKLPS, UNPCKHPS, PackedShuffles::punpckldq, PackedShuffles::punpckhdq);
        unpack(handlers, PUNPCKLQDQ, PUNPCKHQDQ, (a, b) -> a, (a, b) -> b);
        unpack(handlers, UNPCKLPD, UNPCKHPD, (a, b) -> a, (a, b) -> b);
        handlers.add((cpu, in) -> shuffleDoublewords(cpu, in, SseOperands.low(cpu, in), SseOperands.high(cpu, in), true), PSHUFD);
        handlers.add((cpu, in) -> shuffleDoublewords(cpu, in, cpu.xmm[2 * in.reg], cpu.xmm[2 * in.reg + 1], false), SHUFPS);
        handlers.add(SseShuffles::shuffleQuadwords, SHUFPD);
        handlers.add((cpu, in) -> SseOperands.set(cpu, in, PackedShuffles.pshufw(SseOperands.low(cpu, in), (int) in.immediate), SseOperands.high(cpu, in)),
                PSHUFLW);
        handlers.add((cpu, in) -> SseOperands.set(cpu, in, SseOperands.low(cpu, in), PackedShuffles.pshufw(SseOperands.high(cpu, in), (int) in.immediate)),
                PSHUFHW);
        handlers.add(SseShuffles::shuffleBytes, PSHUFB);
        handlers.add(SseShuffles::align, PALIGNR);

        blendByMask(handlers, PBLENDVB, 0x8080_8080_8080_8080L, 0xFF);
        blendByMask(handlers, BLENDVPS, 0x8000_0000_8000_0000L, 0xFFFF_FFFFL);
        blendByMask(handlers, BLENDVPD, 0x8000_0000_0000_0000L, -1);
        blendByImmediate(handlers, PBLENDW, 16);
        blendByImmediate(handlers, BLENDPS, 32);
        blendByImmediate(handlers, BLENDPD, 64);

        for (Opcode opcode : new Opcode[] {PINSRB, PINSRW, PINSRD, PINSRQ}) {
            int bits = switch (opcode) {
                case PINSRB -> 8;
                case PINSRW -> 16;
                case PINSRD -> 32;
                default -> 64;
            };
            handlers.add((cpu, in) -> insert(cpu, in, bits), opcode);
        }
        for (Opcode opcode : new Opcode[] {PEXTRB, PEXTRW, PEXTRD, EXTRACTPS, PEXTRQ}) {
            int bits = switch (opcode) {
                case PEXTRB -> 8;
                case PEXTRW -> 16;
                case PEXTRD, EXTRACTPS -> 32;
                default -> 64;
            };
            handlers.add((cpu, in) -> extract(cpu, in, bits), opcode);
        }
        handlers.add(SseShuffles::insertSingle, INSERTPS);

        extend(handlers, PMOVSXBW, PMOVZXBW, 8, 16);
        extend(handlers, PMOVSXBD, PMOVZXBD, 8, 32);
        extend(handlers, PMOVSXBQ, PMOVZXBQ, 8, 64);
        extend(handlers, PMOVSXWD, PMOVZXWD, 16, 32);
        extend(handlers, PMOVSXWQ, PMOVZXWQ, 16, 64);
        extend(handlers, PMOVSXDQ, PMOVZXDQ, 32, 64);
        handlers.add((cpu, in) -> duplicate(cpu, in, 0), MOVSLDUP);
        handlers.add((cpu, in) -> duplicate(cpu, in, 1), MOVSHDUP);
        handlers.add((cpu, in) -> {
            long source = SseOperands.quadword(cpu, in);
            SseOperands.set(cpu, in, source, source);
        }, MOVDDUP);
    }

    /** The low halves interleaved, or the high halves. */
    private static void unpack(Handlers handlers, Opcode low, Opcode high, LongBinaryOperator lower, LongBinaryOperator upper) {
        handlers.add((cpu, in) -> {
            long source = SseOperands.low(cpu, in);
            long destination = cpu.xmm[2 * in.reg];
            SseOperands.set(cpu, in, lower.applyAsLong(destination, source), upper.applyAsLong(destination, source));
        }, low);
        handlers.add((cpu, in) -> {
            SseOperands.low(cpu, in);
            long source = SseOperands.high(cpu, in);
            long destination = cpu.xmm[2 * in.reg + 1];
            SseOperands.set(cpu, in, lower.applyAsLong(destination, source), upper.applyAsLong(destination, source));
        }, high);
    }

    /** @param lowFirst low half of what the first two selectors choose from; the last two choose from the source */
    private static void shuffleDoublewords(Cpu cpu, Instruction in, long lowFirst, long highFirst, boolean same) {
        long low = same ? lowFirst : SseOperands.low(cpu, in);
        long high = same ? highFirst : SseOperands.high(cpu, in);
        int selector = (int) in.immediate;
        SseOperands.set(cpu, in,
                PackedShuffles.doubleword(lowFirst, highFirst, selector) | PackedShuffles.doubleword(lowFirst, highFirst, selector >> 2) << 32,
                PackedShuffles.doubleword(low, high, selector >> 4) | PackedShuffles.doubleword(low, high, selector >> 6) << 32);
    }

    private static void shuffleQuadwords(Cpu cpu, Instruction in) {
        long low = SseOperands.low(cpu, in);
        long high = SseOperands.high(cpu, in);
        SseOperands.set(cpu, in, cpu.xmm[2 * in.reg + ((int) in.immediate & 1)], (in.immediate & 2) == 0 ? low : high);
    }

    private static void shuffleBytes(Cpu cpu, Instruction in) {
        long low = SseOperands.low(cpu, in);
        long high = SseOperands.high(cpu, in);
        long first = cpu.xmm[2 * in.reg];
        long second = cpu.xmm[2 * in.reg + 1];
        SseOperands.set(cpu, in, PackedShuffles.pshufb(first, second, low), PackedShuffles.pshufb(first, second, high));
    }

    /** The destination above the source, shifted right by bytes. */
    private static void align(Cpu cpu, Instruction in) {
        long low = SseOperands.low(cpu, in);
        long high = SseOperands.high(cpu, in);
        long first = cpu.xmm[2 * in.reg];
        long second = cpu.xmm[2 * in.reg + 1];
        int count = (int) in.immediate & 0xFF;
        if (count >= 16) {
            SseOperands.set(cpu, in, PackedShuffles.quadwordAt(first, second, count - 16), PackedShuffles.quadwordAt(second, 0, count - 16));
        } else if (count >= 8) {
            SseOperands.set(cpu, in, PackedShuffles.quadwordAt(high, first, count - 8), PackedShuffles.quadwordAt(first, second, count - 8));
        } else {
            SseOperands.set(cpu, in, PackedShuffles.quadwordAt(low, high, count), PackedShuffles.quadwordAt(high, first, count));
        }
    }

    /** By the top bits of XMM0's lanes. */
    private static void blendByMask(Handlers handlers, Opcode opcode, long tops, long lane) {
        int bits = Long.bitCount(lane);
        handlers.add((cpu, in) -> {
            long low = SseOperands.low(cpu, in);
            long high = SseOperands.high(cpu, in);
            long lowMask = ((cpu.xmm[0] & tops) >>> bits - 1) * lane;
            long highMask = ((cpu.xmm[1] & tops) >>> bits - 1) * lane;
            blend(cpu, in, low, high, lowMask, highMask);
        }, opcode);
    }

    private static void blendByImmediate(Handlers handlers, Opcode opcode, int bits) {
        int lanes = 64 / bits;
        handlers.add((cpu, in) -> {
            long low = SseOperands.low(cpu, in);
            long high = SseOperands.high(cpu, in);
            blend(cpu, in, low, high, maskOf((int) in.immediate, lanes, bits), maskOf((int) in.immediate >> lanes, lanes, bits));
        }, opcode);
    }

    private static long maskOf(int selector, int lanes, int bits) {
        long mask = 0;
        for (int i = 0; i < lanes; i++) {
            mask |= (selector >> i & 1) == 0 ? 0 : -1L >>> 64 - bits << i * bits;
        }
        return mask;
    }

    private static void blend(Cpu cpu, Instruction in, long low, long high, long lowMask, long highMask) {
        SseOperands.set(cpu, in, cpu.xmm[2 * in.reg] & ~lowMask | low & lowMask, cpu.xmm[2 * in.reg + 1] & ~highMask | high & highMask);
    }

    private static void insert(Cpu cpu, Instruction in, int bits) {
        int lanes = 64 / bits;
        int lane = (int) in.immediate & 2 * lanes - 1;
        long value = in.memory ? load(cpu, in.address(cpu), bits) : cpu.gpr[in.rm];
        int at = 2 * in.reg + lane / lanes;
        int shift = lane % lanes * bits;
        long mask = -1L >>> 64 - bits << shift;
        cpu.xmm[at] = cpu.xmm[at] & ~mask | value << shift & mask;
    }

    private static long load(Cpu cpu, long address, int bits) {
        return switch (bits) {
            case 8 -> cpu.load8(address);
            case 16 -> cpu.load16(address);
            case 32 -> cpu.load32(address);
            default -> cpu.load64(address);
        };
    }

    /** To a general register, zero-extended, or memory. */
    private static void extract(Cpu cpu, Instruction in, int bits) {
        int lanes = 64 / bits;
        int lane = (int) in.immediate & 2 * lanes - 1;
        long value = cpu.xmm[2 * in.operand(1).number() + lane / lanes] >>> lane % lanes * bits & -1L >>> 64 - bits;
        if (!in.memory) {
            cpu.gpr[in.operand(0).number()] = value;
            return;
        }
        long address = in.address(cpu);
        switch (bits) {
            case 8 -> cpu.store8(address, (int) value);
            case 16 -> cpu.store16(address, (int) value);
            case 32 -> cpu.store32(address, (int) value);
            default -> cpu.store64(address, value);
        }
    }

    /** One doubleword of the source, or the one in memory, to one of the destination; then those of the mask are cleared. */
    private static void insertSingle(Cpu cpu, Instruction in) {
        int control = (int) in.immediate;
        long value = in.memory ? cpu.load32(in.address(cpu)) : PackedShuffles.doubleword(cpu.xmm[2 * in.rm], cpu.xmm[2 * in.rm + 1], control >> 6);
        int at = 2 * in.reg + (control >> 5 & 1);
        int shift = (control >> 4 & 1) * 32;
        cpu.xmm[at] = cpu.xmm[at] & ~(0xFFFF_FFFFL << shift) | (value & 0xFFFF_FFFFL) << shift;
        cpu.xmm[2 * in.reg] &= ~maskOf(control, 2, 32);
        cpu.xmm[2 * in.reg + 1] &= ~maskOf(control >> 2, 2, 32);
    }

    private static void extend(Handlers handlers, Opcode signed, Opcode zero, int from, int to) {
        handlers.add((cpu, in) -> extend(cpu, in, from, to, true), signed);
        handlers.add((cpu, in) -> extend(cpu, in, from, to, false), zero);
    }

    private static void extend(Cpu cpu, Instruction in, int from, int to, boolean signed) {
        int consumed = 64 / to * from;
        long source = in.memory ? load(cpu, in.address(cpu), 2 * consumed) : cpu.xmm[2 * in.rm];
        SseOperands.set(cpu, in, PackedShuffles.extend(source, from, to, signed), PackedShuffles.extend(source >>> consumed, from, to, signed));
    }

    /** The even or the odd doublewords, twice each. */
    private static void duplicate(Cpu cpu, Instruction in, int odd) {
        long low = SseOperands.low(cpu, in) >>> 32 * odd & 0xFFFF_FFFFL;
        long high = SseOperands.high(cpu, in) >>> 32 * odd & 0xFFFF_FFFFL;
        SseOperands.set(cpu, in, low | low << 32, high | high << 32);
    }
}
