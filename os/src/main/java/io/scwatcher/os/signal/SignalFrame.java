package io.scwatcher.os.signal;

import static io.scwatcher.os.abi.Errno.EFAULT;
import static io.scwatcher.os.abi.Signal.SIGSEGV;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.os.mm.UserMemory;
import io.scwatcher.os.signal.SignalActions.Action;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.task.Task;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What a handler finds on its stack, and what rt_sigreturn(2) reads back: struct rt_sigframe of arch/x86/include/asm/sigframe.h, made as
 * x64_setup_rt_frame of arch/x86/kernel/signal_64.c (6.12) does on a processor with FXSAVE and without XSAVE.
 */
final class SignalFrame {
    private static final int RAX = 0, RDX = 2, RSP = 4, RSI = 6, RDI = 7;
    /** The order of struct sigcontext_64: R8 to R15, RDI, RSI, RBP, RBX, RDX, RAX, RCX, RSP. */
    private static final int[] ORDER = {8, 9, 10, 11, 12, 13, 14, 15, 7, 6, 5, 3, 2, 0, 1, 4};
    private static final int RED_ZONE = 128;

    // offsets in struct rt_sigframe
    private static final int CONTEXT = 8, STACK = CONTEXT + 16, REGISTERS = CONTEXT + 40, RIP = REGISTERS + 128, FLAGS = RIP + 8, SELECTORS = FLAGS + 8,
            ERROR = SELECTORS + 8, TRAP = ERROR + 8, OLD_MASK = TRAP + 8, CR2 = OLD_MASK + 8, FLOATING_POINT = CR2 + 8, MASK = REGISTERS + 256, INFO = MASK + 8;
    static final int SIZE = INFO + SignalInfo.SIZE;
    private static final int FX_SIZE = 512;
    private static final int MXCSR = 24, MXCSR_BITS = 0xffff;

    private static final long UC_SIGCONTEXT_SS = 2, UC_STRICT_RESTORE_SS = 4;
    /** CS 0x33, GS 0, FS 0, SS 0x2b. */
    private static final long USER_SELECTORS = 0x002b_0000_0000_0033L;
    private static final int USER_CS = 0x33;
    /** What a program may set: AC, OF, DF, TF, SF, ZF, AF, PF, CF, RF. */
    private static final long CHANGEABLE_FLAGS = 0x50dd5;
    private static final long DIRECTION_RESUME_TRAP = 0x400 | 0x10000 | 0x100;

    private SignalFrame() {}

    /** What a handler starts with: the state after FNINIT, and MXCSR with all exceptions masked. */
    private static byte[] initialFloatingPoint() {
        byte[] image = new byte[FX_SIZE];
        ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN).putShort(0, (short) 0x37f).putInt(MXCSR, 0x1f80);
        return image;
    }

    /** The largest size of a frame: for AT_MINSIGSTKSZ (get_sigframe_size). */
    static int maximumSize() {
        return SIZE + FX_SIZE + 64 + 8 + 8;
    }

    /** Puts a frame on the stack and lets the handler begin. False if the stack can't take it. */
    static boolean push(Task task, SignalInfo info, Action action, long savedMask) {
        if (!action.is(SignalActions.SA_RESTORER)) {
            return false;
        }
        Cpu cpu = task.cpu();
        SignalState state = task.signals();
        long stack = cpu.gpr[RSP] - RED_ZONE;
        boolean alternate = state.onAlternateStack(cpu.gpr[RSP]);
        if (action.is(SignalActions.SA_ONSTACK) && state.stackSize != 0 && !alternate) {
            stack = state.stackBase + state.stackSize;
            alternate = true;
        }
        long floatingPoint = stack - FX_SIZE & -64;
        long frame = (floatingPoint - SIZE & -16) - 8;
        if (alternate && state.stackSize != 0 && !state.contains(frame)) {
            return false;
        }
        ByteBuffer out = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(0, action.restorer()).putLong(CONTEXT, UC_SIGCONTEXT_SS | UC_STRICT_RESTORE_SS);
        out.putLong(STACK, state.stackBase).putInt(STACK + 8, state.stackFlags).putLong(STACK + 16, state.stackSize);
        for (int i = 0; i < ORDER.length; i++) {
            out.putLong(REGISTERS + 8 * i, cpu.gpr[ORDER[i]]);
        }
        out.putLong(RIP, cpu.rip).putLong(FLAGS, cpu.rflags()).putLong(SELECTORS, USER_SELECTORS);
        out.putLong(ERROR, state.errorCode).putLong(TRAP, state.trap).putLong(OLD_MASK, savedMask).putLong(CR2, state.cr2);
        out.putLong(FLOATING_POINT, floatingPoint).putLong(MASK, savedMask);
        boolean withInfo = action.is(SignalActions.SA_SIGINFO);
        if (withInfo) {
            out.put(INFO, info.encode());
        }
        UserMemory memory = task.memory();
        int length = withInfo ? SIZE : INFO;
        byte[] fx = cpu.fxsave();
        if (frame < 0 || memory.tryCopyOut(floatingPoint, fx, 0, FX_SIZE) < FX_SIZE || memory.tryCopyOut(frame, out.array(), 0, length) < length) {
            return false;
        }
        state.disarm();
        cpu.fxrstor(initialFloatingPoint());
        cpu.gpr[RDI] = info.signal();
        cpu.gpr[RAX] = 0;
        cpu.gpr[RSI] = frame + INFO;
        cpu.gpr[RDX] = frame + CONTEXT;
        cpu.gpr[RSP] = frame;
        cpu.rip = action.handler();
        cpu.setRflags(cpu.rflags() & ~DIRECTION_RESUME_TRAP);
        return true;
    }

    /** rt_sigreturn(2): what the frame says now, whoever changed it. @return RAX */
    static long pop(Task task) {
        Cpu cpu = task.cpu();
        UserMemory memory = task.memory();
        try {
            byte[] bytes = memory.copyIn(cpu.gpr[RSP] - 8, INFO);
            ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            long floatingPoint = in.getLong(FLOATING_POINT);
            byte[] fx = floatingPoint == 0 ? null : memory.copyIn(floatingPoint, FX_SIZE);
            if ((in.getShort(SELECTORS) | 3) != USER_CS) {
                throw SystemCallException.of(EFAULT);
            }
            for (int i = 0; i < ORDER.length; i++) {
                cpu.gpr[ORDER[i]] = in.getLong(REGISTERS + 8 * i);
            }
            cpu.rip = in.getLong(RIP);
            cpu.setRflags(cpu.rflags() & ~CHANGEABLE_FLAGS | in.getLong(FLAGS) & CHANGEABLE_FLAGS);
            if (fx == null) {
                cpu.fxrstor(initialFloatingPoint());
            } else {
                ByteBuffer state = ByteBuffer.wrap(fx).order(ByteOrder.LITTLE_ENDIAN);
                state.putInt(MXCSR, state.getInt(MXCSR) & MXCSR_BITS);
                cpu.fxrstor(fx);
            }
            Signals.setBlocked(task, in.getLong(MASK));
            task.signals().restoreStack(in.getLong(STACK), in.getInt(STACK + 8), in.getLong(STACK + 16), cpu.gpr[RSP]);
            return cpu.gpr[RAX];
        } catch (SystemCallException _) {
            Signals.force(task, SignalInfo.kernel(SIGSEGV));
            return 0;
        }
    }
}
