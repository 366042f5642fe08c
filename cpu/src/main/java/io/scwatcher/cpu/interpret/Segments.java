package io.scwatcher.cpu.interpret;

import static io.scwatcher.cpu.interpret.Access.GENERAL_PROTECTION;
import static io.scwatcher.cpu.interpret.Access.RSP;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.Flags;
import io.scwatcher.cpu.decode.Instruction;
import io.scwatcher.cpu.decode.Opcode;

/**
 * Segment registers and far transfers, as they look to a 64-bit program on Linux: the descriptor table has the four segments of user mode
 * (arch/x86/include/asm/segment.h), and there is no local one. Compatibility mode doesn't exist: going there is #GP.
 */
final class Segments {
    static final int CS = 1;
    private static final int SS = 2;

    private Segments() {
    }

    /** A descriptor that user mode may use, with what LAR and LSL return for it. */
    private enum Descriptor {
        CODE_32(0x20, 0x00cf_fb00, 0xffff_ffff, false),
        DATA(0x28, 0x00cf_f300, 0xffff_ffff, true),
        CODE_64(0x30, 0x00af_fb00, 0xffff_ffff, false),
        /** Its limit is the processor's number. */
        PROCESSOR(0x78, 0x0040_f500, 0, false);

        final int selector;
        final int accessRights;
        final int limit;
        final boolean writable;

        Descriptor(int selector, int accessRights, int limit, boolean writable) {
            this.selector = selector;
            this.accessRights = accessRights;
            this.limit = limit;
            this.writable = writable;
        }

        /** Null if there is none that user mode may use. */
        static Descriptor of(long selector) {
            for (Descriptor d : values()) {
                if (d.selector == (selector & 0xfffc)) {
                    return d;
                }
            }
            return null;
        }
    }

    static void register(Handlers handlers) {
        handlers.add(Segments::move, Opcode.MOV_SEGMENT);
        handlers.add((cpu, i) -> Stack.push(cpu, i.operandSize, cpu.segments[i.operand(0).number()]), Opcode.PUSH_SEGMENT);
        handlers.add(Segments::pop, Opcode.POP_SEGMENT);
        handlers.add((cpu, i) -> loadFarPointer(cpu, i, Instruction.FS), Opcode.LFS);
        handlers.add((cpu, i) -> loadFarPointer(cpu, i, Instruction.GS), Opcode.LGS);
        handlers.add((cpu, i) -> loadFarPointer(cpu, i, SS), Opcode.LSS);
        handlers.add((cpu, i) -> describe(cpu, i, true), Opcode.LAR);
        handlers.add((cpu, i) -> describe(cpu, i, false), Opcode.LSL);
        handlers.add((cpu, i) -> setZero(cpu, Descriptor.of(Access.read(cpu, i, 0)) != null), Opcode.VERR);
        handlers.add(Segments::verifyWrite, Opcode.VERW);
        handlers.add(Segments::jump, Opcode.JMP_FAR);
        handlers.add(Segments::call, Opcode.CALL_FAR);
        handlers.add(Segments::ret, Opcode.RET_FAR);
        handlers.add(Segments::interruptReturn, Opcode.IRET);
    }

    private static void move(Cpu cpu, Instruction i) {
        if (i.form.opcodeByte() == 0x8c) {
            Access.write(cpu, i, 0, cpu.segments[i.operand(1).number()]);
        } else {
            int register = i.operand(0).number();
            if (register == CS) {
                throw cpu.fault(Access.INVALID_OPCODE, 0);
            }
            load(cpu, register, Access.read(cpu, i, 1));
        }
    }

    /** SDM vol. 2, MOV: loading a segment register. */
    private static void load(Cpu cpu, int register, long value) {
        int selector = (int) value & 0xffff;
        boolean isNull = (selector & 0xfffc) == 0;
        Descriptor descriptor = Descriptor.of(selector);
        boolean allowed = register == SS ? descriptor == Descriptor.DATA && (selector & 3) == 3 : isNull || descriptor != null;
        if (!allowed) {
            throw cpu.fault(GENERAL_PROTECTION, selector & 0xfffc);
        }
        cpu.segments[register] = selector;
        if (register == Instruction.FS) {
            cpu.fsBase = 0;
        } else if (register == Instruction.GS) {
            cpu.gsBase = 0;
        }
    }

