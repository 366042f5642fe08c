package io.scwatcher.os.syscall;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.abi.Signal;
import io.scwatcher.os.abi.SystemCallNames;
import io.scwatcher.os.signal.SignalInfo;
import io.scwatcher.os.task.Task;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** {@code --strace}: one line for each system call, as strace -f prints it. Safe for several threads. */
public final class SystemCallTrace {
    private static final int[] REGISTERS = {7, 6, 2, 10, 8, 9};
    /** Calls whose result is an address. */
    private static final Set<String> ADDRESSES = Set.of("mmap", "mremap", "brk", "shmat");
    /** Calls whose arguments are gone when they come back, or that may not come back. */
    private static final Set<String> PRINTED_FIRST = Set.of("execve", "execveat", "exit", "exit_group", "rt_sigreturn");

    private final Consumer<String> log;

    /** @param log takes lines without line end; from any thread */
    public SystemCallTrace(Consumer<String> log) {
        this.log = log;
    }

    /** Makes a call and prints it. @param entry null for one that isn't there */
    public long call(Task task, int number, SystemCallTable.Entry entry, LongSupplier call) {
        long[] registers = new long[REGISTERS.length];
        for (int i = 0; i < registers.length; i++) {
            registers[i] = task.cpu().gpr[REGISTERS[i]];
        }
        StringBuilder line = new StringBuilder("[pid ").append(task.id()).append("] ");
        boolean first = entry != null && PRINTED_FIRST.contains(entry.name());
        if (first) {
            arguments(line, task, entry, registers, 0);
            if (entry.name().startsWith("exit")) {
                log.accept(line.append(" = ?").toString());
                return call.getAsLong();
            }
        }
        long result = call.getAsLong();
        if (entry == null) {
            line.append(SystemCallNames.of(number)).append("(...)");
        } else if (!first) {
            arguments(line, task, entry, registers, result);
        }
        result(line, entry, result);
        log.accept(line.toString());
        return result;
    }

    /** A signal is about to be handled. */
    public void signal(Task task, SignalInfo info) {
        StringBuilder line = new StringBuilder("[pid ").append(task.id()).append("] --- ").append(Signal.name(info.signal())).append(" {si_code=").append(info.code());
        if (info.isFault()) {
            line.append(", si_addr=");
            TraceText.pointer(line, info.address());
        } else if (info.pid() != 0) {
            line.append(", si_pid=").append(info.pid()).append(", si_uid=").append(info.uid());
        }
        log.accept(line.append("} ---").toString());
    }

    /** A task ended. @param status of its process, as wait4(2) reports it */
    public void exit(Task task, int status) {
        int signal = status & 0x7f;
        log.accept("[pid " + task.id() + "] +++ " + (signal == 0 ? "exited with " + (status >> 8 & 0xff) : "killed by " + Signal.name(signal)) + " +++");
    }

    private static void arguments(StringBuilder line, Task task, SystemCallTable.Entry entry, long[] registers, long result) {
        line.append(entry.name()).append('(');
        int index = 0;
        for (Argument argument : entry.arguments()) {
            line.append(index == 0 ? "" : ", ");
            argument.print(line, task, registers, index, result);
            index++;
        }
        line.append(')');
    }

    private static void result(StringBuilder line, SystemCallTable.Entry entry, long result) {
        line.append(" = ");
        if (result < 0 && result > -4096) {
            int errno = (int) -result;
            line.append(errno >= Errno.ERESTARTSYS ? "? " : "-1 ").append(Errno.name(errno));
        } else if (entry != null && ADDRESSES.contains(entry.name())) {
            line.append("0x").append(Long.toHexString(result));
        } else {
            line.append(result);
        }
    }
}
