package io.scwatcher.os.syscall;

import io.scwatcher.os.fs.call.FileCalls;
import io.scwatcher.os.futex.FutexCalls;
import io.scwatcher.os.mm.MemoryCalls;
import io.scwatcher.os.net.MessageCalls;
import io.scwatcher.os.net.SocketCalls;
import io.scwatcher.os.signal.SignalCalls;
import io.scwatcher.os.task.ControlCalls;
import io.scwatcher.os.task.CredentialCalls;
import io.scwatcher.os.task.ProcessCalls;
import io.scwatcher.os.task.SchedulingCalls;
import io.scwatcher.os.time.TimeCalls;
import io.scwatcher.os.view.SystemInformationCalls;
import io.scwatcher.os.view.SystemLogCalls;

/** All system calls that there are. */
public final class SystemCalls {
    /** The one table; it has no state. */
    public static final SystemCallTable TABLE = build();

    private SystemCalls() {}

    private static SystemCallTable build() {
        SystemCallTable.Builder table = SystemCallTable.builder();
        ProcessCalls.register(table);
        ControlCalls.register(table);
        CredentialCalls.register(table);
        SchedulingCalls.register(table);
        SignalCalls.register(table);
        MemoryCalls.register(table);
        FutexCalls.register(table);
        TimeCalls.register(table);
        SystemInformationCalls.register(table);
        SystemLogCalls.register(table);
        FileCalls.register(table);
        SocketCalls.register(table);
        MessageCalls.register(table);
        return table.build();
    }
}
