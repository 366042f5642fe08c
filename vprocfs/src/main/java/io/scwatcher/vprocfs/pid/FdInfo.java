package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.fs.FileTable;
import io.scwatcher.kernel.fs.OpenFile;
import io.scwatcher.kernel.symbol.Symbol;
import io.scwatcher.kernel.system.FileLocks;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.system.LocksFile;

/**
 * A file of /proc/PID/fdinfo: fs/proc/fd.c {@code seq_show}, then the lines of the file's own kind.
 *
 * @param tellsInode since 5.14
 */
record FdInfo(TaskView task, FileTable table, int number, OpenFile file, boolean tellsInode) {
    private static final int O_CLOEXEC = 02000000;

    void print(ProcText out) {
        KObject object = file.object();
        long flags = object.get("f_flags") & 0xffff_ffffL | (table.closesOnExec(number) ? O_CLOEXEC : 0);
        out.put("pos:\t").dec(object.get("f_pos")).put("\nflags:\t0").octal(flags);
        out.put("\nmnt_id:\t").dec(file.path().mount().get("mnt_id"));
        if (tellsInode) {
            out.put("\nino:\t").unsigned(file.inode().get("i_ino"));
        }
        out.put('\n');
        int locks = 0;
        for (FileLocks.Lock lock : new FileLocks(task.kernel()).through(object, table.object())) {
            out.put("lock:\t").dec(++locks).put(": ");
            LocksFile.print(lock, out);
        }
        long printer = object.ptr("f_op").get("show_fdinfo");
        if (printer != 0) {
            special(printer, out);
        }
    }

    private void special(long printer, ProcText out) {
        Symbol symbol = task.kernel().symbols().containing(printer);
        KObject object = file.object();
        Kernel kernel = task.kernel();
        long data = object.get("private_data");
        switch (symbol == null ? "" : symbol.name()) {
            case "eventfd_show_fdinfo" -> FdKinds.event(kernel.at(data, "eventfd_ctx"), out);
            case "ep_show_fdinfo" -> FdKinds.epoll(kernel.at(data, "eventpoll"), out);
            case "signalfd_show_fdinfo" -> FdKinds.signal(kernel.at(data, "signalfd_ctx"), out);
            case "timerfd_show" -> FdKinds.timer(kernel.at(data, "timerfd_ctx"), out);
            case "pidfd_show_fdinfo" -> FdKinds.pid(task, pid(data), out);
            case "inotify_show_fdinfo" -> NotifyMarks.inotify(kernel.at(data, "fsnotify_group"), out);
            case "fanotify_show_fdinfo" -> NotifyMarks.fanotify(kernel.at(data, "fsnotify_group"), out);
            case "sock_show_fdinfo" -> FdKinds.socket(kernel.at(data, "socket"), out);
            case "tty_show_fdinfo" -> FdKinds.terminal(kernel.at(data, "tty_file_private"), out);
            case "userfaultfd_show_fdinfo" -> FdKinds.userFaults(kernel.at(data, "userfaultfd_ctx"), out);
            case "bpf_prog_show_fdinfo" -> BpfFds.program(kernel.at(data, "bpf_prog"), out);
            case "bpf_map_show_fdinfo" -> BpfFds.map(kernel.at(data, "bpf_map"), out);
            default -> kernel.anomalies().record("fdinfo of " + task.task().tid() + ": no printer for "
                    + (symbol == null ? "an unknown kind" : symbol.name()));
        }
    }

    /** {@code pidfd_pid}: kept in the file until pidfs (6.9) put it behind the inode. */
    private KObject pid(long data) {
        boolean inInode = task.kernel().types().struct("pid").has("ino");
        return task.kernel().at(inInode ? file.inode().get("i_private") : data, "pid");
    }
}
