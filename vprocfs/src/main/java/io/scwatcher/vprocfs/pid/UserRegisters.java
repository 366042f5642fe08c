package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.task.Task;
import io.scwatcher.kernel.unwind.KernelStack;
import io.scwatcher.vprocfs.ProcText;

/** The registers with which a task entered the kernel (x86-64); /proc/PID/syscall. */
record UserRegisters(KObject registers) {
    private static final int TS_COMPAT = 2;
    private static final String[] ARGUMENTS = {"di", "si", "dx", "r10", "r8", "r9"};
    private static final String[] COMPAT_ARGUMENTS = {"bx", "cx", "dx", "si", "di", "bp"};

    /** Null for a task that has no stack any more. */
    static UserRegisters of(Task task) {
        KernelStack stack = KernelStack.of(task);
        return stack == null ? null : new UserRegisters(stack.registers());
    }

    long stackPointer() {
        return registers.get("sp");
    }

    long instructionPointer() {
        return registers.get("ip");
    }

    /** fs/proc/base.c {@code proc_pid_syscall}, lib/syscall.c {@code task_current_syscall}. */
    static void syscall(TaskView view, ProcText out) {
        view.requireAlive();
        KObject task = view.object();
        if (task.get(task.has("__state") ? "__state" : "state") == 0 || view.task().isOnCpu()) {
            out.put("running\n");
            return;
        }
        UserRegisters user = of(view.task());
        if (user == null) {
            out.put("-1 0x0 0x0\n");
            return;
        }
        int number = (int) user.registers.get("orig_ax");
        out.dec(number);
        if (number >= 0) {
            boolean compat = (task.getOr("thread_info.status", 0) & TS_COMPAT) != 0;
            for (String argument : compat ? COMPAT_ARGUMENTS : ARGUMENTS) {
                long value = user.registers.get(argument);
                out.put(" 0x").hex(compat ? value & 0xffff_ffffL : value);
            }
        }
        out.put(" 0x").hex(user.stackPointer()).put(" 0x").hex(user.instructionPointer()).put('\n');
    }
}
