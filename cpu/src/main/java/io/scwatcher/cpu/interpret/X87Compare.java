package io.scwatcher.cpu.interpret;

import static io.scwatcher.cpu.decode.Opcode.*;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.decode.Opcode;
import io.scwatcher.cpu.floating.Conversion;
import io.scwatcher.cpu.floating.Extended;
import io.scwatcher.cpu.floating.Format;
import io.scwatcher.cpu.floating.SoftFloat;
import io.scwatcher.cpu.floating.X87;

/**
 * The x87 instructions that compare, classify and move by condition: SDM vol. 1, 8.3.6, and FCMOVcc. An unmasked exception of a comparison prevents the
 * pop, but not the result, as AMD's processors have it.
 */
final class X87Compare {
    static final int CF = 1, PF = 4, ZF = 0x40;
    private static final Extended NULL = new Extended();

    private X87Compare() {
    }

    static void register(Handlers handlers) {
        toStatus(handlers, false, 0, FCOM, FICOM);
        toStatus(handlers, false, 1, FCOMP, FICOMP);
        toStatus(handlers, false, 2, FCOMPP);
        toStatus(handlers, true, 0, FUCOM);
        toStatus(handlers, true, 1, FUCOMP);
        toStatus(handlers, true, 2, FUCOMPP);
        handlers.add(X87Compare::test, FTST);
        handlers.add((cpu, in) -> toFlags(cpu, in, false, false), FCOMI);
        handlers.add((cpu, in) -> toFlags(cpu, in, false, true), FCOMIP);
        handlers.add((cpu, in) -> toFlags(cpu, in, true, false), FUCOMI);
        handlers.add((cpu, in) -> toFlags(cpu, in, true, true), FUCOMIP);
        handlers.add(X87Compare::examine, FXAM);
        conditional(handlers, 2, FCMOVB, FCMOVNB);
        conditional(handlers, 4, FCMOVE, FCMOVNE);
        conditional(handlers, 6, FCMOVBE, FCMOVNBE);
        conditional(handlers, 10, FCMOVU, FCMOVNU);
    }

    private static void toStatus(Handlers handlers, boolean quiet, int pops, Opcode... opcodes) {
        for (Opcode opcode : opcodes) {
            boolean integer = opcode == FICOM || opcode == FICOMP;
            handlers.add((cpu, in) -> {
                X87 x87 = X87Operands.begin(cpu, in);
                SoftFloat f = x87.soft.beginX87(x87.control(), Format.EXTENDED);
                int number = in.operands.isEmpty() ? 1 : in.operand(0).number();
                Extended source = !in.memory ? x87.st(number)
                        : integer ? X87Operands.loadInteger(cpu, in) : X87Operands.loadReal(cpu, in, f);
                boolean empty = x87.isEmpty(0) || !in.memory && x87.isEmpty(number);
                setCodes(x87, f, source, empty, quiet, pops);
            }, opcode);
        }
    }

    private static void test(Cpu cpu, Instruction in) {
        X87 x87 = X87Operands.begin(cpu, in);
        setCodes(x87, x87.soft.beginX87(x87.control(), Format.EXTENDED), NULL, x87.isEmpty(0), false, 0);
    }

    private static void setCodes(X87 x87, SoftFloat f, Extended source, boolean empty, boolean quiet, int pops) {
        int order = empty ? Conversion.UNORDERED : Conversion.compare(f, x87.st(0), source, quiet);
        boolean done = empty ? x87.underflow() : x87.settle();
        x87.setCondition(X87.C0 | X87.C2 | X87.C3, switch (order) {
            case Conversion.LESS -> X87.C0;
            case Conversion.EQUAL -> X87.C3;
            case Conversion.GREATER -> 0;
            default -> X87.C0 | X87.C2 | X87.C3;
        });
        for (int i = 0; i < pops && done; i++) {
            x87.pop();
        }
    }

    private static void toFlags(Cpu cpu, Instruction in, boolean quiet, boolean pop) {
        X87 x87 = X87Operands.begin(cpu, in);
        int number = in.operand(1).number();
        boolean empty = x87.isEmpty(0) || x87.isEmpty(number);
        SoftFloat f = x87.soft.beginX87(x87.control(), Format.EXTENDED);
        int order = empty ? Conversion.UNORDERED : Conversion.compare(f, x87.st(0), x87.st(number), quiet);
        boolean done = empty ? x87.underflow() : x87.settleExceptions();
        setFlags(cpu, order);
        if (done && pop) {
            x87.pop();
        }
    }

    /** The flags of FCOMI and of COMISD (SDM vol. 1, table 8-7); the others become 0. */
    static void setFlags(Cpu cpu, int order) {
        int flags = switch (order) {
            case Conversion.LESS -> CF;
            case Conversion.EQUAL -> ZF;
            case Conversion.GREATER -> 0;
            default -> CF | PF | ZF;
        };
        cpu.setStatusFlags(flags);
    }

    private static void examine(Cpu cpu, Instruction in) {
        X87 x87 = X87Operands.begin(cpu, in);
        Extended value = x87.st(0);
        int codes;
        if (x87.isEmpty(0)) {
            codes = X87.C3 | X87.C0;
        } else if (value.isUnsupported()) {
            codes = 0;
        } else if (value.isNaN()) {
            codes = X87.C0;
        } else if (value.isInfinite()) {
            codes = X87.C2 | X87.C0;
        } else if (value.isZero()) {
            codes = X87.C3;
        } else if (value.isDenormal()) {
            codes = X87.C3 | X87.C2;
        } else {
            codes = X87.C2;
        }
        x87.setCondition(X87.C0 | X87.C1 | X87.C2 | X87.C3, codes | (value.isNegative() ? X87.C1 : 0));
    }

    /** @param condition as Jcc encodes it */
    private static void conditional(Handlers handlers, int condition, Opcode ifTrue, Opcode ifFalse) {
        handlers.add((cpu, in) -> move(cpu, in, cpu.condition(condition)), ifTrue);
        handlers.add((cpu, in) -> move(cpu, in, !cpu.condition(condition)), ifFalse);
    }

    private static void move(Cpu cpu, Instruction in, boolean condition) {
        X87 x87 = X87Operands.begin(cpu, in);
        int number = in.operand(1).number();
        if (x87.isEmpty(0) || x87.isEmpty(number)) {
            if (x87.underflow()) {
                x87.put(0, x87.soft.result.setIndefinite());
            }
        } else if (condition) {
            x87.put(0, x87.st(number));
        }
    }
}
