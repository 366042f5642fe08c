package io.scwatcher.cpu.oracle;

import io.scwatcher.cpu.Flags;
import io.scwatcher.cpu.decode.Decoder;
import io.scwatcher.cpu.decode.EncodingGenerator;
import io.scwatcher.cpu.decode.Form;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.decode.Opcode;
import io.scwatcher.cpu.decode.Operand;
import java.util.random.RandomGenerator;

/** Makes test cases of a form: an encoding, and a state in which it mostly succeeds and sometimes fails. */
final class CaseGenerator {
    private static final int RAX = 0, RCX = 1, RDX = 2, RBX = 3, RSP = 4, RBP = 5, RSI = 6, RDI = 7;
    private static final int STATUS = Flags.STATUS;
    /** The segment whose limit is the processor's number. */
    private static final int PROCESSOR_NUMBER = 0x7b;
    /** Selectors that exist, that don't, and that are null. */
    private static final int[] SELECTORS = {0, 1, 3, 0x2b, 0x28, 0x2a, 0x33, 0x30, 0x23, PROCESSOR_NUMBER, 0x10, 0x18, 0x40, 0x2f, 0x53, 0xfff3};

    /** Where strings begin that lie within the window. */
    private static final long STRINGS = MachineState.MEMORY + 200;
    private static final int STRING_ROOM = 200;

    private final RandomGenerator random;
    private final EncodingGenerator encodings;
    private final RandomValues values;

    CaseGenerator(RandomGenerator random) {
        this.random = random;
        encodings = new EncodingGenerator(random, MachineState.START);
        values = new RandomValues(random);
    }

    TestCase next(Form form) {
        long target = MachineState.MEMORY + 64 + random.nextInt(MachineState.WINDOW - 128);
        int smallIndex = random.nextInt(32);
        byte[] code = encodings.encode(form, target, smallIndex);
        Instruction instruction = Decoder.decode(code, 0, code.length);
        MachineState state = new MachineState();
        for (int i = 0; i < 16; i++) {
            state.gpr[i] = values.integer();
        }
        state.flags = random.nextInt() & STATUS | Flags.IF | 2 | (random.nextInt(8) == 0 ? Flags.DF : 0) | (random.nextInt(16) == 0 && checksAlignmentFirst(form) ? Flags.AC : 0);
        state.fsBase = random.nextInt(2) * 0x1000;
        state.gsBase = random.nextInt(2) * 0x2000;
        values.memory(state.memory);
        values.floating(state.fx);
        state.gpr[RSP] = middle();
        implicitOperands(instruction, state);
        if (instruction.memory) {
            point(instruction, state, memoryTarget(instruction, target), smallIndex);
        }
        branchTargets(instruction, state);
        return new TestCase(instruction, code, state);
    }

    /** False where something has happened before #AC: the first stores, the change to MMX registers. */
    private static boolean checksAlignmentFirst(Form form) {
        return form.opcode() != Opcode.ENTER && form.opcode() != Opcode.MASKMOVQ;
    }

    /** For RSP and RBP: mostly within the window. */
    private long middle() {
        if (random.nextInt(40) == 0) {
            return edge(8);
        }
        return MachineState.MEMORY + 256 + 8 * random.nextInt(16) + (random.nextInt(8) == 0 ? random.nextInt(8) : 0);
    }

    /** Where the memory operand shall be: within the window, often aligned, sometimes so that it reaches into the page that isn't there. */
    private long memoryTarget(Instruction instruction, long fallback) {
        int size = Math.max(1, instruction.operands.stream().filter(Operand::isMemory).mapToInt(Operand::size).findFirst().orElse(8));
        if (isBitString(instruction)) {
            // Whether an address has to be canonical before the segment's base is added to it, nobody says
            return random.nextInt(16) == 0 && instruction.segment == Instruction.NONE ? edge(8) : MachineState.MEMORY + 256 + random.nextInt(64);
        }
        if (random.nextInt(20) == 0) {
            return MachineState.DATA_END - random.nextInt(size + 1);
        }
        if (random.nextInt(20) == 0) {
            return edge(size);
        }
        int room = MachineState.WINDOW - size - 16;
        long any = MachineState.MEMORY + random.nextInt(room);
        return random.nextInt(3) > 0 ? any & -16 : any;
    }

