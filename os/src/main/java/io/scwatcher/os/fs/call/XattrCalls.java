package io.scwatcher.os.fs.call;

import static io.scwatcher.os.syscall.Argument.FD;
import static io.scwatcher.os.syscall.Argument.HEX;
import static io.scwatcher.os.syscall.Argument.PATH;
import static io.scwatcher.os.syscall.Argument.POINTER;
import static io.scwatcher.os.syscall.Argument.SIZE;
import static io.scwatcher.os.syscall.Argument.STRING;
import static io.scwatcher.os.syscall.Argument.args;
import static io.scwatcher.os.syscall.Support.FULL;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.Inode;
import io.scwatcher.os.fs.Location;
import io.scwatcher.os.fs.OpenFlags;
import io.scwatcher.os.fs.PathWalk;
import io.scwatcher.os.fs.Permissions;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.syscall.SystemCallTable;
import io.scwatcher.os.task.Credentials;
import io.scwatcher.os.task.Task;
import io.scwatcher.vfs.FileType;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Extended attributes: xattr(7). */
public final class XattrCalls {
    private static final int NAME_MAX = 255;
    private static final int SIZE_MAX = 65_536;

    private XattrCalls() {}

    /** How the file is given: by path, by path of a link, by descriptor. */
    @FunctionalInterface
    private interface Target {
        Location find(Task task, long argument);
    }

    public static void register(SystemCallTable.Builder table) {
        register(table, "", 188, 191, 194, 197, (task, path) -> walk(task, path, PathWalk.FOLLOW));
        register(table, "l", 189, 192, 195, 198, (task, path) -> walk(task, path, 0));
        register(table, "f", 190, 193, 196, 199, XattrCalls::open);
    }

    private static void register(SystemCallTable.Builder table, String prefix, int set, int get, int list, int remove, Target target) {
        var where = prefix.equals("f") ? FD : PATH;
        table.call(set, prefix + "setxattr", args(where, STRING, POINTER, SIZE, HEX), FULL, (task, file, name, value, size, flags, _) -> {
            if ((flags & ~3L) != 0 || flags == 3) {
                return -Errno.EINVAL;
            }
            String text = name(task, name);
            if (Long.compareUnsigned(size, SIZE_MAX) > 0) {
                return -Errno.E2BIG;
            }
            byte[] bytes = task.memory().copyIn(value, (int) size);
            change(task, target.find(task, file), text, bytes, (int) flags);
            return 0;
        });
        table.call(remove, prefix + "removexattr", args(where, STRING), FULL, (task, file, name, _, _, _, _) -> {
            change(task, target.find(task, file), name(task, name), null, 0);
            return 0;
        });
        table.call(get, prefix + "getxattr", args(where, STRING, POINTER, SIZE), FULL, (task, file, name, out, size, _, _) ->
                get(task, target.find(task, file), name(task, name), out, size));
        table.call(list, prefix + "listxattr", args(where, POINTER, SIZE), FULL, (task, file, out, size, _, _, _) -> list(task, target.find(task, file), out, size));
    }

    private static Location walk(Task task, long path, int how) {
        PathWalk walk = new PathWalk(task);
        int error = walk.resolve(OpenFlags.AT_FDCWD, task.memory().readPath(path), how);
        if (error != 0) {
            throw SystemCallException.of(-error);
        }
        return walk.location();
    }

    private static Location open(Task task, long fd) {
        FileDescription file = task.files().get((int) fd);
        if (file.location() == null) {
            throw SystemCallException.of(Errno.EOPNOTSUPP);
        }
        return file.location();
    }

    private static String name(Task task, long address) {
        String name;
        try {
            name = task.memory().readString(address, NAME_MAX + 1);
        } catch (SystemCallException e) {
            throw e.errno() == Errno.ENAMETOOLONG ? SystemCallException.of(Errno.ERANGE) : e;
        }
        if (name.isEmpty()) {
            throw SystemCallException.of(Errno.ERANGE);
        }
        return name;
    }

    /** Whether somebody may use attributes of that name: {@code xattr_permission} of fs/xattr.c. */
    private static void expectPermission(Task task, Inode inode, String name, boolean write) {
        boolean user = name.startsWith("user.");
        boolean trusted = name.startsWith("trusted.");
        boolean security = name.startsWith("security.");
        if (!user && !trusted && !security) {
            throw SystemCallException.of(Errno.EOPNOTSUPP);
        }
        if (name.endsWith(".") && name.indexOf('.') == name.length() - 1) {
            throw SystemCallException.of(Errno.EINVAL);
        }
        Credentials who = task.credentials();
        if (trusted || security && write) {
            if (!who.has(Credentials.CAP_SYS_ADMIN)) {
                throw SystemCallException.of(write ? Errno.EPERM : Errno.ENODATA);
            }
            return;
        }
        if (user) {
            if (inode.type() != FileType.REGULAR && inode.type() != FileType.DIRECTORY) {
                throw SystemCallException.of(write ? Errno.EPERM : Errno.ENODATA);
            }
            int error = inode.permission(who, write ? Permissions.WRITE : Permissions.READ);
            if (error != 0) {
                throw SystemCallException.of(-error);
            }
        }
    }

    private static void change(Task task, Location at, String name, byte[] value, int flags) {
        if (at.mount().readOnly()) {
            throw SystemCallException.of(Errno.EROFS);
        }
        expectPermission(task, at.inode(), name, true);
        at.inode().changeAttribute(name, value, flags);
    }

    private static long get(Task task, Location at, String name, long out, long size) {
        byte[] value = at.inode().attribute(name);
        if (value == null || !name.startsWith("system.")) {
            expectPermission(task, at.inode(), name, false);
        }
        return value == null ? -Errno.ENODATA : give(task, value, out, size);
    }

    private static long list(Task task, Location at, long out, long size) {
        ByteArrayOutputStream names = new ByteArrayOutputStream();
        for (String name : at.inode().attributeNames()) {
            if (!name.startsWith("trusted.") || task.credentials().has(Credentials.CAP_SYS_ADMIN)) {
                names.writeBytes(name.getBytes(StandardCharsets.ISO_8859_1));
                names.write(0);
            }
        }
        return give(task, names.toByteArray(), out, size);
    }

    private static long give(Task task, byte[] bytes, long out, long size) {
        if (size == 0) {
            return bytes.length;
        }
        if (Long.compareUnsigned(size, bytes.length) < 0) {
            return -Errno.ERANGE;
        }
        task.memory().copyOut(out, bytes);
        return bytes.length;
    }
}
