package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.task.Task;

/** The registers with which a task entered the kernel. */
record UserRegisters(long stackPointer, long instructionPointer) {
    static UserRegisters of(Task task) {
        return null;
    }
}