    /** Around the end of something: pages that can't be read or written, the user's half, canonical addresses. */
    private long edge(int size) {
        int before = 1 + random.nextInt(size);
        return switch (random.nextInt(9)) {
            case 0 -> 0x8000_0000_0000L - before;
            case 1 -> 0xffff_8000_0000_0000L - before;
            case 2 -> 0x7fff_ffff_f000L - before;
            case 3 -> -before;
            case 4 -> random.nextLong();
            case 5 -> MachineState.DATA - before;
            case 6 -> within(MachineState.COLD, before);
            case 7 -> within(MachineState.WARM, before);
            default -> within(MachineState.HIDDEN, before);
        };
    }

    private long within(long page, int before) {
        return switch (random.nextInt(3)) {
            case 0 -> page - before;
            case 1 -> page + 4096 - before;
            default -> page + random.nextInt(4096);
        };
    }

    private static boolean isBitString(Instruction i) {
        return switch (i.opcode) {
            case BT, BTS, BTR, BTC -> i.memory && i.operand(1).isRegister();
            default -> false;
        };
    }

    /** Sets base or index so that the operand lies at the target, where the encoding leaves the choice. */
    private void point(Instruction i, MachineState state, long target, int smallIndex) {
        long segment = i.segment == Instruction.FS ? state.fsBase : i.segment == Instruction.GS ? state.gsBase : 0;
        if (isBitString(i)) {
            int bits = 8 * i.operandSize;
            long small = random.nextInt(1500) - 750;
            state.gpr[i.reg] = bits == 64 ? small : state.gpr[i.reg] & -1L << bits | small & (1L << bits) - 1;
        }
        boolean absolute = i.base == Instruction.RIP || i.base == Instruction.NONE;
        if (absolute) {
            if (i.segment == Instruction.FS) {
                state.fsBase = 0;
            } else if (i.segment == Instruction.GS) {
                state.gsBase = 0;
            }
            if (i.index != Instruction.NONE) {
                state.gpr[i.index] = smallIndex;
            }
            return;
        }
        long rest = target - segment - i.displacement;
        if (i.index != Instruction.NONE) {
            rest -= state.gpr[i.index] << i.scale;
        }
        state.gpr[i.base] = i.address32 ? rest & 0xffff_ffffL | (long) random.nextInt() << 32 : rest;
    }

