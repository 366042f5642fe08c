package io.scwatcher.os.fs.call;

import io.scwatcher.os.syscall.SystemCallTable;

/** All system calls that belong to files. */
public final class FileCalls {
    private FileCalls() {}

    public static void register(SystemCallTable.Builder table) {
        OpenCalls.register(table);
        ReadWriteCalls.register(table);
        StatCalls.register(table);
        DirectoryCalls.register(table);
        NameCalls.register(table);
        AttributeCalls.register(table);
        XattrCalls.register(table);
        FcntlCalls.register(table);
        PollCalls.register(table);
        EventCalls.register(table);
        InotifyCalls.register(table);
        PipeCalls.register(table);
        StorageCalls.register(table);
    }
}
