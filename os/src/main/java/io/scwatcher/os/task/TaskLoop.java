package io.scwatcher.os.task;

import static io.scwatcher.os.abi.Signal.SIGKILL;

import io.scwatcher.cpu.Cpu;
import io.scwatcher.cpu.Engine;
import io.scwatcher.os.RunStatistics;
import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.signal.SignalDelivery;
import io.scwatcher.os.signal.Traps;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.syscall.SystemCallTable;
import io.scwatcher.os.syscall.SystemCallTrace;
import io.scwatcher.os.view.SystemLostException;
import io.scwatcher.vfs.VfsException;

/** The life of a task on its Java thread: guest code, system calls, exceptions, signals; again and again until it exits. */
final class TaskLoop {
    private static final int RAX = 0, RDX = 2, RSI = 6, RDI = 7, R8 = 8, R9 = 9, R10 = 10;

    private final Task task;
    private final Cpu cpu;
    private final SystemCallTable table;
    private final SystemCallTrace trace;
    private final RunStatistics statistics;
    private long systemNanos;

    private TaskLoop(Task task) {
        this.task = task;
        this.cpu = task.cpu();
        this.table = task.layer().systemCalls();
        this.trace = task.layer().trace();
        this.statistics = task.group().run().statistics();
    }

    /** Runs a task to its end. */
    static void run(Task task) {
        task.setThread(Thread.currentThread());
        task.mm().space().turn().take(task.cpu()::requestAttention);
        task.cpuTime().resume();
        TaskLoop loop = new TaskLoop(task);
        try {
            loop.loop();
        } catch (SystemLostException e) {
            task.layer().systemLost(task.group().run(), e.getMessage());
        } catch (RuntimeException | Error e) {
            // a bug of ours, or the JVM's memory is exhausted: this program ends, the layer lives on
            task.layer().failed(task, e);
            GroupExit.begin(task.group(), SIGKILL);
        } finally {
            loop.statistics.guestCode(task.cpuTime().total() - loop.systemNanos, task.cpu());
            TaskExit.exit(task);
        }
    }

    private void loop() {
        Engine engine = task.layer().engine();
        while (true) {
            if (task.interrupted()) {
                SignalDelivery.deliver(task);
            }
            if (task.exits()) {
                return;
            }
            switch (engine.run(cpu)) {
                case SYSTEM_CALL -> systemCall();
                case EXCEPTION -> Traps.raise(task);
                case ATTENTION -> task.yield();
            }
        }
    }

    private void systemCall() {
        int number = (int) cpu.gpr[RAX];
        task.enterSystemCall(number);
        long before = task.cpuTime().enterSystemCall();
        SystemCallTable.Entry entry = table.entry(number);
        long result;
        if (trace != null) {
            result = trace.call(task, number, entry, () -> call(entry, number));
        } else {
            result = call(entry, number);
        }
        cpu.gpr[RAX] = result;
        long nanos = task.cpuTime().leaveSystemCall() - before;
        systemNanos += nanos;
        statistics.systemCall(number, nanos);
        if (task.interrupted() || result >= -Errno.ERESTART_RESTARTBLOCK && result <= -Errno.ERESTARTSYS && task.inSystemCall()) {
            SignalDelivery.deliver(task);
        }
        task.leaveSystemCall();
    }

    private long call(SystemCallTable.Entry entry, int number) {
        if (entry == null) {
            task.layer().statistics().missing(number);
            return -Errno.ENOSYS;
        }
        try {
            return entry.handler().handle(task, cpu.gpr[RDI], cpu.gpr[RSI], cpu.gpr[RDX], cpu.gpr[R10], cpu.gpr[R8], cpu.gpr[R9]);
        } catch (SystemCallException e) {
            return -e.errno();
        } catch (VfsException e) {
            return -e.errno().number();
        } catch (RuntimeException e) {
            return -task.layer().view().errorOf(e);
        }
    }
}
