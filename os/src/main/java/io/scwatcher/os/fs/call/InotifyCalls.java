package io.scwatcher.os.fs.call;

import static io.scwatcher.os.syscall.Argument.FD;
import static io.scwatcher.os.syscall.Argument.HEX;
import static io.scwatcher.os.syscall.Argument.INT;
import static io.scwatcher.os.syscall.Argument.PATH;
import static io.scwatcher.os.syscall.Argument.args;
import static io.scwatcher.os.syscall.Support.FULL;
import static io.scwatcher.os.syscall.Support.PARTIAL;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.OpenFlags;
import io.scwatcher.os.fs.PathWalk;
import io.scwatcher.os.fs.Permissions;
import io.scwatcher.os.fs.poll.Inotify;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.syscall.SystemCallTable;
import io.scwatcher.os.task.Task;

/** inotify. */
public final class InotifyCalls {
    private static final int IN_ONLYDIR = 0x100_0000, IN_DONT_FOLLOW = 0x200_0000, IN_EXCL_UNLINK = 0x400_0000;
    private static final int ALL_EVENTS = 0xfff;
    private static final int VALID = ALL_EVENTS | 0xe000 | IN_ONLYDIR | IN_DONT_FOLLOW | IN_EXCL_UNLINK | Inotify.IN_MASK_CREATE | Inotify.IN_MASK_ADD
            | 0x4000_0000 | Inotify.IN_ONESHOT;
    private static final int FLAGS = OpenFlags.O_NONBLOCK | OpenFlags.O_CLOEXEC;

    private InotifyCalls() {}

    public static void register(SystemCallTable.Builder table) {
        table.call(253, "inotify_init", args(), FULL, (task, _, _, _, _, _, _) -> task.files().install(new Inotify(0), false));
        table.call(294, "inotify_init1", args(OpenCalls.OPEN_FLAGS), FULL, (task, flags, _, _, _, _, _) -> (flags & ~FLAGS) != 0 ? -Errno.EINVAL
                : task.files().install(new Inotify((int) flags & OpenFlags.O_NONBLOCK), (flags & OpenFlags.O_CLOEXEC) != 0));
        table.call(254, "inotify_add_watch", args(FD, PATH, HEX), PARTIAL,
                "a directory tells nothing of attributes of its entries; opening and closing directories is not told; /proc, /sys and FIFOs are silent",
                (task, fd, path, mask, _, _, _) -> add(task, (int) fd, path, (int) mask));
        table.call(255, "inotify_rm_watch", args(FD, INT), FULL, (task, fd, number, _, _, _, _) -> {
            inotify(task, (int) fd).remove((int) number);
            return 0;
        });
    }

    private static Inotify inotify(Task task, int fd) {
        if (task.files().get(fd) instanceof Inotify inotify) {
            return inotify;
        }
        throw SystemCallException.of(Errno.EINVAL);
    }

    private static long add(Task task, int fd, long path, int mask) {
        boolean both = (mask & Inotify.IN_MASK_ADD) != 0 && (mask & Inotify.IN_MASK_CREATE) != 0;
        if ((mask & VALID) == 0) {
            return -Errno.EINVAL;
        }
        task.files().get(fd);
        if (both) {
            return -Errno.EINVAL;
        }
        Inotify inotify = inotify(task, fd);
        PathWalk walk = new PathWalk(task);
        int how = ((mask & IN_DONT_FOLLOW) == 0 ? PathWalk.FOLLOW : 0) | ((mask & IN_ONLYDIR) != 0 ? PathWalk.DIRECTORY : 0);
        int error = walk.resolve(OpenFlags.AT_FDCWD, task.memory().readPath(path), how);
        if (error == 0) {
            error = walk.inode().permission(task.credentials(), Permissions.READ);
        }
        return error != 0 ? error : inotify.add(walk.inode(), mask);
    }
}
