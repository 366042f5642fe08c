package io.scwatcher.cpu.compile;

import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.decode.Opcode;
import io.scwatcher.cpu.decode.Operand;
import io.scwatcher.cpu.packed.PackedIntegers;
import io.scwatcher.cpu.packed.PackedShuffles;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.reflect.Method;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Bytecode for packed integers and shuffles: calls of the interpreter's own operations on quadwords, which the JVM inlines. */
final class PackedTranslator {
    private static final ClassDesc INTEGERS = RegionCode.desc(PackedIntegers.class);
    private static final ClassDesc SHUFFLES = RegionCode.desc(PackedShuffles.class);

    /** Operations whose low result comes from the low quadwords and whose high result from the high ones, by mnemonic. */
    private static final Set<String> LANEWISE = Stream.of(PackedIntegers.class.getMethods())
            .filter(method -> method.getReturnType() == long.class && Stream.of(method.getParameterTypes()).allMatch(type -> type == long.class))
            .filter(method -> method.getParameterCount() == 2)
            .map(Method::getName).collect(Collectors.toSet());

    private static final int RCX = 1;

    private final VectorTranslator vectors;
    private final RegionCode code;
    private final CodeBuilder c;

    PackedTranslator(VectorTranslator vectors, RegionCode code) {
        this.vectors = vectors;
        this.code = code;
        this.c = code.c;
    }

    boolean translate(Instruction in) {
        String name = in.opcode.name().toLowerCase(Locale.ROOT);
        switch (in.opcode) {
            case PSLLW, PSLLD, PSLLQ, PSRLW, PSRLD, PSRLQ, PSRAW, PSRAD -> shift(in, name);
            case ANDPS, ANDPD -> lanewise(in, "pand");
            case ANDNPS, ANDNPD -> lanewise(in, "pandn");
            case ORPS, ORPD -> lanewise(in, "por");
            case PXOR, XORPS, XORPD -> exclusiveOr(in);
            case PUNPCKLBW, PUNPCKLWD, PUNPCKLDQ -> unpack(in, name, 0);
            case PUNPCKHBW -> unpack(in, "punpcklbw", 1);
            case PUNPCKHWD -> unpack(in, "punpcklwd", 1);
            case PUNPCKHDQ -> unpack(in, "punpckldq", 1);
            case UNPCKLPS -> unpack(in, "punpckldq", 0);
            case UNPCKHPS -> unpack(in, "punpckldq", 1);
            case PUNPCKLQDQ, UNPCKLPD -> pair(in, 0);
            case PUNPCKHQDQ, UNPCKHPD -> pair(in, 1);
            case PACKSSWB, PACKUSWB, PACKSSDW, PACKUSDW -> pack(in, name);
            case PSHUFD -> shuffleDoublewords(in, (int) in.immediate);
            case PSHUFLW -> shuffleWords(in, 0);
            case PSHUFHW -> shuffleWords(in, 1);
            case SHUFPS -> shuffleSingles(in);
            case PSLLDQ, PSRLDQ -> shiftBytes(in);
            case PALIGNR -> align(in);
            case PSHUFB -> shuffleBytes(in);
            case PMOVMSKB -> byteMask(in);
            case MOVMSKPD -> doubleMask(in);
            case PEXTRW -> {
                return extractWord(in);
            }
            case PINSRW -> insertWord(in);
            case PCMPISTRI -> compareStrings(in);
            default -> {
                if (!LANEWISE.contains(name)) {
                    return false;
                }
                lanewise(in, name);
            }
        }
        return true;
    }

    private void operation(ClassDesc owner, String name) {
        c.invokestatic(owner, name, RegionCode.signature(RegionCode.LONG, RegionCode.LONG, RegionCode.LONG));
    }

    /** Sets both halves of the destination from the two locals. */
    private void set(Instruction in, int low, int high) {
        vectors.put(in.operand(0).number(), 0, low);
        vectors.put(in.operand(0).number(), 1, high);
    }

    private void lanewise(Instruction in, String name) {
        int source = vectors.source(in, true);
        for (int half = 0; half < 2; half++) {
            vectors.get(in.reg, half);
            c.lload(source + 2 * half);
            operation(INTEGERS, name);
            code.setVector(in.reg, half);
        }
    }

    private void exclusiveOr(Instruction in) {
        if (!in.memory && in.reg == in.rm) {
            vectors.putZero(in.reg, 0);
            vectors.putZero(in.reg, 1);
        } else {
            lanewise(in, "pxor");
        }
    }

