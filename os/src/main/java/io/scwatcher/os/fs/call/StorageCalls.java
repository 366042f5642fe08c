package io.scwatcher.os.fs.call;

import static io.scwatcher.os.syscall.Argument.FD;
import static io.scwatcher.os.syscall.Argument.HEX;
import static io.scwatcher.os.syscall.Argument.INT;
import static io.scwatcher.os.syscall.Argument.LONG;
import static io.scwatcher.os.syscall.Argument.PATH;
import static io.scwatcher.os.syscall.Argument.POINTER;
import static io.scwatcher.os.syscall.Argument.SIZE;
import static io.scwatcher.os.syscall.Argument.STRING;
import static io.scwatcher.os.syscall.Argument.args;
import static io.scwatcher.os.syscall.Support.FULL;
import static io.scwatcher.os.syscall.Support.REFUSED;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.OpenFlags;
import io.scwatcher.os.fs.PathWalk;
import io.scwatcher.os.fs.pipe.PipeDescription;
import io.scwatcher.os.syscall.SystemCallTable;
import io.scwatcher.os.task.Task;
import io.scwatcher.vfs.FileType;

/** What concerns storage, of which there is none here: nothing has to be synchronized or read ahead; and quotas, mounts, which are refused. */
public final class StorageCalls {
    private static final int MAX_HANDLE_SIZE = 128;
    private static final int FILEID_KERNFS = 0xfe;

    private StorageCalls() {}

    public static void register(SystemCallTable.Builder table) {
        table.call(162, "sync", args(), FULL, (_, _, _, _, _, _, _) -> 0);
        table.call(74, "fsync", args(FD), FULL, (task, fd, _, _, _, _, _) -> synchronize(task.files().get((int) fd)));
        table.call(75, "fdatasync", args(FD), FULL, (task, fd, _, _, _, _, _) -> synchronize(task.files().get((int) fd)));
        table.call(306, "syncfs", args(FD), FULL, (task, fd, _, _, _, _, _) -> {
            task.files().get((int) fd);
            return 0;
        });
        table.call(277, "sync_file_range", args(FD, LONG, LONG, HEX), FULL, (task, fd, offset, length, flags, _, _) -> {
            FileDescription file = task.files().get((int) fd);
            if ((flags & ~7L) != 0 || offset < 0 || length < 0 || offset + length < 0) {
                return -Errno.EINVAL;
            }
            return file.seekable() ? 0 : -Errno.ESPIPE;
        });
        table.call(221, "fadvise64", args(FD, LONG, LONG, INT), FULL, (task, fd, _, length, advice, _, _) -> {
            FileDescription file = task.files().get((int) fd);
            if (file instanceof PipeDescription) {
                return -Errno.ESPIPE;
            }
            return length < 0 || (int) advice < 0 || (int) advice > 5 ? -Errno.EINVAL : 0;
        });
        table.call(187, "readahead", args(FD, LONG, SIZE), FULL, (task, fd, _, _, _, _, _) -> {
            FileDescription file = task.files().get((int) fd);
            return !file.readable() ? -Errno.EBADF : file.seekable() && file.status().type() == FileType.REGULAR ? 0 : -Errno.EINVAL;
        });
        table.call(303, "name_to_handle_at", args(FD, PATH, POINTER, POINTER, HEX), FULL, (task, fd, path, handle, mount, flags, _) ->
                handle(task, (int) fd, path, handle, mount, (int) flags));
        table.call(304, "open_by_handle_at", args(FD, POINTER, HEX), REFUSED, (_, _, _, _, _, _, _) -> -Errno.EPERM);
        table.call(179, "quotactl", args(HEX, PATH, INT, POINTER), REFUSED, (_, _, _, _, _, _, _) -> -Errno.ENOSYS);
        table.call(165, "mount", args(PATH, PATH, STRING, HEX, POINTER), REFUSED, (_, _, _, _, _, _, _) -> -Errno.EPERM);
        table.call(166, "umount2", args(PATH, HEX), REFUSED, (_, _, _, _, _, _, _) -> -Errno.EPERM);
        table.call(155, "pivot_root", args(PATH, PATH), REFUSED, (_, _, _, _, _, _, _) -> -Errno.EPERM);
        table.call(167, "swapon", args(PATH, HEX), REFUSED, (_, _, _, _, _, _, _) -> -Errno.EPERM);
        table.call(168, "swapoff", args(PATH), REFUSED, (_, _, _, _, _, _, _) -> -Errno.EPERM);
    }

    /**
     * {@code do_sys_name_to_handle} (fs/fhandle.c). All handles are of the kind that file systems in memory give: the inode's number, which is what
     * names a control group.
     */
    private static long handle(Task task, int fd, long path, long handle, long mount, int flags) {
        if ((flags & ~(OpenFlags.AT_SYMLINK_FOLLOW | OpenFlags.AT_EMPTY_PATH)) != 0) {
            return -Errno.EINVAL;
        }
        PathWalk walk = new PathWalk(task);
        int how = ((flags & OpenFlags.AT_SYMLINK_FOLLOW) != 0 ? PathWalk.FOLLOW : 0) | ((flags & OpenFlags.AT_EMPTY_PATH) != 0 ? PathWalk.EMPTY_PATH : 0);
        int error = walk.resolve(fd, task.memory().readPath(path), how);
        if (error != 0) {
            return error;
        }
        int room = task.memory().get32(handle);
        if (Integer.compareUnsigned(room, MAX_HANDLE_SIZE) > 0) {
            return -Errno.EINVAL;
        }
        task.memory().put32(mount, walk.location().mount().id());
        task.memory().put32(handle, Long.BYTES);
        if (room < Long.BYTES) {
            return -Errno.EOVERFLOW;
        }
        task.memory().put32(handle + 4, FILEID_KERNFS);
        task.memory().put64(handle + 8, walk.location().inode().status().inode());
        return 0;
    }

    private static long synchronize(FileDescription file) {
        FileType type = file.status().type();
        return type == FileType.REGULAR || type == FileType.DIRECTORY || type == FileType.BLOCK_DEVICE ? 0 : -Errno.EINVAL;
    }
}
