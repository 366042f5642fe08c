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

/** The x87 instructions that load, store, exchange and convert: SDM vol. 1, 8.3.3 and 8.3.4. */
final class X87Moves {
    private X87Moves() {
    }

    static void register(Handlers handlers) {
        handlers.add(X87Moves::load, FLD);
        handlers.add(X87Moves::loadInteger, FILD);
        handlers.add(X87Moves::loadDecimal, FBLD);
        storing(handlers, FST, FSTP, X87Moves::store);
        storing(handlers, FIST, FISTP, (cpu, in) -> storeInteger(cpu, in, false));
        storing(handlers, null, FISTTP, (cpu, in) -> storeInteger(cpu, in, true));
        storing(handlers, null, FBSTP, X87Moves::storeDecimal);
        handlers.add(X87Moves::exchange, FXCH);

        // Rounded towards zero; rounding to nearest and upwards raise the last place of all but log2(10), which only rounding upwards does.
        constant(handlers, FLD1, 0x3FFF, 0x8000000000000000L, 0);
        constant(handlers, FLDL2T, 0x4000, 0xD49A784BCD1B8AFEL, 1 << SoftFloat.UP);
        constant(handlers, FLDL2E, 0x3FFF, 0xB8AA3B295C17F0BBL, 1 << SoftFloat.UP | 1 << SoftFloat.NEAREST);
        constant(handlers, FLDPI, 0x4000, 0xC90FDAA22168C234L, 1 << SoftFloat.UP | 1 << SoftFloat.NEAREST);
        constant(handlers, FLDLG2, 0x3FFD, 0x9A209A84FBCFF798L, 1 << SoftFloat.UP | 1 << SoftFloat.NEAREST);
        constant(handlers, FLDLN2, 0x3FFE, 0xB17217F7D1CF79ABL, 1 << SoftFloat.UP | 1 << SoftFloat.NEAREST);
        constant(handlers, FLDZ, 0, 0, 0);
    }

    /** An instruction that stores ST(0). @see #storing */
    private interface Store {
        /** @return whether it was stored, so that the popping variant pops */
        boolean execute(Cpu cpu, Instruction in);
    }

    private static void storing(Handlers handlers, Opcode keeping, Opcode popping, Store store) {
        if (keeping != null) {
            handlers.add(store::execute, keeping);
        }
        handlers.add((cpu, in) -> {
            if (store.execute(cpu, in)) {
                cpu.x87.pop();
            }
        }, popping);
    }

    private static void load(Cpu cpu, Instruction in) {
        X87 x87 = X87Operands.begin(cpu, in);
        SoftFloat f = x87.soft.beginX87(x87.control(), Format.EXTENDED);
        if (!in.memory) {
            loadRegister(x87, in.operand(0).number());
        } else if (in.operand(0).size() == 10) {
            Extended value = X87Operands.loadExtended(cpu, in.address(cpu));
            if (x87.hasRoom()) {
                x87.push(value);
            }
        } else {
            Extended value = X87Operands.loadReal(cpu, in, f);
            if (x87.hasRoom()) {
                Conversion.convert(f, value);
                // A denormal is loaded even if its exception is unmasked, as AMD's processors have it.
                if (x87.settle() || (f.flags() & SoftFloat.INVALID) == 0) {
                    x87.push(f.result);
                }
            }
        }
    }

    private static void loadRegister(X87 x87, int number) {
        if (x87.isEmpty(number)) {
            if (x87.underflow()) {
                x87.push(x87.soft.result.setIndefinite());
            }
        } else if (x87.hasRoom()) {
            x87.push(x87.st(number));
        }
    }

    private static void loadInteger(Cpu cpu, Instruction in) {
        X87 x87 = X87Operands.begin(cpu, in);
        Extended value = X87Operands.loadInteger(cpu, in);
        if (x87.hasRoom()) {
            x87.push(value);
        }
    }

    private static void loadDecimal(Cpu cpu, Instruction in) {
        X87 x87 = X87Operands.begin(cpu, in);
        byte[] ten = new byte[10];
        for (int i = 0; i < ten.length; i++) {
            ten[i] = (byte) cpu.load8(in.address(cpu) + i);
        }
        if (x87.hasRoom()) {
            Conversion.fromDecimal(ten, x87.memoryOperand);
            x87.push(x87.memoryOperand);
        }
    }

