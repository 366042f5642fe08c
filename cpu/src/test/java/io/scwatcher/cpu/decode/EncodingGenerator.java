package io.scwatcher.cpu.decode;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.random.RandomGenerator;

/** Makes encodings of a form: all operand sizes, registers, addressing modes and prefixes that the form allows, at random. */
public final class EncodingGenerator {
    private static final int TRIES = 1000;

    private final RandomGenerator random;
    private final long codeAddress;
    private Form form;

    /** @param codeAddress where the instructions will stand */
    public EncodingGenerator(RandomGenerator random, long codeAddress) {
        this.random = random;
        this.codeAddress = codeAddress;
    }

    /** All forms that there are. */
    public static List<Form> forms() {
        return FormTable.ALL;
    }

    /** SLDT, STR, SGDT, SIDT, SMSW (SDM vol. 3, 2.5: CR4.UMIP). */
    public static boolean isUserModeInstructionPrevention(Form form) {
        return form.map() == 1 && (form.opcodeByte() == 0 && form.extension() < 2 || form.opcodeByte() == 1 && (form.extension() < 2 && form.modRm() < 0
                || form.extension() == 4));
    }

    /**
     * An encoding that decodes to that form.
     *
     * @param target where an operand with an absolute or RIP-relative address shall be
     * @param index value of the index register, where there is no base
     * @throws IllegalStateException if the tables never decode to it
     */
    public byte[] encode(Form wanted, long target, int index) {
        form = wanted;
        for (int n = 0; n < TRIES; n++) {
            byte[] bytes = attempt(target, index);
            Instruction instruction = Decoder.decode(bytes, 0, bytes.length);
            if (instruction != null && instruction.form == wanted && instruction.length == bytes.length
                    && (instruction.base < 0 || instruction.base != instruction.index)) {
                return bytes;
            }
        }
        throw new IllegalStateException("no encoding decodes to " + wanted);
    }

