package io.scwatcher.cpu.decode;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Turns bytes into instructions of 64-bit mode (SDM vol. 2, chapter 2), by the tables. */
public final class Decoder {
    /** The longest instruction, in bytes; a longer one is #GP (SDM vol. 2, 2.3.11). */
    public static final int MAX_LENGTH = 15;

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final Form UNDEFINED = new Form(Family.INTEGER, "0F 0B | UD | end");
    private static final Form TOO_LONG = new Form(Family.INTEGER, "F4 | PRIVILEGED | end");

    private final byte[] bytes;
    private final int start;
    private final int limit;
    private final Decoding d = new Decoding();
    private int position;
    private boolean operandSizePrefix;
    /** F2 or F3, whichever came last, or 0. */
    private int repeatPrefix;
    private int rex;

    /** The bytes ended before the instruction did. */
    private static final class Truncated extends Exception {
        private static final long serialVersionUID = 1;
        private static final Truncated INSTANCE = new Truncated();

        private Truncated() {
            super(null, null, false, false);
        }
    }

    private Decoder(byte[] bytes, int start, int limit) {
        this.bytes = bytes;
        this.start = start;
        this.limit = limit;
        position = start;
    }

    /**
     * Decodes the instruction that begins at {@code start}. What is no instruction gives one that raises #UD (opcode {@link Opcode#UD}), what is longer
     * than 15 bytes one that raises #GP.
     *
     * @param limit no byte from here on is read
     * @return null if the instruction doesn't end before {@code limit}
     */
    public static Instruction decode(byte[] bytes, int start, int limit) {
        int reach = Math.min(limit, start + MAX_LENGTH);
        Decoder decoder = new Decoder(bytes, start, reach);
        try {
            return decoder.instruction();
        } catch (Truncated e) {
            return reach == start + MAX_LENGTH ? decoder.failure(TOO_LONG) : null;
        }
    }

    private Instruction instruction() throws Truncated {
        d.segment = Instruction.NONE;
        d.base = Instruction.NONE;
        d.index = Instruction.NONE;
        int opcode = prefixes();
        int map = 0;
        if (opcode == 0x0f) {
            opcode = next();
            map = opcode == 0x38 ? 2 : opcode == 0x3a ? 3 : 1;
            if (map > 1) {
                opcode = next();
            }
        }
        d.opcodeByte = opcode;
        boolean hasModRm = FormTable.hasModRm(map, opcode);
        int modRm = hasModRm ? next() : 0;
        d.form = choose(FormTable.candidates(map, opcode, modRm >> 3 & 7), modRm);
        if (d.form == null || d.lock && !(d.form.lockable() && modRm < 0xc0)) {
            return failure(UNDEFINED);
        }
        d.operandSize = operandSize();
        d.reg = modRm >> 3 & 7 | (rex & 4) << 1;
        d.rm = (hasModRm ? modRm : opcode) & 7 | (rex & 1) << 3;
        if (hasModRm && modRm < 0xc0) {
            memoryOperand(modRm);
        }
        if (!operands()) {
            return failure(UNDEFINED);
        }
        if (d.form.repeatable()) {
            d.repeat = repeatPrefix == 0xf3;
            d.repeatNotEqual = repeatPrefix == 0xf2;
        }
        d.length = position - start;
        return new Instruction(d);
    }

    /** Consumes the prefixes; returns the byte behind them. */
    private int prefixes() throws Truncated {
        while (true) {
            int b = next();
            if ((b & 0xf0) == 0x40) {
                rex = b;
                int following = next();
                if (!isLegacyPrefix(following) && (following & 0xf0) != 0x40) {
                    return following;
                }
                rex = 0; // REX counts only directly before the opcode
                position--;
                continue;
            }
            switch (b) {
                case 0x66 -> operandSizePrefix = true;
                case 0x67 -> d.address32 = true;
                case 0x64 -> d.segment = Instruction.FS;
                case 0x65 -> d.segment = Instruction.GS;
                case 0x26, 0x2e, 0x36, 0x3e -> { }
                case 0xf0 -> d.lock = true;
                case 0xf2, 0xf3 -> repeatPrefix = b;
                default -> {
                    return b;
                }
            }
        }
    }

    private static boolean isLegacyPrefix(int b) {
        return switch (b) {
            case 0x66, 0x67, 0x64, 0x65, 0x26, 0x2e, 0x36, 0x3e, 0xf0, 0xf2, 0xf3 -> true;
            default -> false;
        };
    }