    private static void constant(Handlers handlers, Opcode opcode, int signExponent, long significand, int roundedUpIn) {
        handlers.add((cpu, in) -> {
            X87 x87 = X87Operands.begin(cpu, in);
            if (x87.hasRoom()) {
                int rounding = x87.control() >> 10 & 3;
                x87.push(x87.soft.result.set(signExponent, significand + (roundedUpIn >> rounding & 1)));
            }
        }, opcode);
    }

    private static boolean store(Cpu cpu, Instruction in) {
        X87 x87 = X87Operands.begin(cpu, in);
        SoftFloat f = x87.soft;
        boolean empty = x87.isEmpty(0);
        if (!in.memory || in.operand(0).size() == 10) {
            if (in.memory) {
                cpu.checkWritable(in.address(cpu), 10);
            }
            if (empty && !x87.underflow()) {
                return false;
            }
            x87.setCondition(X87.C1, 0);
            Extended value = empty ? f.result.setIndefinite() : x87.st(0);
            if (in.memory) {
                X87Operands.storeExtended(cpu, in.address(cpu), value);
            } else {
                x87.put(in.operand(0).number(), value);
            }
            return true;
        }
        boolean single = in.operand(0).size() == 4;
        cpu.checkWritable(in.address(cpu), in.operand(0).size());
        if (empty) {
            if (!x87.underflow()) {
                return false;
            }
            f.result.setIndefinite();
        } else {
            Conversion.store(f.beginX87(x87.control(), single ? Format.SINGLE : Format.DOUBLE), x87.st(0));
            if (!x87.settleStore()) {
                return false;
            }
        }
        if (single) {
            cpu.store32(in.address(cpu), f.singleBits());
        } else {
            cpu.store64(in.address(cpu), f.doubleBits());
        }
        return true;
    }

    private static boolean storeInteger(Cpu cpu, Instruction in, boolean truncate) {
        X87 x87 = X87Operands.begin(cpu, in);
        int size = in.operand(0).size();
        long address = in.address(cpu);
        cpu.checkWritable(address, size);
        long value;
        if (x87.isEmpty(0)) {
            if (!x87.underflow()) {
                return false;
            }
            value = Long.MIN_VALUE >> (64 - 8 * size);
        } else {
            SoftFloat f = x87.soft.beginX87(x87.control(), Format.EXTENDED);
            value = Conversion.toInteger(truncate ? f.withRounding(SoftFloat.TRUNCATE) : f, x87.st(0), 8 * size);
            if (!x87.settle()) {
                return false;
            }
        }
        switch (size) {
            case 2 -> cpu.store16(address, (int) value);
            case 4 -> cpu.store32(address, (int) value);
            default -> cpu.store64(address, value);
        }
        return true;
    }

    private static boolean storeDecimal(Cpu cpu, Instruction in) {
        X87 x87 = X87Operands.begin(cpu, in);
        long address = in.address(cpu);
        cpu.checkWritable(address, 10);
        byte[] ten = new byte[10];
        if (x87.isEmpty(0)) {
            if (!x87.underflow()) {
                return false;
            }
            Conversion.indefiniteDecimal(ten);
        } else {
            Conversion.toDecimal(x87.soft.beginX87(x87.control(), Format.EXTENDED), x87.st(0), ten);
            if (!x87.settle()) {
                return false;
            }
        }
        for (int i = 0; i < ten.length; i++) {
            cpu.store8(address + i, ten[i]);
        }
        return true;
    }

    private static void exchange(Cpu cpu, Instruction in) {
        X87 x87 = X87Operands.begin(cpu, in);
        int number = in.operand(0).number();
        boolean emptyTop = x87.isEmpty(0);
        boolean emptyOther = x87.isEmpty(number);
        if ((emptyTop || emptyOther) && !x87.underflow()) {
            return;
        }
        x87.setCondition(X87.C1, 0);
        Extended top = new Extended();
        Extended other = new Extended();
        top.set(emptyTop ? top.setIndefinite() : x87.st(0));
        other.set(emptyOther ? other.setIndefinite() : x87.st(number));
        x87.put(0, other);
        x87.put(number, top);
    }
}
