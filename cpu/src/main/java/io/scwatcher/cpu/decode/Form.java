package io.scwatcher.cpu.decode;

import java.util.ArrayList;
import java.util.List;

/**
 * One row of the decoding tables: an encoding and what it means. A row is text in the manual's notation, {@code encoding | mnemonic operands | attributes}:
 * <pre>
 *   01       | ADD Ev,Gv          | lock        81 /0 ... ModRM.reg is part of the opcode
 *   F3 0F B8 | POPCNT Gv,Ev       |             66, F3, F2: mandatory prefix; NP: none of them; not given: any, without meaning for the choice
 *   50+r     | PUSH Zv            | d64         +r: 8 opcodes with a register in the low bits; 70+cc: 16 with a condition
 *   D8 C0+i  | FADD ST0,STi       |             a byte behind the opcode: the whole ModRM byte, here C0 to C7
 *   W 0F C7 /1 | CMPXCHG16B Mdq   | lock        W: only with REX.W; W0: only without; NB: only without REX.B
 * </pre>
 * Attributes: {@code lock} may be locked if the destination is memory; {@code byte} operand size 1 (as if the first operand has one byte); {@code d64} operand size 8 by default, 2 with prefix 66;
 * {@code f64} always 8; {@code rep} F3 and F2 repeat it; {@code end} it ends a block, since it does not go on at the next instruction or changes what the
 * next one means. {@link OperandSpec} explains operands.
 */
public final class Form {
    /** Mandatory prefix: any; none; or the byte itself. */
    static final int ANY_PREFIX = -1;
    static final int NO_PREFIX = 0;

    private final Family family;
    private final String text;
    private final Opcode opcode;
    private final List<OperandSpec> operands = new ArrayList<>();
    private final boolean lockable;
    private final boolean byteSize;
    private final boolean default64;
    private final boolean forced64;
    private final boolean repeatable;
    private final boolean endsBlock;
    private boolean relative;
    private boolean hasModRm;
    private boolean allowsMemory = true;
    private boolean allowsRegister = true;
    private int immediateSpecs;

    private int prefix = ANY_PREFIX;
    /** 1, 0, or -1 for either. */
    private int rexW = -1;
    private boolean noRexB;
    private int map;
    private int opcodeByte;
    private int opcodeCount = 1;
    /** ModRM.reg that this row wants, or -1. */
    private int extension = -1;
    /** The ModRM byte that this row wants, and how many from there on, or -1. */
    private int modRm = -1;
    private int modRmCount = 1;

    /** @throws IllegalArgumentException if the row is not as described */
    Form(Family family, String row) {
        this.family = family;
        String[] columns = row.split("\\|", -1);
        if (columns.length != 3) {
            throw new IllegalArgumentException("not three columns: " + row);
        }
        text = columns[1].strip();
        parseEncoding(columns[0].strip());
        int space = text.indexOf(' ');
        opcode = Opcode.valueOf(space < 0 ? text : text.substring(0, space));
        if (space >= 0) {
            for (String operand : text.substring(space).strip().split(",")) {
                addOperand(operand.strip());
            }
        }
        hasModRm |= extension >= 0 || modRm >= 0;
        List<String> attributes = List.of(columns[2].strip().split(" "));
        lockable = attributes.contains("lock");
        byteSize = attributes.contains("byte") || !operands.isEmpty() && operands.getFirst().isByte();
        default64 = attributes.contains("d64");
        forced64 = attributes.contains("f64");
        repeatable = attributes.contains("rep");
        endsBlock = attributes.contains("end");
    }

    private void parseEncoding(String encoding) {
        List<String> tokens = new ArrayList<>(List.of(encoding.split(" ")));
        while (true) {
            switch (tokens.getFirst()) {
                case "NP" -> prefix = NO_PREFIX;
                case "66", "F2", "F3" -> {
                    if (tokens.size() == 1 || !tokens.get(1).equals("0F") && !tokens.get(1).equals("90")) {
                        throw new IllegalArgumentException(encoding);
                    }
                    prefix = Integer.parseInt(tokens.getFirst(), 16);
                }
                case "W" -> rexW = 1;
                case "W0" -> rexW = 0;
                case "NB" -> noRexB = true;
                default -> {
                    parseOpcode(tokens);
                    return;
                }
            }
            tokens.removeFirst();
        }
    }