    private boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }

    private byte[] attempt(long target, int index) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        boolean hasMemory = form.hasModRm() && form.allowsMemory() && form.modRm() < 0;
        boolean memory = hasMemory && (!form.allowsRegister() || random.nextBoolean());
        boolean segments = form.operands().stream().anyMatch(o -> o.kind() == Operand.Kind.SEGMENT);
        if ((memory || form.repeatable()) && chance(16)) {
            out.write(0x67);
        }
        if ((memory || form.repeatable()) && chance(16)) {
            out.write(random.nextBoolean() ? 0x64 : 0x65);
        }
        if (memory && form.lockable() && chance(4)) {
            out.write(0xf0);
        }
        if (variableSize() && chance(4)) {
            out.write(0x66);
        }
        if (form.prefix() > 0) {
            out.write(form.prefix());
        }
        if (form.repeatable() && chance(2)) {
            out.write(random.nextBoolean() ? 0xf2 : 0xf3);
        }
        int rex = random.nextInt(16) & (chance(2) ? 15 : 7);
        if (form.rexW() >= 0) {
            rex = rex & 7 | form.rexW() << 3;
        }
        if (segments) {
            rex &= ~4;
        }
        if (rex != 0 && (form.rexW() == 1 || !chance(3))) {
            out.write(0x40 | rex);
        } else {
            rex = 0;
        }
        if (form.map() > 0) {
            out.write(0x0f);
        }
        if (form.map() > 1) {
            out.write(form.map() == 2 ? 0x38 : 0x3a);
        }
        out.write(form.opcodeByte() + random.nextInt(form.opcodeCount()));
        int ripDisplacement = -1;
        if (form.hasModRm()) {
            ripDisplacement = modRm(out, memory, segments, target, index);
        }
        immediates(out, target);
        byte[] bytes = out.toByteArray();
        if (ripDisplacement >= 0) {
            put(bytes, ripDisplacement, target - codeAddress - bytes.length);
        }
        return bytes;
    }

    private boolean variableSize() {
        if (form.forced64() || form.prefix() == Form.NO_PREFIX || form.prefix() == 0x66) {
            return false;
        }
        boolean operands = form.operands().stream().anyMatch(o -> o.size() < 0 || o.memorySize() < 0);
        return !form.byteSize() && (operands || form.operands().isEmpty() && form.map() == 0 || form.default64());
    }

    /** Returns where the displacement of a RIP-relative operand is, or -1. */
    private int modRm(ByteArrayOutputStream out, boolean memory, boolean segments, long target, int index) {
        if (form.modRm() >= 0) {
            out.write(form.modRm() + random.nextInt(form.modRmCount()));
            return -1;
        }
        int reg = (form.extension() >= 0 ? form.extension() : random.nextInt(segments ? 6 : 8)) << 3;
        if (!memory) {
            out.write(0xc0 | reg | random.nextInt(8));
            return -1;
        }
        int mod = random.nextInt(3);
        int rm = random.nextInt(8);
        out.write(mod << 6 | reg | rm);
        int sib = random.nextInt(256);
        if (rm == 4) {
            out.write(sib);
        }
        if (mod == 0 && rm == 5) {
            int at = out.size();
            write32(out, 0);
            return at;
        }
        if (mod == 0 && rm == 4 && (sib & 7) == 5) {
            boolean noIndex = (sib >> 3 & 7) == 4;
            write32(out, target - (noIndex ? 0 : (long) index << (sib >> 6)));
        } else if (mod == 1) {
            out.write(random.nextInt(256));
        } else if (mod == 2) {
            write32(out, chance(2) ? random.nextInt(1000) : random.nextInt());
        }
        return -1;
    }

    private void immediates(ByteArrayOutputStream out, long target) {
        boolean wide = containsPrefix(out, 0x48);
        boolean narrow = out.size() > 0 && contains(out, 0x66);
        int operandSize = form.forced64() || wide ? 8 : narrow ? 2 : form.default64() ? 8 : 4;
        for (OperandSpec spec : form.operands()) {
            switch (spec.place()) {
                case IMMEDIATE -> {
                    int size = OperandSpec.bytes(spec.size(), operandSize);
                    long value = spec.kind() == Operand.Kind.RELATIVE ? branch(size) : immediate(size);
                    for (int n = 0; n < size; n++) {
                        out.write((int) (value >>> 8 * n));
                    }
                }
                case OFFSET -> {
                    for (int n = 0; n < (contains(out, 0x67) ? 4 : 8); n++) {
                        out.write((int) (target >>> 8 * n));
                    }
                }
                default -> { }
            }
        }
    }

    /** A target near by, but never within the instruction. */
    private long branch(int size) {
        int distance = random.nextInt(size == 1 ? 100 : 1000);
        return random.nextBoolean() ? distance : -Decoder.MAX_LENGTH - distance;
    }

    private long immediate(int size) {
        if (form.opcode() == Opcode.ENTER) {
            return random.nextInt(size == 1 ? 5 : 64);
        }
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(20);
            case 1 -> -1 - random.nextInt(20);
            case 2 -> (1L << 8 * size - 1) - random.nextInt(2);
            default -> random.nextLong();
        };
    }

    /** Whether there is a REX prefix with the bits of {@code rex} set; prefixes come first, so that the first byte that is none ends the search. */
    private static boolean containsPrefix(ByteArrayOutputStream out, int rex) {
        for (byte b : out.toByteArray()) {
            if ((b & 0xf0) == 0x40) {
                return (b & rex) == rex;
            }
            if (!isPrefix(b & 0xff)) {
                return false;
            }
        }
        return false;
    }

    private static boolean contains(ByteArrayOutputStream out, int prefix) {
        for (byte b : out.toByteArray()) {
            if ((b & 0xff) == prefix) {
                return true;
            }
            if (!isPrefix(b & 0xff)) {
                return false;
            }
        }
        return false;
    }

    private static boolean isPrefix(int b) {
        return switch (b) {
            case 0x66, 0x67, 0x64, 0x65, 0xf0, 0xf2, 0xf3 -> true;
            default -> false;
        };
    }

    private static void write32(ByteArrayOutputStream out, long value) {
        for (int n = 0; n < 4; n++) {
            out.write((int) (value >>> 8 * n));
        }
    }

    private static void put(byte[] bytes, int at, long value) {
        for (int n = 0; n < 4; n++) {
            bytes[at + n] = (byte) (value >>> 8 * n);
        }
    }
}
