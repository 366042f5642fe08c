package io.scwatcher.cpu.decode;

/**
 * Where a form's operand comes from. Written in the tables as the manual writes it (SDM vol. 2, appendix A.2): a letter for the place, then the size.
 * <pre>
 *   E general register or memory (ModRM.rm)     R general register (ModRM.rm)     M memory (ModRM.rm)
 *   G general register (ModRM.reg)              Z general register (low bits of the opcode)
 *   W XMM register or memory    U XMM register (ModRM.rm)    V XMM register (ModRM.reg)
 *   Q MMX register or memory    N MMX register (ModRM.rm)    P MMX register (ModRM.reg)
 *   S segment register (ModRM.reg)    I immediate    J relative branch    O memory at an absolute offset
 *   RxMy general register of size x, or memory of size y (ModRM.rm)
 *   STi, ST0, AL, Av, CL, DX, XMM0, FS, GS, 1: fixed
 * </pre>
 * Sizes: b 1, w 2, d 4, q 8, t 10, dq 16 bytes; v 2, 4 or 8 by operand size; z 2 or 4; y 4 or 8; decimal digits: so many bytes; none: no size of its own.
 *
 * @param kind         of the operand, when it is not memory
 * @param size         of the register or immediate: bytes, or {@link #V}, {@link #Y}, {@link #Z}
 * @param memorySize   of the memory operand, likewise
 * @param fixed        number of a fixed register, or value of a fixed immediate
 */
record OperandSpec(Place place, Operand.Kind kind, int size, int memorySize, int fixed) {
    /** From which part of the encoding it comes. */
    enum Place { REG, RM, OPCODE, FIXED, IMMEDIATE, OFFSET }

    static final int V = -1;
    static final int Z = -2;
    static final int Y = -3;

    static OperandSpec parse(String text) {
        switch (text) {
            case "STi": return new OperandSpec(Place.RM, Operand.Kind.ST, 10, 10, 0);
            case "ST0": return fixed(Operand.Kind.ST, 10, 0);
            case "AL": return fixed(Operand.Kind.GPR, 1, 0);
            case "Av": return fixed(Operand.Kind.GPR, V, 0);
            case "AX": return fixed(Operand.Kind.GPR, 2, 0);
            case "CL": return fixed(Operand.Kind.GPR, 1, 1);
            case "DX": return fixed(Operand.Kind.GPR, 2, 2);
            case "XMM0": return fixed(Operand.Kind.XMM, 16, 0);
            case "FS": return fixed(Operand.Kind.SEGMENT, 2, Instruction.FS);
            case "GS": return fixed(Operand.Kind.SEGMENT, 2, Instruction.GS);
            case "1": return fixed(Operand.Kind.IMMEDIATE, 1, 1);
            default:
        }
        String suffix = text.substring(1);
        int m = suffix.indexOf('M');
        int size = size(m < 0 ? suffix : suffix.substring(0, m));
        int memorySize = m < 0 ? size : size(suffix.substring(m + 1));
        return switch (text.charAt(0)) {
            case 'E', 'R' -> new OperandSpec(Place.RM, Operand.Kind.GPR, size, memorySize, 0);
            case 'M' -> new OperandSpec(Place.RM, Operand.Kind.MEMORY, size, memorySize, 0);
            case 'G' -> new OperandSpec(Place.REG, Operand.Kind.GPR, size, size, 0);
            case 'Z' -> new OperandSpec(Place.OPCODE, Operand.Kind.GPR, size, size, 0);
            case 'W', 'U' -> new OperandSpec(Place.RM, Operand.Kind.XMM, 16, memorySize, 0);
            case 'V' -> new OperandSpec(Place.REG, Operand.Kind.XMM, 16, 16, 0);
            case 'Q', 'N' -> new OperandSpec(Place.RM, Operand.Kind.MMX, 8, memorySize, 0);
            case 'P' -> new OperandSpec(Place.REG, Operand.Kind.MMX, 8, 8, 0);
            case 'S' -> new OperandSpec(Place.REG, Operand.Kind.SEGMENT, size, size, 0);
            case 'I' -> new OperandSpec(Place.IMMEDIATE, Operand.Kind.IMMEDIATE, size, size, 0);
            case 'J' -> new OperandSpec(Place.IMMEDIATE, Operand.Kind.RELATIVE, size, size, 0);
            case 'O' -> new OperandSpec(Place.OFFSET, Operand.Kind.MEMORY, size, size, 0);
            default -> throw new IllegalArgumentException("operand " + text);
        };
    }

    /** Whether it is a byte of a general register or of memory. */
    boolean isByte() {
        return size == 1 && place != Place.IMMEDIATE && kind != Operand.Kind.IMMEDIATE;
    }

    /** Whether the operand may be memory, or must be: 'M' and 'E' but not 'R' without a memory size. */
    static boolean allowsMemory(String text) {
        return switch (text.charAt(0)) {
            case 'E', 'M', 'W', 'Q' -> true;
            case 'R' -> text.indexOf('M') > 0;
            default -> false;
        };
    }

    private static OperandSpec fixed(Operand.Kind kind, int size, int number) {
        return new OperandSpec(Place.FIXED, kind, size, size, number);
    }

    private static int size(String suffix) {
        return switch (suffix) {
            case "" -> 0;
            case "b" -> 1;
            case "w" -> 2;
            case "d" -> 4;
            case "q" -> 8;
            case "t" -> 10;
            case "dq" -> 16;
            case "v" -> V;
            case "z" -> Z;
            case "y" -> Y;
            default -> Integer.parseInt(suffix);
        };
    }

    /** @param spec {@link #size} or {@link #memorySize} */
    static int bytes(int spec, int operandSize) {
        return switch (spec) {
            case V -> operandSize;
            case Z -> Math.min(operandSize, 4);
            case Y -> Math.max(operandSize, 4);
            default -> spec;
        };
    }
}