    private void parseOpcode(List<String> tokens) {
        if (tokens.getFirst().equals("0F")) {
            tokens.removeFirst();
            map = switch (tokens.getFirst()) {
                case "38" -> 2;
                case "3A" -> 3;
                default -> 1;
            };
            if (map > 1) {
                tokens.removeFirst();
            }
        }
        String opcodeToken = tokens.removeFirst();
        opcodeByte = Integer.parseInt(opcodeToken.substring(0, 2), 16);
        opcodeCount = switch (opcodeToken.substring(2)) {
            case "" -> 1;
            case "+r" -> 8;
            case "+cc" -> 16;
            default -> throw new IllegalArgumentException(opcodeToken);
        };
        if (!tokens.isEmpty()) {
            String last = tokens.getFirst();
            if (last.startsWith("/")) {
                extension = Integer.parseInt(last.substring(1));
            } else {
                modRm = Integer.parseInt(last.substring(0, 2), 16);
                modRmCount = last.endsWith("+i") ? 8 : 1;
            }
        }
    }

    private void addOperand(String token) {
        OperandSpec spec = OperandSpec.parse(token);
        operands.add(spec);
        switch (spec.place()) {
            case RM -> {
                hasModRm = true;
                allowsMemory = OperandSpec.allowsMemory(token);
                allowsRegister = spec.kind() != Operand.Kind.MEMORY;
            }
            case REG -> hasModRm = true;
            case IMMEDIATE -> immediateSpecs++;
            default -> { }
        }
        relative |= spec.kind() == Operand.Kind.RELATIVE;
    }

    /** Whether a ModRM byte with this reg field can mean this row. */
    boolean wantsReg(int reg) {
        return modRm >= 0 ? (modRm >> 3 & 7) == reg : extension < 0 || extension == reg;
    }

    /**
     * Whether this row is meant by what stands there.
     *
     * @param mandatoryPrefix F3 or F2, else 66, else {@link #NO_PREFIX}
     * @param rex the REX prefix, or 0
     * @param modRmByte counts only where there is one
     */
    boolean matches(int mandatoryPrefix, int rex, int modRmByte) {
        if (prefix != ANY_PREFIX && prefix != mandatoryPrefix || rexW >= 0 && rexW != (rex >> 3 & 1) || noRexB && (rex & 1) != 0) {
            return false;
        }
        if (!hasModRm) {
            return true;
        }
        if (modRm >= 0) {
            return modRmByte >= modRm && modRmByte < modRm + modRmCount;
        }
        return wantsReg(modRmByte >> 3 & 7) && (modRmByte >= 0xc0 ? allowsRegister : allowsMemory);
    }

    /** The form's table row, mnemonic and operands. */
    @Override
    public String toString() {
        return text;
    }

    public Family family() {
        return family;
    }

    public Opcode opcode() {
        return opcode;
    }

    List<OperandSpec> operands() {
        return operands;
    }

    /** Whether the immediate is a branch target. */
    public boolean relative() {
        return relative;
    }

    /** Whether a block of instructions cannot go on behind it. */
    public boolean endsBlock() {
        return endsBlock;
    }

    public boolean lockable() {
        return lockable;
    }

    boolean byteSize() {
        return byteSize;
    }

    boolean default64() {
        return default64;
    }

    boolean forced64() {
        return forced64;
    }

    boolean repeatable() {
        return repeatable;
    }

    boolean hasModRm() {
        return hasModRm;
    }

    int immediates() {
        return immediateSpecs;
    }

    /** SDM vol. 2, appendix A: 0 one-byte, 1 0F, 2 0F 38, 3 0F 3A. */
    public int map() {
        return map;
    }

    /** The first of the bytes that select the form within its map. */
    public int opcodeByte() {
        return opcodeByte;
    }

    int opcodeCount() {
        return opcodeCount;
    }

    int prefix() {
        return prefix;
    }

    int rexW() {
        return rexW;
    }

    int extension() {
        return extension;
    }

    int modRm() {
        return modRm;
    }

    int modRmCount() {
        return modRmCount;
    }

    boolean allowsMemory() {
        return allowsMemory;
    }

    boolean allowsRegister() {
        return allowsRegister;
    }
}
