package io.scwatcher.os.signal;

import static io.scwatcher.os.abi.Signal.SIGBUS;
import static io.scwatcher.os.abi.Signal.SIGFPE;
import static io.scwatcher.os.abi.Signal.SIGILL;
import static io.scwatcher.os.abi.Signal.SIGKILL;
import static io.scwatcher.os.abi.Signal.SIGSEGV;
import static io.scwatcher.os.abi.Signal.SIGTRAP;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.memory.AddressSpace;
import io.scwatcher.cpu.memory.Mapping;
import io.scwatcher.os.task.GroupExit;
import io.scwatcher.os.task.Task;

/** Processor exceptions become signals: arch/x86/kernel/traps.c and arch/x86/mm/fault.c (6.12). */
public final class Traps {
    private static final int SEGV_MAPERR = 1, SEGV_ACCERR = 2, BUS_ADRALN = 1, BUS_ADRERR = 2, FPE_INTDIV = 1, ILL_ILLOPN = 2, TRAP_TRACE = 2;
    private static final int WRITE = 2, FETCH = 16;

    private Traps() {}

    /** The processor of the task ended with an exception. */
    public static void raise(Task task) {
        Cpu cpu = task.cpu();
        SignalState state = task.signals();
        state.trap = cpu.vector;
        state.errorCode = cpu.vector == 14 || cpu.vector == 13 || cpu.vector == 17 ? cpu.errorCode : 0;
        SignalInfo info = switch (cpu.vector) {
            case 0 -> SignalInfo.fault(SIGFPE, FPE_INTDIV, cpu.rip);
            case 1 -> SignalInfo.fault(SIGTRAP, TRAP_TRACE, cpu.rip);
            case 3 -> SignalInfo.kernel(SIGTRAP);
            case 6 -> SignalInfo.fault(SIGILL, ILL_ILLOPN, cpu.rip);
            case 11, 12 -> SignalInfo.kernel(SIGBUS);
            case 14 -> pageFault(task, cpu, state);
            case 16 -> SignalInfo.fault(SIGFPE, floatingPointCode(x87Exceptions(cpu.fxsave())), cpu.rip);
            case 17 -> SignalInfo.fault(SIGBUS, BUS_ADRALN, 0);
            case 19 -> SignalInfo.fault(SIGFPE, floatingPointCode(~(cpu.mxcsr >> 7) & cpu.mxcsr), cpu.rip);
            default -> SignalInfo.kernel(SIGSEGV);
        };
        if (info != null) {
            Signals.force(task, info);
        }
    }

    private static SignalInfo pageFault(Task task, Cpu cpu, SignalState state) {
        long address = cpu.faultAddress;
        state.cr2 = address;
        AddressSpace space = task.mm().space();
        if (space.outOfFrames()) {
            // Linux's out-of-memory killer, for the one who asked for too much
            task.layer().outOfMemory(task);
            GroupExit.begin(task.group(), SIGKILL);
            return null;
        }
        Mapping mapping = address >= 0 && address < AddressSpace.MAX ? space.mappingAt(address) : null;
        if (mapping == null) {
            return SignalInfo.fault(SIGSEGV, SEGV_MAPERR, address);
        }
        int needed = (cpu.errorCode & WRITE) != 0 ? Mapping.WRITE : (cpu.errorCode & FETCH) != 0 ? Mapping.EXECUTE : -1;
        boolean allowed = (mapping.protection() & needed) != 0;
        return allowed ? SignalInfo.fault(SIGBUS, BUS_ADRERR, address) : SignalInfo.fault(SIGSEGV, SEGV_ACCERR, address);
    }

    /** Status word without what the control word masks. */
    private static int x87Exceptions(byte[] image) {
        return image[2] & ~image[0];
    }

    /** fpu__exception_code of arch/x86/kernel/fpu/core.c. @param bits unmasked exceptions, as in the status word */
    private static int floatingPointCode(int bits) {
        if ((bits & 1) != 0) {
            return 7;
        }
        if ((bits & 4) != 0) {
            return 3;
        }
        if ((bits & 8) != 0) {
            return 4;
        }
        return (bits & 0x12) != 0 ? 5 : 6;
    }
}
