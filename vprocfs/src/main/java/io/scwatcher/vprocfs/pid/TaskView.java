package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.fs.Path;
import io.scwatcher.kernel.mm.Mm;
import io.scwatcher.kernel.task.KernelTraits;
import io.scwatcher.kernel.task.PidNamespace;
import io.scwatcher.kernel.task.Task;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.VfsException;
import io.scwatcher.vprocfs.ProcView;

/**
 * A task as one mount of proc shows it.
 *
 * @param whole in /proc/PID, where some files are about the whole process; otherwise in /proc/PID/task/TID
 */
public record TaskView(ProcView view, Task task, boolean whole) {
    public Kernel kernel() {
        return view.kernel();
    }

    public KObject object() {
        return task.object();
    }

    /** The PID namespace whose numbers are shown. */
    public PidNamespace namespace() {
        return view.namespace();
    }

    /** The root from which paths are told. */
    public Path root() {
        return view.root();
    }

    /** Null for kernel threads and zombies. */
    public Mm mm() {
        return task.mm();
    }

    /**
     * {@code __mem_open}: the address space behind an open file. Where the task has none, kernels until 6.15 gave a file
     * without contents (null); later ones, and those that took over the change, fail with ESRCH.
     *
     * @param function that opens the file: it tells by having the error number in it
     */
    public Mm openMemory(String function) {
        requireAlive();
        Mm mm = mm();
        if (mm == null && KernelTraits.uses(kernel(), function, -Errno.ESRCH.number())) {
            throw new VfsException(Errno.ESRCH);
        }
        return mm;
    }

    /** {@code get_proc_task}: fails with ESRCH once the task was reaped. */
    public void requireAlive() {
        if (!task.isAlive()) {
            throw new VfsException(Errno.ESRCH);
        }
    }
}
