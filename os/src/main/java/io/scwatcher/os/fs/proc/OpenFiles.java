package io.scwatcher.os.fs.proc;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.Dentry;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.FileStatus;
import io.scwatcher.os.fs.FileSystem;
import io.scwatcher.os.fs.Inode;
import io.scwatcher.os.fs.Location;
import io.scwatcher.os.fs.OpenFlags;
import io.scwatcher.os.fs.poll.EventFd;
import io.scwatcher.os.fs.poll.EventPoll;
import io.scwatcher.os.fs.poll.SignalFd;
import io.scwatcher.os.fs.poll.TimerFd;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.task.Task;
import io.scwatcher.vfs.FileType;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** {@code /proc/PID/fd} and {@code fdinfo} (fs/proc/fd.c). */
final class OpenFiles extends ProcDirectory {
    private final Task task;
    private final boolean information;

    OpenFiles(ProcFileSystem fs, Task task, boolean information) {
        super(fs, information ? 0555 : 0500, ProcessDirectory.inode(task, information ? 6 : 5), task.credentials());
        this.task = task;
        this.information = information;
    }

    @Override
    List<String> names() {
        return task.files() == null ? List.of() : task.files().numbers().stream().map(fd -> Integer.toString(fd)).toList();
    }

    @Override
    Inode child(String name) {
        int fd = name.equals("0") ? 0 : OwnProcesses.number(name);
        FileDescription file = fd < 0 || task.files() == null ? null : task.files().find(fd);
        if (file == null) {
            return null;
        }
        long inode = ProcessDirectory.inode(task, 0) + 0x1_0000_0000_0000L + fd * 2L + (information ? 1 : 0);
        if (information) {
            boolean closes = task.files().closesOnExec(fd);
            return new ProcInode.Text(fs, 0444, inode, task.credentials(), _ -> describe(file, closes).getBytes(StandardCharsets.ISO_8859_1), null);
        }
        int permissions = (file.readable() || (file.flags() & OpenFlags.O_PATH) != 0 ? 0500 : 0) | (file.writable() ? 0300 : 0);
        return new ProcInode.Link(fs, permissions, inode, task.credentials(), reader -> file.linkText(reader.fsContext().root()), reader -> place(reader, file));
    }

    /** Where the link of an open file leads: to its place, or to something that opens the same object again. */
    private static Location place(Task reader, FileDescription file) {
        return file.location() != null ? file.location() : nameless(reader, file.linkText(reader.fsContext().root()), new Reopened(file));
    }

    /** A place for an object without one. */
    static Location nameless(Task reader, String text, Inode object) {
        Location root = reader.fsContext().mounts().root();
        return new Location(root.mount(), new Dentry(null, text, object));
    }

    private static String describe(FileDescription file, boolean closesOnExec) {
        int flags = file.flags() | (closesOnExec ? OpenFlags.O_CLOEXEC : 0);
        int mount = file.location() == null ? 15 : file.location().mount().id();
        String text = "pos:\t" + Math.max(0, file.seek(0, 1)) + "\nflags:\t0" + Integer.toOctalString(flags) + "\nmnt_id:\t" + mount + "\nino:\t" + file.status().inode() + "\n";
        return text + switch (file) {
            case EventPoll epoll -> epoll.describe();
            case EventFd event -> event.describe();
            case SignalFd signals -> signals.describe();
            case TimerFd timer -> timer.describe();
            default -> "";
        };
    }

    /** An object without a name in the tree, reached through the link of a descriptor. */
    private static final class Reopened extends Inode {
        private final FileDescription file;

        Reopened(FileDescription file) {
            this.file = file;
        }

        @Override
        public FileStatus status() {
            return file.status();
        }

        @Override
        public FileType type() {
            FileType type = file.status().type();
            return type == null ? FileType.REGULAR : type;
        }

        @Override
        public FileSystem fileSystem() {
            throw SystemCallException.of(Errno.ENOSYS);
        }

        @Override
        public FileDescription open(Task opener, Location at, int flags) {
            return file.reopen(flags);
        }

        @Override
        public void truncate(long size) {
            file.truncate(size);
        }
    }
}
