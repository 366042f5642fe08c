package io.scwatcher.cpu.interpret;

import static io.scwatcher.cpu.decode.Opcode.*;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.floating.FxsaveImage;
import io.scwatcher.cpu.floating.X87;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The x87 control instructions: SDM vol. 1, 8.3.9; and FXSAVE. */
final class X87Control {
    private static final int GENERAL_PROTECTION = 13;
    private static final int REGISTERS = 80;

    private X87Control() {
    }

    static void register(Handlers handlers) {
        handlers.add((cpu, in) -> X87Operands.await(cpu), FWAIT);
        handlers.add(X87Operands::begin, FNOP);
        handlers.add((cpu, in) -> cpu.x87.initialize(), FNINIT);
        handlers.add((cpu, in) -> cpu.x87.clearExceptions(), FNCLEX);
        handlers.add((cpu, in) -> cpu.store16(in.address(cpu), cpu.x87.control()), FNSTCW);
        handlers.add((cpu, in) -> X87Operands.await(cpu).setControl(cpu.load16(in.address(cpu))), FLDCW);
        handlers.add(X87Control::storeStatus, FNSTSW);
        handlers.add((cpu, in) -> rotate(cpu, in).incrementTop(), FINCSTP);
        handlers.add((cpu, in) -> rotate(cpu, in).decrementTop(), FDECSTP);
        handlers.add(X87Control::free, FFREE);
        handlers.add((cpu, in) -> {
            free(cpu, in);
            cpu.x87.pop();
        }, FFREEP);
        handlers.add((cpu, in) -> {
            store(cpu, in, environment(cpu, in, 0));
            cpu.x87.setControl(cpu.x87.control() | 0x3F);
        }, FNSTENV);
        handlers.add((cpu, in) -> {
            X87Operands.await(cpu);
            loadEnvironment(cpu, in, load(cpu, in, environmentSize(in)));
        }, FLDENV);
        handlers.add(X87Control::save, FNSAVE);
        handlers.add(X87Control::restore, FRSTOR);
        handlers.add(X87Control::fxsave, FXSAVE);
        handlers.add(X87Control::fxrstor, FXRSTOR);
    }

    private static void storeStatus(Cpu cpu, Instruction in) {
        if (in.memory) {
            cpu.store16(in.address(cpu), cpu.x87.status());
        } else {
            cpu.gpr[0] = cpu.gpr[0] & ~0xFFFFL | cpu.x87.status();
        }
    }

    private static void free(Cpu cpu, Instruction in) {
        X87 x87 = X87Operands.begin(cpu, in);
        x87.setCondition(X87.C1, 0);
        x87.free(in.operand(0).number());
    }

    private static X87 rotate(Cpu cpu, Instruction in) {
        X87 x87 = X87Operands.begin(cpu, in);
        x87.setCondition(X87.C1, 0);
        return x87;
    }

    /** 28 bytes, or 14 with an operand size prefix. */
    private static int environmentSize(Instruction in) {
        return in.operandSize == 2 ? 14 : 28;
    }

    /** The environment in protected mode format (SDM vol. 1, figures 8-9 and 8-11), and room behind it. The data selector is always 0. */
    private static ByteBuffer environment(Cpu cpu, Instruction in, int room) {
        X87 x87 = cpu.x87;
        int codeSegment = x87.instructionPointer == 0 ? 0 : Cpu.USER_CS;
        ByteBuffer image = ByteBuffer.allocate(environmentSize(in) + room).order(ByteOrder.LITTLE_ENDIAN);
        if (in.operandSize == 2) {
            image.putShort((short) x87.control()).putShort((short) x87.status()).putShort((short) x87.tags());
            return image.putShort((short) x87.instructionPointer).putShort((short) codeSegment).putShort((short) x87.operandPointer).putShort((short) 0);
        }
        image.putInt(x87.control() | 0xFFFF0000).putInt(x87.status() | 0xFFFF0000).putInt(x87.tags() | 0xFFFF0000);
        return image.putInt((int) x87.instructionPointer).putInt(lastOpcode(cpu) << 16 | codeSegment).putInt((int) x87.operandPointer).putInt(0xFFFF0000);
    }

