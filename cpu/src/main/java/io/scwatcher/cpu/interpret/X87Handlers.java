package io.scwatcher.cpu.interpret;

import static io.scwatcher.cpu.decode.Opcode.*;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.decode.Opcode;
import io.scwatcher.cpu.floating.Arithmetic;
import io.scwatcher.cpu.floating.Conversion;
import io.scwatcher.cpu.floating.Extended;
import io.scwatcher.cpu.floating.Format;
import io.scwatcher.cpu.floating.Scaling;
import io.scwatcher.cpu.floating.SoftFloat;
import io.scwatcher.cpu.floating.Transcendental;
import io.scwatcher.cpu.floating.X87;

/** The x87 instructions that compute: SDM vol. 1, 8.3, and vol. 2 for each. */
final class X87Handlers {
    private X87Handlers() {
    }

    /** An operation with two operands; the result is in {@code f.result}. */
    private interface Binary {
        void apply(SoftFloat f, Extended a, Extended b);
    }

    private interface Unary {
        void apply(SoftFloat f, Extended a);
    }

    static void register(Handlers handlers) {
        arithmetic(handlers, Arithmetic::add, FADD, FIADD, FADDP);
        arithmetic(handlers, Arithmetic::multiply, FMUL, FIMUL, FMULP);
        arithmetic(handlers, Arithmetic::subtract, FSUB, FISUB, FSUBP);
        arithmetic(handlers, (f, a, b) -> Arithmetic.subtract(f, b, a), FSUBR, FISUBR, FSUBRP);
        arithmetic(handlers, Arithmetic::divide, FDIV, FIDIV, FDIVP);
        arithmetic(handlers, (f, a, b) -> Arithmetic.divide(f, b, a), FDIVR, FIDIVR, FDIVRP);

        unary(handlers, FSQRT, Arithmetic::squareRoot, true);
        unary(handlers, FRNDINT, (f, a) -> Conversion.roundToIntegral(f, a, true), false);
        unary(handlers, F2XM1, Transcendental::exponential, false);
        sign(handlers, FABS, value -> value & 0x7FFF);
        sign(handlers, FCHS, value -> value ^ 0x8000);

        handlers.add((cpu, in) -> binary(cpu, in, Scaling::scale, false), FSCALE);
        handlers.add((cpu, in) -> binary(cpu, in, (f, a, b) -> Transcendental.logarithm(f, b, a), true), FYL2X);
        handlers.add((cpu, in) -> binary(cpu, in, (f, a, b) -> Transcendental.logarithmPlusOne(f, b, a), true), FYL2XP1);
        handlers.add((cpu, in) -> binary(cpu, in, (f, a, b) -> Transcendental.arctangent(f, b, a), true), FPATAN);
        handlers.add((cpu, in) -> remainder(cpu, in, false), FPREM);
        handlers.add((cpu, in) -> remainder(cpu, in, true), FPREM1);
        handlers.add(X87Handlers::extract, FXTRACT);
        handlers.add((cpu, in) -> trigonometric(cpu, in, Transcendental::sine, null), FSIN);
        handlers.add((cpu, in) -> trigonometric(cpu, in, Transcendental::cosine, null), FCOS);
        handlers.add((cpu, in) -> trigonometric(cpu, in, Transcendental::sine, Transcendental::cosine), FSINCOS);
        handlers.add((cpu, in) -> trigonometric(cpu, in, Transcendental::tangent, (f, a) -> f.result.setLong(1)), FPTAN);
    }

    private static void arithmetic(Handlers handlers, Binary operation, Opcode real, Opcode integer, Opcode popping) {
        handlers.add((cpu, in) -> arithmetic(cpu, in, operation, false), real);
        handlers.add((cpu, in) -> arithmetic(cpu, in, operation, true), integer);
        handlers.add((cpu, in) -> {
            if (arithmetic(cpu, in, operation, false)) {
                cpu.x87.pop();
            }
        }, popping);
    }

    private static boolean arithmetic(Cpu cpu, Instruction in, Binary operation, boolean integer) {
        X87 x87 = X87Operands.begin(cpu, in);
        SoftFloat f = x87.soft.beginX87(x87.control(), Format.ofPrecisionControl(x87.control()));
        int destination = 0;
        Extended source;
        if (in.memory) {
            source = integer ? X87Operands.loadInteger(cpu, in) : X87Operands.loadReal(cpu, in, f);
        } else {
            destination = in.operand(0).number();
            int number = in.operand(1).number();
            source = x87.st(number);
            if (x87.isEmpty(number)) {
                return underflow(x87, destination);
            }
        }
        if (x87.isEmpty(destination)) {
            return underflow(x87, destination);
        }
        operation.apply(f, x87.st(destination), source);
        return deliver(x87, destination);
    }