    private void shift(Instruction in, String name) {
        int to = in.operand(0).number();
        int count = code.temporaryLong();
        if (in.operand(1).kind() == Operand.Kind.IMMEDIATE) {
            c.loadConstant(in.immediate & 0xff).lstore(count);
        } else {
            c.lload(vectors.source(in, true)).lstore(count);
        }
        for (int half = 0; half < 2; half++) {
            vectors.get(to, half);
            c.lload(count);
            operation(INTEGERS, name);
            code.setVector(to, half);
        }
    }

    /** Interleaves the low or the high quadwords of destination and source. */
    private void unpack(Instruction in, String lowName, int half) {
        int source = vectors.source(in, true);
        int low = code.temporaryLong();
        int high = code.temporaryLong();
        vectors.get(in.reg, half);
        c.lload(source + 2 * half);
        operation(SHUFFLES, lowName);
        c.lstore(low);
        vectors.get(in.reg, half);
        c.lload(source + 2 * half);
        operation(SHUFFLES, lowName.replace("punpckl", "punpckh"));
        c.lstore(high);
        set(in, low, high);
    }

    private void pair(Instruction in, int half) {
        int source = vectors.source(in, true);
        int low = code.temporaryLong();
        vectors.get(in.reg, half);
        c.lstore(low);
        set(in, low, source + 2 * half);
    }

    private void pack(Instruction in, String name) {
        int source = vectors.source(in, true);
        int low = code.temporaryLong();
        int high = code.temporaryLong();
        vectors.get(in.reg, 0);
        vectors.get(in.reg, 1);
        operation(SHUFFLES, name);
        c.lstore(low);
        c.lload(source).lload(source + 2);
        operation(SHUFFLES, name);
        c.lstore(high);
        set(in, low, high);
    }

    private void doublewords(int low, int selector) {
        c.lload(low).lload(low + 2).loadConstant(selector);
        c.invokestatic(VectorTranslator.SUPPORT, "doublewords", RegionCode.signature(RegionCode.LONG, RegionCode.LONG, RegionCode.LONG, RegionCode.INT));
    }

    private void shuffleDoublewords(Instruction in, int selector) {
        int source = vectors.source(in, true);
        int low = code.temporaryLong();
        int high = code.temporaryLong();
        doublewords(source, selector & 15);
        c.lstore(low);
        doublewords(source, selector >> 4 & 15);
        c.lstore(high);
        set(in, low, high);
    }

    private void shuffleWords(Instruction in, int half) {
        int source = vectors.source(in, true);
        c.lload(source + 2 * half).loadConstant((int) in.immediate & 0xff);
        c.invokestatic(SHUFFLES, "pshufw", RegionCode.signature(RegionCode.LONG, RegionCode.LONG, RegionCode.INT));
        code.setVector(in.reg, half);
        vectors.put(in.reg, 1 - half, source + 2 * (1 - half));
    }

    private void shuffleSingles(Instruction in) {
        int source = vectors.source(in, true);
        int old = Locals.vector(in.reg);
        int low = code.temporaryLong();
        int high = code.temporaryLong();
        doublewords(old, (int) in.immediate & 15);
        c.lstore(low);
        doublewords(source, (int) in.immediate >> 4 & 15);
        c.lstore(high);
        set(in, low, high);
    }

    private void quadwordAt(int low, int high, int offset) {
        if (offset >= 16) {
            c.lconst_0();
        } else {
            c.lload(low).lload(high).loadConstant(offset);
            c.invokestatic(SHUFFLES, "quadwordAt", RegionCode.signature(RegionCode.LONG, RegionCode.LONG, RegionCode.LONG, RegionCode.INT));
        }
    }

    private void shiftBytes(Instruction in) {
        int count = (int) in.immediate & 0xff;
        int old = Locals.vector(in.operand(0).number());
        int low = code.temporaryLong();
        int high = code.temporaryLong();
        int zero = code.temporaryLong();
        c.lconst_0().lstore(zero);
        if (in.opcode == Opcode.PSRLDQ) {
            quadwordAt(old, old + 2, count);
            c.lstore(low);
            quadwordAt(old, old + 2, count + 8);
            c.lstore(high);
        } else if (count <= 8) {
            quadwordAt(zero, old, 8 - count);
            c.lstore(low);
            quadwordAt(old, old + 2, 8 - count);
            c.lstore(high);
        } else {
            c.lconst_0().lstore(low);
            quadwordAt(zero, old, Math.max(0, 16 - count));
            c.lstore(high);
        }
        set(in, low, high);
    }

