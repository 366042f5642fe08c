package io.scwatcher.os.syscall;

import io.scwatcher.os.task.Task;

/** What a system call does. */
@FunctionalInterface
public interface Handler {
    /**
     * The arguments are RDI, RSI, RDX, R10, R8, R9 as they are: a handler narrows them as the kernel's own prototype does.
     *
     * @return the result, or a negated number of {@link io.scwatcher.os.abi.Errno}, among them the ERESTART ones
     * @throws SystemCallException instead of returning its negated number
     * @throws io.scwatcher.vfs.VfsException likewise
     */
    long handle(Task task, long a, long b, long c, long d, long e, long f);
}
