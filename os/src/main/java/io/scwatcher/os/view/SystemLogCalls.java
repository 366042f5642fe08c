package io.scwatcher.os.view;

import static io.scwatcher.os.abi.Errno.EINVAL;
import static io.scwatcher.os.abi.Errno.EPERM;
import static io.scwatcher.os.syscall.Argument.INT;
import static io.scwatcher.os.syscall.Argument.POINTER;
import static io.scwatcher.os.syscall.Argument.args;

import io.scwatcher.os.syscall.Support;
import io.scwatcher.os.syscall.SystemCallTable;
import io.scwatcher.os.task.Task;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** syslog(2) (kernel/printk/printk.c, do_syslog): reading the system's log, which nobody may change. */
public final class SystemLogCalls {
    private static final int CLOSE = 0, OPEN = 1, READ_ALL = 3, SIZE_UNREAD = 9, SIZE_BUFFER = 10;
    private static final int BUFFER = 1 << 17;

    private SystemLogCalls() {}

    public static void register(SystemCallTable.Builder table) {
        table.call(103, "syslog", args(INT, POINTER, INT), Support.PARTIAL, "reading all, and sizes; the rest EPERM", (task, type, address, length, _, _, _) ->
                switch ((int) type) {
                    case CLOSE, OPEN -> 0;
                    case READ_ALL -> readAll(task, address, (int) length);
                    case SIZE_UNREAD -> task.layer().view().log().stream().mapToInt(record -> text(record).length()).sum();
                    case SIZE_BUFFER -> BUFFER;
                    default -> -EPERM;
                });
    }

    /** As many of the last records as there is room for. */
    private static long readAll(Task task, long address, int length) {
        if (address == 0 || length < 0) {
            return -EINVAL;
        }
        List<SystemView.LogRecord> records = task.layer().view().log();
        int first = records.size();
        long room = length;
        while (first > 0 && room - text(records.get(first - 1)).length() >= 0) {
            room -= text(records.get(--first)).length();
        }
        StringBuilder all = new StringBuilder();
        records.subList(first, records.size()).forEach(record -> all.append(text(record)));
        byte[] bytes = all.toString().getBytes(StandardCharsets.ISO_8859_1);
        task.memory().copyOut(address, bytes);
        return bytes.length;
    }

    /** {@code record_print_text}: the prefix before each of its lines. */
    private static String text(SystemView.LogRecord record) {
        String prefix = "<%d>[%5d.%06d] ".formatted(record.facility() << 3 | record.level(), record.nanos() / 1_000_000_000, record.nanos() / 1000 % 1_000_000);
        return prefix + record.text().replace("\n", "\n" + prefix) + "\n";
    }
}
