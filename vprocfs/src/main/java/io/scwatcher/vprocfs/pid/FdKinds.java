package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.Lists;
import io.scwatcher.kernel.collection.RbTree;
import io.scwatcher.kernel.symbol.Symbol;
import io.scwatcher.kernel.task.KernelTraits;
import io.scwatcher.kernel.task.PidNamespace;
import io.scwatcher.kernel.task.PidType;
import io.scwatcher.vprocfs.ProcText;

/** What fdinfo tells of files of special kinds; each method names the kernel function that it follows. */
final class FdKinds {
    private static final int EFD_SEMAPHORE = 1;

    /** {@code UFFD_API_IOCTLS}. */
    private static final long UFFD_API_IOCTLS = 0x8000_0000_0000_0003L;

    private FdKinds() {}

    /** {@code eventfd_show_fdinfo} (fs/eventfd.c). */
    static void event(KObject context, ProcText out) {
        out.put("eventfd-count: ").right(Long.toHexString(context.get("count")), 16);
        if (context.has("id")) {
            out.put("\neventfd-id: ").dec(context.getInt("id"));
        }
        if (KernelTraits.hasText(context.kernel(), "eventfd-semaphore: ", "eventfd_show_fdinfo")) {
            out.put("\neventfd-semaphore: ").dec(context.get("flags") & EFD_SEMAPHORE);
        }
        out.put('\n');
    }

    /** {@code ep_show_fdinfo} (fs/eventpoll.c). */
    static void epoll(KObject poll, ProcText out) {
        for (KObject item : RbTree.inOrder(poll.at("rbr"), "epitem", "rbn")) {
            KObject file = item.ptr("ffd.file");
            KObject inode = file.ptr("f_inode");
            out.put("tfd: ").dec(item.getInt("ffd.fd"), 8);
            out.put(" events: ").right(Long.toHexString(item.get("event.events") & 0xffff_ffffL), 8);
            out.put(" data: ").right(Long.toHexString(item.get("event.data")), 16);
            out.put("  pos:").dec(file.get("f_pos")).put(" ino:").hex(inode.get("i_ino"));
            out.put(" sdev:").hex(inode.ptr("i_sb").get("s_dev")).put('\n');
        }
    }

    /** {@code signalfd_show_fdinfo} (fs/signalfd.c): the mask is kept inverted. */
    static void signal(KObject context, ProcText out) {
        out.put("sigmask:\t").hex(~context.get("sigmask.sig[0]"), 16).put('\n');
    }

    /** {@code timerfd_show} (fs/timerfd.c). */
    static void timer(KObject context, ProcText out) {
        TimerFd timer = new TimerFd(context);
        out.put("clockid: ").dec(context.getInt("clockid")).put("\nticks: ").unsigned(context.get("ticks"));
        out.put("\nsettime flags: 0").octal(context.get("settime_flags"));
        out.put("\nit_value: ");
        duration(timer.remaining(), out);
        out.put("\nit_interval: ");
        duration(timer.interval(), out);
        out.put('\n');
    }

    private static void duration(long nanoseconds, ProcText out) {
        out.put('(').dec(nanoseconds / 1_000_000_000L).put(", ").dec(nanoseconds % 1_000_000_000L).put(')');
    }

    /** {@code pidfd_show_fdinfo} (kernel/fork.c, fs/pidfs.c). */
    static void pid(TaskView reader, KObject pid, ProcText out) {
        int number = PidNamespace.task(pid, PidType.PID) == null ? -1 : reader.namespace().number(pid);
        out.put("Pid:\t").dec(number).put("\nNSpid:\t").dec(number);
        if (number > 0) {
            var inner = reader.namespace().inwards(pid);
            for (PidNamespace namespace : inner.subList(1, inner.size())) {
                out.put('\t').dec(namespace.number(pid));
            }
        }
        out.put('\n');
    }

    /** {@code sock_show_fdinfo} (net/socket.c): only Unix sockets tell something, {@code unix_show_fdinfo} (5.10). */
    static void socket(KObject socket, ProcText out) {
        Kernel kernel = socket.kernel();
        KObject operations = socket.ptr("ops");
        long printer = operations.isNull() || !operations.has("show_fdinfo") ? 0 : operations.get("show_fdinfo");
        Symbol symbol = printer == 0 ? null : kernel.symbols().containing(printer);
        if (symbol == null || !symbol.name().equals("unix_show_fdinfo")) {
            return;
        }
        KObject unix = socket.ptr("sk").as("unix_sock");
        out.put("scm_fds: ").unsigned(unix.get("scm_stat.nr_fds.counter") & 0xffff_ffffL).put('\n');
    }

    /** {@code userfaultfd_show_fdinfo} (fs/userfaultfd.c): who waits, and which of its operations the kernel has. */
    static void userFaults(KObject context, ProcText out) {
        Kernel kernel = context.kernel();
        int pending = count(context.at("fault_pending_wqh.head"));
        int total = pending + count(context.at("fault_wqh.head"));
        long operations = KernelTraits.loadedConstant(kernel, "userfaultfd_show_fdinfo", UFFD_API_IOCTLS);
        out.put("pending:\t").dec(pending).put("\ntotal:\t").dec(total).put("\nAPI:\taa:");
        out.hex(context.get("features") & 0xffff_ffffL).put(':').hex(operations).put('\n');
    }

    private static int count(KObject head) {
        int count = 0;
        for (KObject waiter : Lists.list(head, "wait_queue_entry", "entry")) {
            count += waiter.isNull() ? 0 : 1;
        }
        return count;
    }

    /** {@code pty_show_fdinfo} (drivers/tty/pty.c): the index of a pseudo terminal, told by its master. */
    static void terminal(KObject data, ProcText out) {
        KObject tty = data.ptr("tty");
        KObject operations = tty.ptr("ops");
        long printer = operations.isNull() || !operations.has("show_fdinfo") ? 0 : operations.get("show_fdinfo");
        Symbol symbol = printer == 0 ? null : tty.kernel().symbols().containing(printer);
        if (symbol != null && symbol.name().equals("pty_show_fdinfo")) {
            out.put("tty-index:\t").dec(tty.getInt("index")).put('\n');
        }
    }
}