    private static void loadEnvironment(Cpu cpu, Instruction in, ByteBuffer image) {
        X87 x87 = cpu.x87;
        boolean wide = in.operandSize != 2;
        int step = wide ? 4 : 2;
        x87.setControl(image.getShort(0));
        x87.setStatus(image.getShort(step));
        x87.setTags(image.getShort(2 * step));
        x87.instructionPointer = wide ? image.getInt(12) & 0xFFFF_FFFFL : image.getShort(6) & 0xFFFF;
        x87.operandPointer = wide ? image.getInt(20) & 0xFFFF_FFFFL : image.getShort(10) & 0xFFFF;
    }

    private static void save(Cpu cpu, Instruction in) {
        ByteBuffer image = environment(cpu, in, REGISTERS);
        for (int i = 0; i < 8; i++) {
            image.putLong(cpu.x87.st(i).significand).putShort((short) cpu.x87.st(i).signExponent);
        }
        store(cpu, in, image);
        cpu.x87.initialize();
    }

    private static void restore(Cpu cpu, Instruction in) {
        X87Operands.await(cpu);
        ByteBuffer image = load(cpu, in, environmentSize(in) + REGISTERS);
        loadEnvironment(cpu, in, image);
        image.position(environmentSize(in));
        for (int i = 0; i < 8; i++) {
            long significand = image.getLong();
            cpu.x87.st(i).set(image.getShort(), significand);
        }
    }

    private static void fxsave(Cpu cpu, Instruction in) {
        long address = image(cpu, in);
        cpu.writable(in.address(cpu, FxsaveImage.SIZE - 1)); // looked at first
        byte[] image = FxsaveImage.save(cpu.x87, cpu.mxcsr, cpu.xmm, lastOpcode(cpu), in.operandSize == 8);
        // Software's own last bytes stay as they are.
        cpu.checkWritable(address, FxsaveImage.SIZE);
        store(cpu, in, ByteBuffer.wrap(image, 0, FxsaveImage.DEFINED_SIZE).slice());
    }

    private static void fxrstor(Cpu cpu, Instruction in) {
        image(cpu, in);
        cpu.readable(in.address(cpu, FxsaveImage.SIZE - 1)); // looked at first
        byte[] image = load(cpu, in, FxsaveImage.SIZE).array();
        int mxcsr = FxsaveImage.mxcsr(image);
        if ((mxcsr & ~FxsaveImage.MXCSR_MASK) != 0) {
            throw cpu.fault(GENERAL_PROTECTION, 0);
        }
        FxsaveImage.restore(image, cpu.x87, cpu.xmm, in.operandSize == 8);
        cpu.mxcsr = mxcsr;
    }

    /** The address of FXSAVE's image, which has to be canonical, then aligned. */
    private static long image(Cpu cpu, Instruction in) {
        long address = in.address(cpu);
        if (address << 16 >> 16 != address) {
            cpu.readable(address);
        }
        return SseOperands.aligned(cpu, in);
    }

    private static ByteBuffer load(Cpu cpu, Instruction in, int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) cpu.load8(in.address(cpu) + i);
        }
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void store(Cpu cpu, Instruction in, ByteBuffer image) {
        long address = in.address(cpu);
        cpu.checkWritable(address, image.limit());
        for (int i = 0; i < image.limit(); i++) {
            cpu.store8(address + i, image.get(i));
        }
    }

    /** The last instruction's 11 bits of opcode, read where it stood; 0 if it is gone. */
    private static int lastOpcode(Cpu cpu) {
        long at = cpu.x87.instructionPointer;
        byte[] code = new byte[15];
        int length = cpu.memory().read(at, code, 0, code.length);
        for (int i = 0; i + 1 < length; i++) {
            if ((code[i] & 0xF8) == 0xD8) {
                return (code[i] & 7) << 8 | code[i + 1] & 0xFF;
            }
        }
        return 0;
    }
}