    private Form choose(Form[] candidates, int modRm) {
        int mandatory = repeatPrefix != 0 ? repeatPrefix : operandSizePrefix ? 0x66 : Form.NO_PREFIX;
        for (Form form : candidates) {
            if (form.matches(mandatory, rex, modRm)) {
                return form;
            }
        }
        return null;
    }

    private int operandSize() {
        Form form = d.form;
        if (form.byteSize()) {
            return 1;
        }
        if (form.forced64() || (rex & 8) != 0) {
            return 8;
        }
        if (operandSizePrefix) {
            return 2;
        }
        return form.default64() ? 8 : 4;
    }

    /** SDM vol. 2, tables 2-2 and 2-3. */
    private void memoryOperand(int modRm) throws Truncated {
        d.memory = true;
        int mod = modRm >> 6;
        int rm = modRm & 7;
        if (rm == 4) {
            int sib = next();
            d.scale = sib >> 6;
            int index = sib >> 3 & 7 | (rex & 2) << 2;
            d.index = index == 4 ? Instruction.NONE : index;
            if ((sib & 7) == 5 && mod == 0) {
                d.displacement = next32();
            } else {
                d.base = sib & 7 | (rex & 1) << 3;
            }
        } else if (rm == 5 && mod == 0) {
            d.base = Instruction.RIP;
            d.displacement = next32();
        } else {
            d.base = d.rm;
        }
        if (mod == 1) {
            d.displacement = (byte) next();
        } else if (mod == 2) {
            d.displacement = next32();
        }
    }

    /** False if an operand doesn't exist. */
    private boolean operands() throws Truncated {
        List<OperandSpec> specs = d.form.operands();
        List<Operand> operands = new ArrayList<>(specs.size());
        int immediates = 0;
        for (OperandSpec spec : specs) {
            int size = OperandSpec.bytes(spec.size(), d.operandSize);
            switch (spec.place()) {
                case REG -> {
                    if (spec.kind() == Operand.Kind.SEGMENT && (d.reg & 7) > 5) {
                        return false;
                    }
                    operands.add(register(spec.kind(), d.reg, size));
                }
                case RM -> operands.add(d.memory
                        ? Operand.of(Operand.Kind.MEMORY, 0, OperandSpec.bytes(spec.memorySize(), d.operandSize))
                        : register(spec.kind(), d.rm, size));
                case OPCODE -> operands.add(register(spec.kind(), d.rm, size));
                case FIXED -> {
                    if (spec.kind() == Operand.Kind.IMMEDIATE) {
                        d.immediate = spec.fixed();
                    }
                    operands.add(Operand.of(spec.kind(), spec.kind() == Operand.Kind.IMMEDIATE ? 0 : spec.fixed(), size));
                }
                case IMMEDIATE -> {
                    long value = immediate(size);
                    d.immediate = immediates++ == 0 ? value : d.immediate & 0xffff | (value & 0xff) << 16;
                    operands.add(Operand.of(spec.kind(), 0, size));
                }
                case OFFSET -> {
                    d.memory = true;
                    d.displacement = d.address32 ? next32() & 0xffff_ffffL : next64();
                    operands.add(Operand.of(Operand.Kind.MEMORY, 0, size));
                }
            }
        }
        d.operands = List.copyOf(operands);
        return true;
    }

    private Operand register(Operand.Kind kind, int number, int size) {
        return switch (kind) {
            case GPR -> size == 1 && rex == 0 && number >= 4
                    ? Operand.of(Operand.Kind.HIGH_BYTE, number - 4, 1)
                    : Operand.of(Operand.Kind.GPR, number, size);
            case XMM -> Operand.of(kind, number, size);
            default -> Operand.of(kind, number & 7, size);
        };
    }

    private long immediate(int size) throws Truncated {
        return switch (size) {
            case 1 -> (byte) next();
            case 2 -> next16();
            case 4 -> next32();
            default -> next64();
        };
    }

    private Instruction failure(Form form) {
        d.form = form;
        d.length = Math.max(1, position - start);
        d.operandSize = 4;
        d.operands = List.of();
        d.memory = false;
        d.base = Instruction.NONE;
        d.lock = false;
        return new Instruction(d);
    }

    private int skip(int count) throws Truncated {
        int at = position;
        if (count > limit - at) {
            throw Truncated.INSTANCE;
        }
        position = at + count;
        return at;
    }

    private int next() throws Truncated {
        return bytes[skip(1)] & 0xff;
    }

    private short next16() throws Truncated {
        return (short) SHORT.get(bytes, skip(2));
    }

    private int next32() throws Truncated {
        return (int) INT.get(bytes, skip(4));
    }

    private long next64() throws Truncated {
        return (long) LONG.get(bytes, skip(8));
    }
}
