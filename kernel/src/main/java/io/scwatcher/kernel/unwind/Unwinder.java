package io.scwatcher.kernel.unwind;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.memory.MemoryFault;
import io.scwatcher.kernel.memory.VirtualMemory;
import io.scwatcher.kernel.task.Task;
import java.util.ArrayList;
import java.util.List;

/**
 * Walks the kernel stack of a task that is not running: arch/x86/kernel/unwind_orc.c, unwind_frame.c. Registers other
 * than the two pointers are not followed, since a sleeping task's frames don't need them.
 */
public final class Unwinder {
    private static final int MOST_FRAMES = 256;
    private static final int TRACE_DEPTH = 64;
    private static final int WCHAN_DEPTH = 16;
    private static final int TASK_WAKING = 0x200;

    private final Kernel kernel;
    private final KernelCode code;
    private final OrcTable table;

    public Unwinder(Kernel kernel) {
        this.kernel = kernel;
        this.code = new KernelCode(kernel);
        this.table = OrcTable.of(kernel, code);
    }

    public KernelCode code() {
        return code;
    }

    /** {@code stack_trace_save_tsk}: the return addresses, innermost first, without the scheduler's own. */
    public List<Long> trace(Task task) {
        List<Long> trace = new ArrayList<>();
        KernelStack stack = KernelStack.of(task);
        if (stack == null || task.isOnCpu()) {
            return trace;
        }
        for (long address : frames(stack)) {
            if (trace.size() >= TRACE_DEPTH || !code.isText(address)) {
                break;
            }
            if (!code.isScheduler(address)) {
                trace.add(address);
            }
        }
        return trace;
    }

    /** {@code get_wchan}: the first caller outside the scheduler, 0 if the task does not sleep or it is not known. */
    public long wchan(Task task) {
        KObject object = task.object();
        // 5.16 gave all architectures one function, which unwinds the stack instead of following frame pointers.
        boolean unwinds = kernel.symbols().has("__get_wchan");
        long state = object.get(object.has("__state") ? "__state" : "state");
        if (state == 0 || unwinds && (state == TASK_WAKING || object.get("on_rq") != 0)) {
            return 0;
        }
        KernelStack stack = KernelStack.of(task);
        if (stack == null) {
            return 0;
        }
        return unwinds ? unwoundWchan(task, stack) : framePointerWchan(task, stack);
    }

    private long unwoundWchan(Task task, KernelStack stack) {
        long last = 0;
        if (task.isOnCpu()) {
            return 0;
        }
        for (long address : frames(stack)) {
            if (!code.isText(address)) {
                return 0;
            }
            last = address;
            if (!code.isScheduler(address)) {
                break;
            }
        }
        return last;
    }

    /** {@code get_wchan} (arch/x86/kernel/process.c) until 5.15: right only in kernels with frame pointers. */
    private long framePointerWchan(Task task, KernelStack stack) {
        VirtualMemory memory = kernel.memory();
        long top = stack.base() + stack.size() - 2 * Long.BYTES;
        long sp = task.get("thread.sp");
        if (Long.compareUnsigned(sp, stack.base()) < 0 || Long.compareUnsigned(sp, top) > 0) {
            return 0;
        }
        long fp = kernel.at(sp, "inactive_task_frame").get("bp");
        for (int i = 0; i <= WCHAN_DEPTH; i++) {
            if (Long.compareUnsigned(fp, stack.base()) < 0 || Long.compareUnsigned(fp, top) > 0) {
                return 0;
            }
            long address = memory.u64(fp + Long.BYTES);
            if (!code.isScheduler(address)) {
                return address;
            }
            fp = memory.u64(fp);
        }
        return 0;
    }

    /** All return addresses up to the end of the stack or to what cannot be followed. */
    private List<Long> frames(KernelStack stack) {
        List<Long> addresses = new ArrayList<>();
        try {
            Frame frame = Frame.innermost(stack);
            while (frame != null && addresses.size() < MOST_FRAMES) {
                addresses.add(frame.ip);
                frame = table == null ? frame.byFramePointer() : next(frame);
            }
        } catch (MemoryFault broken) {
            kernel.anomalies().record("kernel stack of task " + stack.task().tid() + ": " + broken.getMessage());
        }
        return addresses;
    }

