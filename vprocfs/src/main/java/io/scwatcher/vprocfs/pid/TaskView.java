package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.fs.Path;
import io.scwatcher.kernel.mm.Mm;
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
     * {@code proc_mem_open}: the address space behind an open file, null if the task has none: then most kernels read
     * nothing, while others refuse to open.
     */
    public Mm openMemory() {
        requireAlive();
        return mm();
    }

    /** {@code get_proc_task}: fails with ESRCH once the task was reaped. */
    public void requireAlive() {
        if (!task.isAlive()) {
            throw new VfsException(Errno.ESRCH);
        }
    }
}