    /** The 32 bytes of source and destination, shifted right. */
    private void align(Instruction in) {
        int count = (int) in.immediate & 0xff;
        int source = vectors.source(in, true);
        int old = Locals.vector(in.reg);
        int low = code.temporaryLong();
        int high = code.temporaryLong();
        alignedQuadword(source, old, count);
        c.lstore(low);
        alignedQuadword(source, old, count + 8);
        c.lstore(high);
        set(in, low, high);
    }

    private void alignedQuadword(int source, int old, int offset) {
        if (offset <= 8) {
            quadwordAt(source, source + 2, offset);
        } else if (offset < 16) {
            quadwordAt(source + 2, old, offset - 8);
        } else {
            quadwordAt(old, old + 2, offset - 16);
        }
    }

    private void shuffleBytes(Instruction in) {
        int source = vectors.source(in, true);
        int old = Locals.vector(in.reg);
        int low = code.temporaryLong();
        int high = code.temporaryLong();
        for (int half = 0; half < 2; half++) {
            c.lload(old).lload(old + 2).lload(source + 2 * half);
            c.invokestatic(SHUFFLES, "pshufb", RegionCode.signature(RegionCode.LONG, RegionCode.LONG, RegionCode.LONG, RegionCode.LONG));
            c.lstore(low + 2 * half);
        }
        set(in, low, high);
    }

    private void byteMask(Instruction in) {
        for (int half = 0; half < 2; half++) {
            vectors.get(in.rm, half);
            c.invokestatic(INTEGERS, "pmovmskb", RegionCode.signature(RegionCode.INT, RegionCode.LONG));
        }
        c.loadConstant(8).ishl().ior();
        code.writeRegister(in.reg, 4);
    }

    private void compareStrings(Instruction in) {
        int source = vectors.source(in, false);
        int outcome = code.temporaryLong();
        vectors.get(in.reg, 0);
        vectors.get(in.reg, 1);
        c.lload(source).lload(source + 2).loadConstant((int) in.immediate & 0xff);
        c.invokestatic(VectorTranslator.SUPPORT, "compareStrings",
                RegionCode.signature(RegionCode.LONG, RegionCode.LONG, RegionCode.LONG, RegionCode.LONG, RegionCode.LONG, RegionCode.INT)).lstore(outcome);
        c.lload(outcome).l2i();
        code.writeRegister(RCX, 4);
        for (String part : new String[] {"result", "carries"}) {
            c.lload(outcome).loadConstant(32).lushr().invokestatic(RegionCode.FLAGS, part, RegionCode.signature(RegionCode.LONG, RegionCode.LONG));
            c.lstore(part.equals("result") ? Locals.RESULT : Locals.CARRIES);
        }
    }

    private void doubleMask(Instruction in) {
        vectors.get(in.rm, 0);
        c.loadConstant(63).lushr().l2i();
        vectors.get(in.rm, 1);
        c.loadConstant(62).lushr().l2i().loadConstant(2).iand().ior();
        code.writeRegister(in.reg, 4);
    }

    private boolean extractWord(Instruction in) {
        if (in.operand(0).isMemory()) {
            return false;
        }
        int number = (int) in.immediate & 7;
        Operand from = in.operand(1);
        vectors.get(from.number(), number >> 2);
        c.loadConstant(16 * (number & 3)).lushr().l2i().loadConstant(0xffff).iand();
        code.writeRegister(in.operand(0).number(), 4);
        return true;
    }

    private void insertWord(Instruction in) {
        int number = (int) in.immediate & 7;
        int word = code.temporaryInt();
        if (in.memory) {
            code.beginAccess(in);
            code.address(in);
            code.load(2);
        } else {
            code.readRegister(in.rm, 4);
        }
        c.istore(word);
        vectors.get(in.reg, number >> 2);
        c.iload(word).loadConstant(number & 3);
        c.invokestatic(VectorTranslator.SUPPORT, "insertWord", RegionCode.signature(RegionCode.LONG, RegionCode.LONG, RegionCode.INT, RegionCode.INT));
        code.setVector(in.reg, number >> 2);
    }
}
