package io.scwatcher.os.view;

import static io.scwatcher.os.abi.Errno.EFAULT;
import static io.scwatcher.os.abi.Errno.EINVAL;
import static io.scwatcher.os.abi.Errno.EPERM;
import static io.scwatcher.os.syscall.Argument.*;
import static io.scwatcher.os.syscall.Support.FULL;
import static io.scwatcher.os.syscall.Support.REFUSED;

import io.scwatcher.os.mm.UserMemory;
import io.scwatcher.os.syscall.SystemCallTable;
import io.scwatcher.os.task.Task;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What programs ask about the system, and calls that would change it: nobody may. */
public final class SystemInformationCalls {
    private static final int NAME = 65;
    private static final int SYSINFO_SIZE = 112;
    private static final int RANDOM_FLAGS = 7, GRND_RANDOM_INSECURE = 6;
    private static final int RANDOM_PIECE = 1 << 16;

    /** Calls that need privileges over the whole system. */
    private static final Map<Integer, String> PRIVILEGED = Map.ofEntries(
            Map.entry(153, "vhangup"), Map.entry(163, "acct"), Map.entry(169, "reboot"), Map.entry(170, "sethostname"),
            Map.entry(171, "setdomainname"), Map.entry(172, "iopl"), Map.entry(173, "ioperm"), Map.entry(175, "init_module"), Map.entry(176, "delete_module"),
            Map.entry(246, "kexec_load"), Map.entry(298, "perf_event_open"), Map.entry(300, "fanotify_init"), Map.entry(313, "finit_module"),
            Map.entry(320, "kexec_file_load"), Map.entry(321, "bpf"));

    private SystemInformationCalls() {}

    public static void register(SystemCallTable.Builder table) {
        table.call(63, "uname", args(POINTER), FULL, (task, address, _, _, _, _, _) -> {
            SystemView.Names names = task.layer().view().names();
            byte[] all = new byte[6 * NAME];
            int at = 0;
            for (String name : new String[] {names.system(), names.node(), names.release(), names.version(), names.machine(), names.domain()}) {
                byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
                System.arraycopy(bytes, 0, all, at, Math.min(bytes.length, NAME - 1));
                at += NAME;
            }
            task.memory().copyOut(address, all);
            return 0;
        });
        table.call(99, "sysinfo", args(POINTER), FULL, (task, address, _, _, _, _, _) -> {
            SystemView.Information information = task.layer().view().information();
            UserMemory memory = task.memory();
            memory.zero(address, SYSINFO_SIZE);
            memory.put64(address, information.uptime());
            for (int i = 0; i < 3; i++) {
                memory.put64(address + 8 + 8 * i, information.loads()[i]);
            }
            for (int i = 0; i < 6; i++) {
                memory.put64(address + 32 + 8 * i, information.memory()[i]);
            }
            memory.put16(address + 80, information.processes());
            memory.put32(address + 104, 1);
            return 0;
        });
        table.call(318, "getrandom", args(POINTER, SIZE, flags("GRND_NONBLOCK", "GRND_RANDOM", "GRND_INSECURE")), FULL, SystemInformationCalls::random);
        PRIVILEGED.forEach((number, name) -> table.call(number, name, args(HEX, HEX, HEX), REFUSED, (_, _, _, _, _, _, _) -> -EPERM));
    }

    private static long random(Task task, long address, long length, long flags, long d, long e, long f) {
        if ((flags & ~RANDOM_FLAGS) != 0 || (flags & GRND_RANDOM_INSECURE) == GRND_RANDOM_INSECURE) {
            return -EINVAL;
        }
        long wanted = Math.min(length < 0 ? Integer.MAX_VALUE : length, 0x7ffff000);
        long done = 0;
        while (done < wanted) {
            byte[] bytes = task.layer().random((int) Math.min(RANDOM_PIECE, wanted - done));
            int got = task.memory().tryCopyOut(address + done, bytes, 0, bytes.length);
            done += got;
            if (got < bytes.length) {
                break;
            }
            if (task.interrupted()) {
                break;
            }
        }
        return done == 0 && wanted > 0 ? -EFAULT : done;
    }
}