    /** Writes the result, unless an unmasked exception prevents it. */
    private static boolean deliver(X87 x87, int destination) {
        boolean delivered = x87.settle();
        if (delivered) {
            x87.put(destination, x87.soft.result);
        }
        return delivered;
    }

    private static boolean underflow(X87 x87, int destination) {
        boolean masked = x87.underflow();
        if (masked) {
            x87.put(destination, x87.soft.result.setIndefinite());
        }
        return masked;
    }

    private static void unary(Handlers handlers, Opcode opcode, Unary operation, boolean precisionControlled) {
        handlers.add((cpu, in) -> {
            X87 x87 = X87Operands.begin(cpu, in);
            if (x87.isEmpty(0)) {
                underflow(x87, 0);
                return;
            }
            Format format = precisionControlled ? Format.ofPrecisionControl(x87.control()) : Format.EXTENDED;
            operation.apply(x87.soft.beginX87(x87.control(), format), x87.st(0));
            deliver(x87, 0);
        }, opcode);
    }

    /** FABS and FCHS work on whatever is in the register, and raise nothing. */
    private static void sign(Handlers handlers, Opcode opcode, java.util.function.IntUnaryOperator change) {
        handlers.add((cpu, in) -> {
            X87 x87 = X87Operands.begin(cpu, in);
            if (x87.isEmpty(0)) {
                underflow(x87, 0);
                return;
            }
            x87.setCondition(X87.C1, 0);
            Extended value = x87.st(0);
            value.signExponent = change.applyAsInt(value.signExponent);
        }, opcode);
    }

    /** On ST(0) and ST(1), to ST(0); those that pop leave it where ST(1) was. */
    private static void binary(Cpu cpu, Instruction in, Binary operation, boolean pops) {
        X87 x87 = X87Operands.begin(cpu, in);
        int destination = pops ? 1 : 0;
        boolean done;
        if (x87.isEmpty(0) || x87.isEmpty(1)) {
            done = underflow(x87, destination);
        } else {
            operation.apply(x87.soft.beginX87(x87.control(), Format.EXTENDED), x87.st(0), x87.st(1));
            done = deliver(x87, destination);
        }
        if (done && pops) {
            x87.pop();
        }
    }

    private static void remainder(Cpu cpu, Instruction in, boolean nearest) {
        X87 x87 = X87Operands.begin(cpu, in);
        x87.setCondition(X87.C2, 0);
        if (x87.isEmpty(0) || x87.isEmpty(1)) {
            underflow(x87, 0);
            return;
        }
        int quotient = Scaling.remainder(x87.soft.beginX87(x87.control(), Format.EXTENDED), x87.st(0), x87.st(1), nearest);
        if (deliver(x87, 0) && quotient != Scaling.NONE) {
            int codes = ((quotient & 4) != 0 ? X87.C0 : 0) | ((quotient & 2) != 0 ? X87.C3 : 0) | ((quotient & 1) != 0 ? X87.C1 : 0);
            x87.setCondition(X87.C0 | X87.C1 | X87.C2 | X87.C3, quotient == Scaling.PARTIAL ? X87.C2 : codes);
        }
    }

    private static void extract(Cpu cpu, Instruction in) {
        X87 x87 = X87Operands.begin(cpu, in);
        if (x87.isEmpty(0)) {
            if (x87.underflow()) {
                x87.put(0, x87.soft.result.setIndefinite());
                x87.push(x87.soft.result);
            }
        } else if (x87.hasRoomBeside()) {
            Extended exponent = new Extended();
            Scaling.extract(x87.soft.beginX87(x87.control(), Format.EXTENDED), x87.st(0), exponent);
            if (x87.settle()) {
                x87.put(0, exponent);
                x87.push(x87.soft.result);
            }
        }
    }

    /** @param pushed what is pushed after the result has replaced ST(0), or null */
    private static void trigonometric(Cpu cpu, Instruction in, Unary operation, Unary pushed) {
        X87 x87 = X87Operands.begin(cpu, in);
        x87.setCondition(X87.C2, 0);
        if (x87.isEmpty(0)) {
            if (underflow(x87, 0) && pushed != null) {
                x87.push(x87.soft.result);
            }
            return;
        }
        if (pushed != null && !x87.hasRoomBeside()) {
            return;
        }
        Extended angle = x87.st(0);
        if (Transcendental.isOutOfRange(angle)) {
            x87.setCondition(X87.C1 | X87.C2, X87.C2);
            return;
        }
        Extended second = null;
        if (pushed != null) {
            pushed.apply(x87.soft.beginX87(x87.control(), Format.EXTENDED), angle);
            second = new Extended().set(x87.soft.result);
        }
        operation.apply(x87.soft.beginX87(x87.control(), Format.EXTENDED), angle);
        if (deliver(x87, 0) && pushed != null) {
            x87.push(x87.st(0).isNaN() ? x87.st(0) : second);
        }
    }
}
