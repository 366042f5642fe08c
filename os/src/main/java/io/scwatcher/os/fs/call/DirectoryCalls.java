package io.scwatcher.os.fs.call;

import static io.scwatcher.os.syscall.Argument.FD;
import static io.scwatcher.os.syscall.Argument.OCTAL;
import static io.scwatcher.os.syscall.Argument.PATH;
import static io.scwatcher.os.syscall.Argument.POINTER;
import static io.scwatcher.os.syscall.Argument.SIZE;
import static io.scwatcher.os.syscall.Argument.args;
import static io.scwatcher.os.syscall.Support.FULL;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.DirectoryDescription;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.FsContext;
import io.scwatcher.os.fs.Location;
import io.scwatcher.os.fs.OpenFlags;
import io.scwatcher.os.fs.PathWalk;
import io.scwatcher.os.fs.Permissions;
import io.scwatcher.os.syscall.SystemCallTable;
import io.scwatcher.os.task.Credentials;
import io.scwatcher.os.task.Task;
import io.scwatcher.vfs.FileType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reading directories; the working directory and the root. */
public final class DirectoryCalls {
    private static final int SEEK_SET = 0, SEEK_CUR = 1;
    /** One call gives at most so much, whatever room there is. */
    private static final int MAX_BUFFER = 1 << 17;

    private DirectoryCalls() {}

    public static void register(SystemCallTable.Builder table) {
        table.call(78, "getdents", args(FD, POINTER, SIZE), FULL, (task, fd, out, size, _, _, _) -> getdents(task, (int) fd, out, size, false));
        table.call(217, "getdents64", args(FD, POINTER, SIZE), FULL, (task, fd, out, size, _, _, _) -> getdents(task, (int) fd, out, size, true));
        table.call(79, "getcwd", args(POINTER, SIZE), FULL, (task, out, size, _, _, _, _) -> getcwd(task, out, size));
        table.call(80, "chdir", args(PATH), FULL, (task, path, _, _, _, _, _) -> {
            PathWalk walk = new PathWalk(task);
            int error = walk.resolve(OpenFlags.AT_FDCWD, task.memory().readPath(path), PathWalk.FOLLOW | PathWalk.DIRECTORY);
            return error != 0 ? error : enter(task, walk.location());
        });
        table.call(81, "fchdir", args(FD), FULL, (task, fd, _, _, _, _, _) -> {
            Location at = task.files().getAny((int) fd).location();
            return at == null || at.inode().type() != FileType.DIRECTORY ? -Errno.ENOTDIR : enter(task, at);
        });
        table.call(161, "chroot", args(PATH), FULL, (task, path, _, _, _, _, _) -> chroot(task, path));
        table.call(95, "umask", args(OCTAL), FULL, (task, mask, _, _, _, _, _) -> task.fsContext().umask((int) mask));
    }

    private static long enter(Task task, Location directory) {
        int error = directory.inode().permission(task.credentials(), Permissions.EXECUTE);
        if (error == 0) {
            task.fsContext().workingDirectory(directory);
        }
        return error;
    }

    private static long chroot(Task task, long path) {
        PathWalk walk = new PathWalk(task);
        int error = walk.resolve(OpenFlags.AT_FDCWD, task.memory().readPath(path), PathWalk.FOLLOW | PathWalk.DIRECTORY);
        if (error == 0) {
            error = walk.inode().permission(task.credentials(), Permissions.EXECUTE);
        }
        if (error != 0) {
            return error;
        }
        if (!task.credentials().has(Credentials.CAP_SYS_CHROOT)) {
            return -Errno.EPERM;
        }
        task.fsContext().root(walk.location());
        return 0;
    }

    private static long getcwd(Task task, long out, long size) {
        FsContext context = task.fsContext();
        Location at = context.workingDirectory();
        if (at.isDeleted()) {
            return -Errno.ENOENT;
        }
        byte[] path = at.absolute(context.root()).getBytes(StandardCharsets.ISO_8859_1);
        if (Long.compareUnsigned(size, path.length + 1) < 0) {
            return -Errno.ERANGE;
        }
        task.memory().copyOut(out, Arrays.copyOf(path, path.length + 1));
        return path.length + 1;
    }

    private static long getdents(Task task, int fd, long out, long size, boolean wide) {
        FileDescription file = task.files().get(fd);
        if (!(file instanceof DirectoryDescription directory)) {
            return -Errno.ENOTDIR;
        }
        if (directory.location().isDeleted()) {
            return -Errno.ENOENT;
        }
        Entries entries = new Entries((int) Math.min(size & 0xffffffffL, MAX_BUFFER), wide);
        long before = directory.seek(0, SEEK_CUR);
        directory.read(task.fsContext().root(), entries);
        if (entries.used == 0) {
            return entries.overflow ? -Errno.EINVAL : 0;
        }
        if (task.memory().tryCopyOut(out, entries.buffer, 0, entries.used) < entries.used) {
            directory.seek(before, SEEK_SET);
            return -Errno.EFAULT;
        }
        return entries.used;
    }

    /** Packs entries as struct linux_dirent64 or the older struct linux_dirent. */
    private static final class Entries implements DirectoryDescription.Sink {
        private final int room;
        private final boolean wide;
        private byte[] buffer;
        private int used;
        private boolean overflow;

        Entries(int room, boolean wide) {
            this.room = room;
            this.wide = wide;
            this.buffer = new byte[Math.min(room, 2048)];
        }

        @Override
        public boolean entry(String name, long inode, FileType type, long next) {
            int length = name.length();
            int size = (20 + length + 7) & ~7;
            if (size > room - used) {
                overflow = true;
                return false;
            }
            if (size > buffer.length - used) {
                buffer = Arrays.copyOf(buffer, Math.min(room, Math.max(used + size, buffer.length * 4)));
            }
            Layouts.put64(buffer, used, inode);
            Layouts.put64(buffer, used + 8, next);
            Layouts.put16(buffer, used + 16, size);
            int at = used + (wide ? 19 : 18);
            buffer[wide ? used + 18 : used + size - 1] = (byte) type.direntType();
            for (int i = 0; i < length; i++) {
                buffer[at + i] = (byte) name.charAt(i);
            }
            used += size;
            return true;
        }
    }
}