    /** {@code unwind_next_frame}. */
    private Frame next(Frame frame) {
        OrcTable.Entry entry = table.find(frame.interrupted ? frame.ip : frame.ip - 1);
        if (entry == null) {
            return frame.byFramePointer();
        }
        if (entry.kind() == OrcTable.Kind.END || entry.kind() == OrcTable.Kind.UNKNOWN) {
            return null;
        }
        Long sp = switch (entry.sp()) {
            case SP -> frame.sp + entry.spOffset();
            case BP -> frame.bp + entry.spOffset();
            case SP_INDIRECT -> frame.load(frame.sp, entry.spOffset());
            case BP_INDIRECT -> frame.load(frame.bp + entry.spOffset(), 0);
            default -> null;
        };
        return sp == null ? null : frame.above(entry, sp);
    }

    /** Where one function stands. {@code interrupted}: {@code ip} is the next instruction, not the one behind a call. */
    private record Frame(KernelStack stack, long ip, long sp, long bp, boolean interrupted) {
        /** {@code __unwind_start} for a task that was switched out. */
        static Frame innermost(KernelStack stack) {
            Kernel kernel = stack.task().kernel();
            long sp = stack.task().get("thread.sp");
            KObject saved = kernel.at(sp, "inactive_task_frame");
            int size = kernel.types().struct("inactive_task_frame").size();
            if (!stack.contains(sp, size)) {
                return null;
            }
            long ip = saved.get("ret_addr");
            boolean forked = ip == kernel.symbols().find("ret_from_fork_asm").orElse(0)
                    || ip == kernel.symbols().find("ret_from_fork").orElse(0);
            return new Frame(stack, ip, sp + size, saved.get("bp"), forked);
        }

        Frame above(OrcTable.Entry entry, long callerSp) {
            if (entry.kind() != OrcTable.Kind.CALL) {
                return fromRegisters(entry, callerSp);
            }
            Long address = load(callerSp - Long.BYTES, 0);
            Long pointer = switch (entry.bp()) {
                case UNDEFINED -> (Long) bp;
                case PREVIOUS_SP -> load(callerSp + entry.bpOffset(), 0);
                case BP -> load(bp + entry.bpOffset(), 0);
                default -> null;
            };
            boolean upwards = Long.compareUnsigned(callerSp, sp) > 0;
            return address == null || pointer == null || !upwards ? null
                    : new Frame(stack, address, callerSp, pointer, entry.isSignal());
        }

        /** An interrupt's or a system call's registers: the walk ends where they are of user space. */
        private Frame fromRegisters(OrcTable.Entry entry, long at) {
            Kernel kernel = stack.task().kernel();
            boolean full = entry.kind() == OrcTable.Kind.REGISTERS;
            int ipOffset = kernel.types().struct("pt_regs").offsetOf("ip");
            KObject registers = kernel.at(full ? at : at - ipOffset, "pt_regs");
            int length = full ? registers.type().size() : registers.type().size() - ipOffset;
            if (!stack.contains(at, length) || (registers.get("cs") & 3) == 3) {
                return null;
            }
            long next = full ? registers.get("bp") : bp;
            return new Frame(stack, registers.get("ip"), registers.get("sp"), next, entry.isSignal());
        }

        /** The frame above in code that keeps frame pointers. */
        Frame byFramePointer() {
            Long address = load(bp + Long.BYTES, 0);
            Long next = load(bp, 0);
            boolean upwards = Long.compareUnsigned(bp + 2 * Long.BYTES, sp) > 0;
            return address == null || next == null || !upwards ? null
                    : new Frame(stack, address, bp + 2 * Long.BYTES, next, false);
        }

        /** A word of the stack plus something, null outside of the stack. */
        Long load(long address, long plus) {
            return stack.contains(address, Long.BYTES) ? stack.task().kernel().memory().u64(address) + plus : null;
        }
    }
}