    private void implicitOperands(Instruction i, MachineState state) {
        long[] gpr = state.gpr;
        switch (i.opcode) {
            case MOVS, CMPS, STOS, LODS, SCAS -> {
                gpr[RSI] = stringAddress();
                // Nobody says which of two operands is looked at first
                gpr[RDI] = gpr[RSI] < STRINGS || gpr[RSI] >= STRINGS + STRING_ROOM ? STRINGS + random.nextInt(STRING_ROOM) : stringAddress();
                gpr[RCX] = random.nextInt(12);
                state.flags = state.flags & ~Flags.DF | (random.nextBoolean() ? Flags.DF : 0);
                if (i.segment == Instruction.FS) {
                    gpr[RSI] -= state.fsBase;
                } else if (i.segment == Instruction.GS) {
                    gpr[RSI] -= state.gsBase;
                }
                if (i.address32) {
                    gpr[RSI] = gpr[RSI] & 0xffff_ffffL | (long) random.nextInt() << 32;
                    gpr[RDI] |= (long) random.nextInt() << 32;
                    gpr[RCX] |= (long) random.nextInt() << 32;
                }
            }
            case XLAT -> gpr[RBX] = MachineState.MEMORY + random.nextInt(300) - segmentBase(i, state);
            case LOOP, LOOPE, LOOPNE, JRCXZ -> gpr[RCX] = random.nextInt(3) | (random.nextBoolean() ? 0 : (long) random.nextInt() << 32);
            case LEAVE -> gpr[RBP] = middle();
            case ENTER -> gpr[RBP] = middle() - 64;
            case DIV, IDIV -> dividend(i, gpr);
            case CMPXCHG8B, CMPXCHG16B -> fillWindowWith(state, gpr[RAX], gpr[RDX]);
            case CMPXCHG -> {
                if (random.nextBoolean()) {
                    fillWindowWith(state, gpr[RAX], gpr[RAX]);
                    if (i.operand(0).isRegister()) {
                        gpr[i.rm] = gpr[RAX];
                    }
                }
            }
            case POPF -> fillWindowWith(state, random.nextInt() & (STATUS | Flags.DF), random.nextInt() & (STATUS | Flags.DF));
            case LDMXCSR -> {
                // Bit 17, the misaligned exception mask, is not on every processor; the operand may lie across two values
                long value = (random.nextInt(8) == 0 ? random.nextInt() & 0xfdfd_fdfdL : random.nextInt(0x1_0000) & 0xfdfd) & 0xffff_ffffL;
                fillWindowWith(state, value | value << 32, value | value << 32);
            }
            case FXRSTOR -> {
                // Wherever the image lies, its MXCSR shall be valid
                for (int n = 8; n < MachineState.WINDOW; n += 16) {
                    state.memory[n + 2] = 0;
                    state.memory[n + 3] = 0;
                }
            }
            case MASKMOVQ, MASKMOVDQU -> gpr[RDI] = MachineState.MEMORY + random.nextInt(MachineState.WINDOW - 32) - segmentBase(i, state);
            case MOV_SEGMENT, POP_SEGMENT, LAR, LSL, VERR, VERW, LFS, LGS, LSS -> {
                long selector = SELECTORS[random.nextInt(SELECTORS.length)];
                selector = selector == PROCESSOR_NUMBER && i.opcode == Opcode.LSL ? 0 : selector;
                gpr[i.rm] = gpr[i.rm] & ~0xffffL | selector;
                fillWindowWith(state, 0x0001_0001_0001_0001L * selector, 0x0001_0001_0001_0001L * selector);
            }
            default -> { }
        }
    }

    private long segmentBase(Instruction i, MachineState state) {
        return i.segment == Instruction.FS ? state.fsBase : i.segment == Instruction.GS ? state.gsBase : 0;
    }

    private long stringAddress() {
        return switch (random.nextInt(20)) {
            case 0, 1 -> MachineState.DATA_END - random.nextInt(40);
            case 2 -> edge(40);
            default -> STRINGS + random.nextInt(STRING_ROOM);
        };
    }

    private void dividend(Instruction i, long[] gpr) {
        if (random.nextInt(3) > 0) {
            gpr[RDX] = random.nextBoolean() ? gpr[RAX] >> 63 : random.nextInt(4);
            if (i.operandSize == 1) {
                gpr[RAX] = (short) random.nextInt(-2000, 2000);
            } else if (i.operandSize < 8) {
                gpr[RDX] = random.nextBoolean() ? gpr[RAX] << 64 - 8 * i.operandSize >> 63 : random.nextInt(4);
            }
        }
    }

    private static void fillWindowWith(MachineState state, long low, long high) {
        for (int n = 0; n < MachineState.WINDOW; n++) {
            long value = (n & 8) == 0 ? low : high;
            state.memory[n] = (byte) (value >>> 8 * (n & 7));
        }
    }

    /** Control goes to the page of INT3; seldom to where there is none. */
    private void branchTargets(Instruction i, MachineState state) {
        boolean indirect = (i.opcode == Opcode.JMP || i.opcode == Opcode.CALL) && !i.form.relative();
        if (i.opcode != Opcode.RET && !indirect) {
            return;
        }
        boolean nowhere = random.nextInt(16) == 0 && (!indirect || i.rm != RSP && i.base != RSP);
        if (i.opcode == Opcode.CALL && (nowhere || i.memory)) {
            state.gpr[RSP] = MachineState.MEMORY + 256; // where target and stack are bad, the vendors differ in which they look at first
        }
        long target = nowhere ? 0x1234_0000_0000_0000L : MachineState.CODE + random.nextInt(1000);
        if (indirect && i.operand(0).isRegister()) {
            state.gpr[i.rm] = target;
        } else {
            if (!i.memory || i.base != RSP && i.index != RSP) {
                state.gpr[RSP] &= -8;
            }
            fillWindowWith(state, target, target);
        }
    }
}