    private static void pop(Cpu cpu, Instruction i) {
        load(cpu, i.operand(0).number(), Access.load(cpu, cpu.gpr[RSP], i.operandSize));
        cpu.gpr[RSP] += i.operandSize;
    }

    private static void loadFarPointer(Cpu cpu, Instruction i, int register) {
        long address = i.address(cpu);
        long offset = Access.load(cpu, address, i.operandSize);
        load(cpu, register, cpu.load16(address + i.operandSize));
        Access.writeRegister(cpu, i.reg, i.operandSize, offset);
    }

    private static void describe(Cpu cpu, Instruction i, boolean rights) {
        Descriptor descriptor = Descriptor.of(Access.read(cpu, i, 1));
        setZero(cpu, descriptor != null);
        if (descriptor != null) {
            Access.writeRegister(cpu, i.reg, i.operandSize, (rights ? descriptor.accessRights : descriptor.limit) & 0xffff_ffffL);
        }
    }

    private static void verifyWrite(Cpu cpu, Instruction i) {
        Descriptor descriptor = Descriptor.of(Access.read(cpu, i, 0));
        setZero(cpu, descriptor != null && descriptor.writable);
    }

    private static void setZero(Cpu cpu, boolean zero) {
        cpu.setStatusFlags(Flags.status(cpu.result, cpu.carries) & ~Flags.ZF | (zero ? Flags.ZF : 0));
    }

    private static void checkCode(Cpu cpu, long selector, boolean returning) {
        if (Descriptor.of(selector) != Descriptor.CODE_64 || returning && (selector & 3) != 3) {
            throw cpu.fault(GENERAL_PROTECTION, (int) selector & 0xfffc);
        }
    }

    private static void jump(Cpu cpu, Instruction i) {
        long address = i.address(cpu);
        long offset = Access.load(cpu, address, i.operandSize);
        checkCode(cpu, cpu.load16(address + i.operandSize), false);
        cpu.rip = Branches.canonical(cpu, offset);
    }

    private static void call(Cpu cpu, Instruction i) {
        int size = i.operandSize;
        long address = i.address(cpu);
        long offset = Access.load(cpu, address, size);
        checkCode(cpu, cpu.load16(address + size), false);
        Branches.canonical(cpu, offset);
        long top = cpu.gpr[RSP] - 2 * size;
        Access.store(cpu, top + size, size, cpu.segments[CS]);
        Access.store(cpu, top, size, cpu.rip + i.length);
        cpu.gpr[RSP] = top;
        cpu.rip = offset;
    }

    private static void ret(Cpu cpu, Instruction i) {
        int size = i.operandSize;
        long top = cpu.gpr[RSP];
        long offset = Access.load(cpu, top, size);
        checkCode(cpu, Access.load(cpu, top + size, size) & 0xffff, true);
        cpu.rip = Branches.canonical(cpu, offset);
        cpu.gpr[RSP] = top + 2 * size + (i.immediate & 0xffff);
    }

    /** Always takes RSP and SS too (SDM vol. 2, IRET: 64-bit mode). */
    private static void interruptReturn(Cpu cpu, Instruction i) {
        if ((cpu.controlFlags & Flags.NT) != 0) {
            throw cpu.fault(GENERAL_PROTECTION, 0);
        }
        int size = i.operandSize;
        long top = cpu.gpr[RSP];
        long offset = Access.load(cpu, top, size);
        long code = Access.load(cpu, top + size, size) & 0xffff;
        long flags = Access.load(cpu, top + 2 * size, size);
        long stack = Access.load(cpu, top + 3 * size, size);
        long stackSegment = Access.load(cpu, top + 4 * size, size) & 0xffff;
        checkCode(cpu, code, true);
        if (stackSegment != Cpu.USER_DS) {
            throw cpu.fault(GENERAL_PROTECTION, (int) stackSegment & 0xfffc);
        }
        cpu.rip = Branches.canonical(cpu, offset);
        cpu.setRflags(flags);
        cpu.gpr[RSP] = stack;
    }
}
