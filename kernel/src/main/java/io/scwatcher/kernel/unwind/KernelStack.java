package io.scwatcher.kernel.unwind;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.task.Task;

/**
 * The stack on which a task runs in the kernel (x86-64).
 *
 * @param task whose stack it is
 * @param base its lowest address
 * @param size in bytes, {@code THREAD_SIZE}
 */
public record KernelStack(Task task, long base, int size) {
    /** {@code TOP_OF_KERNEL_STACK_PADDING} of kernels that can use FRED. */
    private static final int FRED_PADDING = 16;
    private static final int SMALLEST = 8 << 10;
    private static final int USUAL = 16 << 10;
    private static final int LARGEST = 256 << 10;

    /** {@code try_get_task_stack}: null once it was given back, as that of a zombie. */
    public static KernelStack of(Task task) {
        KObject object = task.object();
        long base = object.get("stack");
        boolean given = object.has("stack_refcount") && object.get("stack_refcount.refs.counter") == 0;
        return base == 0 || given ? null : new KernelStack(task, base, size(task.kernel()));
    }

    /** {@code THREAD_SIZE}, a macro: as large as the initial task's stack, whose ends have symbols. */
    private static int size(Kernel kernel) {
        for (String name : new String[] {"stack", "task"}) {
            long start = kernel.symbols().find("__start_init_" + name).orElse(0);
            long end = kernel.symbols().find("__end_init_" + name).orElse(0);
            if (start != 0 && end - start >= SMALLEST && end - start <= LARGEST) {
                return (int) (end - start);
            }
        }
        return USUAL;
    }

    boolean contains(long address, int length) {
        return Long.compareUnsigned(address, base) >= 0
                && Long.compareUnsigned(address + length, base + size) <= 0;
    }

    /** {@code task_pt_regs}: the registers with which the task entered the kernel. */
    public KObject registers() {
        Kernel kernel = task.kernel();
        int padding = kernel.symbols().has("asm_fred_entrypoint_user") ? FRED_PADDING : 0;
        int registers = kernel.types().struct("pt_regs").size();
        return kernel.at(base + size - padding - registers, "pt_regs");
    }
}
