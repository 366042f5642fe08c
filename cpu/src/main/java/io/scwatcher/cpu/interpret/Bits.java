package io.scwatcher.cpu.interpret;

import static io.scwatcher.cpu.interpret.Access.read;
import static io.scwatcher.cpu.interpret.Access.signExtend;
import static io.scwatcher.cpu.interpret.Access.write;
import static io.scwatcher.cpu.interpret.Access.writeRegister;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.Flags;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.decode.Opcode;

/** Bit tests, scans and counts, CRC32, and the instructions on single flags. */
final class Bits {
    /** CRC-32C, bit reflected (RFC 3720, appendix B.4): what one byte does to the remainder. */
    private static final int[] CRC = new int[256];

    static {
        for (int n = 0; n < 256; n++) {
            int crc = n;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) != 0 ? crc >>> 1 ^ 0x82F6_3B78 : crc >>> 1;
            }
            CRC[n] = crc;
        }
    }

    private Bits() {
    }

    static void register(Handlers handlers) {
        handlers.add(Bits::test, Opcode.BT, Opcode.BTS, Opcode.BTR, Opcode.BTC);
        handlers.add(Bits::scan, Opcode.BSF, Opcode.BSR);
        handlers.add(Bits::count, Opcode.POPCNT);
        handlers.add(Bits::crc, Opcode.CRC32);
        handlers.add((cpu, i) -> cpu.carries = Flags.withCarry(cpu.carries, false), Opcode.CLC);
        handlers.add((cpu, i) -> cpu.carries = Flags.withCarry(cpu.carries, true), Opcode.STC);
        handlers.add((cpu, i) -> cpu.carries = Flags.withCarry(cpu.carries, !Flags.carry(cpu.carries)), Opcode.CMC);
        handlers.add((cpu, i) -> cpu.controlFlags &= ~Flags.DF, Opcode.CLD);
        handlers.add((cpu, i) -> cpu.controlFlags |= Flags.DF, Opcode.STD);
        handlers.add(Bits::loadAh, Opcode.LAHF);
        handlers.add(Bits::storeAh, Opcode.SAHF);
    }

    /** Where BT, BTS, BTR and BTC access memory: the bit that a register tells may be anywhere in the string of bits that begins at the operand. */
    static long address(Cpu cpu, Instruction i) {
        return i.address(cpu, i.operand(1).isRegister() ? signExtend(read(cpu, i, 1), i.operandSize) >> 3 & -i.operandSize : 0);
    }

    private static void test(Cpu cpu, Instruction i) {
        int size = i.operandSize;
        long index = read(cpu, i, 1);
        int bit = (int) index & 8 * size - 1;
        long address = 0;
        long value;
        if (i.memory) {
            address = address(cpu, i);
            value = i.opcode == Opcode.BT ? Access.load(cpu, address, size) : cpu.loadForWriting(address, size);
        } else {
            value = read(cpu, i, 0);
        }
        if (i.opcode != Opcode.BT) {
            long changed = switch (i.opcode) {
                case BTS -> value | 1L << bit;
                case BTR -> value & ~(1L << bit);
                default -> value ^ 1L << bit;
            };
            if (i.memory) {
                Access.store(cpu, address, size, changed);
            } else {
                write(cpu, i, 0, changed);
            }
        }
        cpu.carries = Flags.withCarry(cpu.carries, (value >>> bit & 1) != 0);
    }

    /** Of zero, the destination stays as it is, as all processors do it. */
    private static void scan(Cpu cpu, Instruction i) {
        long value = read(cpu, i, 1);
        if (value != 0) {
            writeRegister(cpu, i.reg, i.operandSize,
                    i.opcode == Opcode.BSF ? Long.numberOfTrailingZeros(value) : 63 - Long.numberOfLeadingZeros(value));
        }
        cpu.result = value == 0 ? 0 : 1;
        cpu.carries = 0;
    }

    private static void count(Cpu cpu, Instruction i) {
        int bits = Long.bitCount(read(cpu, i, 1));
        writeRegister(cpu, i.reg, i.operandSize, bits);
        cpu.setStatusFlags(bits == 0 ? Flags.ZF : 0);
    }

    private static void crc(Cpu cpu, Instruction i) {
        long value = read(cpu, i, 1);
        int crc = (int) cpu.gpr[i.reg];
        for (int n = 0; n < i.operand(1).size(); n++) {
            crc = CRC[(crc ^ (int) (value >>> 8 * n)) & 0xff] ^ crc >>> 8;
        }
        cpu.gpr[i.reg] = crc & 0xffff_ffffL;
    }

    private static void loadAh(Cpu cpu, Instruction i) {
        long flags = Flags.status(cpu.result, cpu.carries) & 0xff | 2;
        cpu.gpr[Access.RAX] = cpu.gpr[Access.RAX] & ~0xff00L | flags << 8;
    }

    private static void storeAh(Cpu cpu, Instruction i) {
        int overflow = Flags.status(cpu.result, cpu.carries) & Flags.OF;
        cpu.setStatusFlags(cpu.gpr[Access.RAX] >>> 8 & 0xff | overflow);
    }
}
