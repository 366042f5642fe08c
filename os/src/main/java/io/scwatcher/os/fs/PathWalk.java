package io.scwatcher.os.fs;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.task.Credentials;
import io.scwatcher.os.task.Task;
import io.scwatcher.vfs.FileType;

/**
 * One path resolution (path_resolution(7); fs/namei.c). Failing to find a name is ordinary and therefore a return value, not an exception. For one thread and
 * one use.
 */
public final class PathWalk {
    /** A symbolic link as the last component is followed. */
    public static final int FOLLOW = 1;
    /** The last component must be a directory. */
    public static final int DIRECTORY = 2;
    /** An empty path means the starting directory: AT_EMPTY_PATH. */
    public static final int EMPTY_PATH = 4;
    /** The last component is left for {@link #last}: for calls that create, remove or rename. */
    public static final int PARENT = 8;
    /** RESOLVE_* of openat2(2), from bit 8 on. */
    public static final int NO_XDEV = 0x100, NO_MAGIC_LINKS = 0x200, NO_SYMLINKS = 0x400, BENEATH = 0x800, IN_ROOT = 0x1000;

    private static final int MAX_LINKS = 40;
    private static final int NAME_MAX = 255;

    private final Task task;
    private final FsContext context;
    private final Credentials credentials;
    private final Mounts mounts;

    private Mount mount;
    private Dentry dentry;
    private Location root;
    private int flags;
    private int links;
    private String last;
    private boolean trailingSlash;

    public PathWalk(Task task) {
        this(task, task.fsContext(), task.credentials());
    }

    /** @param task for links that depend on who reads them; may be null in a tree without such */
    public PathWalk(Task task, FsContext context, Credentials credentials) {
        this.task = task;
        this.context = context;
        this.credentials = credentials;
        this.mounts = context.mounts();
    }

    /** What was found, or with {@link #PARENT} the directory of the last component. */
    public Location location() {
        return new Location(mount, dentry);
    }

    public Dentry dentry() {
        return dentry;
    }

    public Inode inode() {
        return dentry.inode();
    }

    public Mount mount() {
        return mount;
    }

    /** With {@link #PARENT}: the last component, which may be "." or ".."; null if the path has none ("/"). */
    public String last() {
        return last;
    }

    /** With {@link #PARENT}: whether slashes follow the last component. */
    public boolean trailingSlash() {
        return trailingSlash;
    }

    /**
     * Resolves a path.
     *
     * @param directory a descriptor, or AT_FDCWD
     * @param path one {@code char} for each byte
     * @return 0, or a negated error number
     */
    public int resolve(int directory, String path, int flags) {
        this.flags = flags;
        this.root = context.root();
        if (path.isEmpty() && (flags & EMPTY_PATH) == 0) {
            return -Errno.ENOENT;
        }
        boolean absolute = !path.isEmpty() && path.charAt(0) == '/';
        if (absolute && (flags & (BENEATH | IN_ROOT)) == 0) {
            jump(root);
        } else if (directory == OpenFlags.AT_FDCWD) {
            jump(context.workingDirectory());
        } else {
            FileDescription file = task.files().find(directory);
            if (file == null) {
                return -Errno.EBADF;
            }
            if (file.location() == null) {
                return path.isEmpty() ? -Errno.EINVAL : -Errno.ENOTDIR;
            }
            jump(file.location());
            if (!path.isEmpty() && inode().type() != FileType.DIRECTORY) {
                return -Errno.ENOTDIR;
            }
        }
        if ((flags & (BENEATH | IN_ROOT)) != 0) {
            if (absolute && (flags & BENEATH) != 0) {
                return -Errno.EXDEV;
            }
            root = location();
        }
        return walk(path);
    }

    /** Goes on with a path from a place. */
    public int resolveFrom(Location start, String path, int flags) {
        this.flags = flags;
        this.root = context.root();
        jump(path.startsWith("/") ? root : start);
        return path.isEmpty() ? -Errno.ENOENT : walk(path);
    }

    private void jump(Location to) {
        mount = to.mount();
        dentry = to.dentry();
    }

    private int walk(String path) {
        int at = 0;
        while (true) {
            while (at < path.length() && path.charAt(at) == '/') {
                at++;
            }
            if (at == path.length()) {
                return finish();
            }
            int end = path.indexOf('/', at);
            if (end < 0) {
                end = path.length();
            }
            int rest = end;
            while (rest < path.length() && path.charAt(rest) == '/') {
                rest++;
            }
            boolean isLast = rest == path.length();
            if (inode().type() != FileType.DIRECTORY) {
                return -Errno.ENOTDIR;
            }
            int error = inode().permission(credentials, Permissions.EXECUTE);
            if (error != 0) {
                return error;
            }
            if (end - at > NAME_MAX) {
                return -Errno.ENAMETOOLONG;
            }
            if (isLast && (flags & PARENT) != 0) {
                last = path.substring(at, end);
                trailingSlash = rest > end;
                return 0;
            }
            if (path.charAt(at) == '.' && end - at <= 2 && path.charAt(end - 1) == '.') {
                error = end - at == 2 ? up() : 0;
                if (error != 0) {
                    return error;
                }
                at = rest;
                continue;
            }
            Dentry child = inode().lookup(dentry, path.substring(at, end));
            if (child == null) {
                return -Errno.ENOENT;
            }
            boolean slash = rest > end;
            if (child.inode().type() == FileType.SYMBOLIC_LINK && (!isLast || slash || (flags & FOLLOW) != 0)) {
                String text = enter(child);
                if (text == null) {
                    if (linkError != 0) {
                        return linkError;
                    }
                } else {
                    path = slash ? text + path.substring(end) : text;
                    at = 0;
                    continue;
                }
            } else {
                error = step(child);
                if (error != 0) {
                    return error;
                }
            }
            if (isLast && slash && inode().type() != FileType.DIRECTORY) {
                return -Errno.ENOTDIR;
            }
            at = rest;
        }
    }

    private int finish() {
        return (flags & DIRECTORY) != 0 && inode().type() != FileType.DIRECTORY ? -Errno.ENOTDIR : 0;
    }

    private int step(Dentry child) {
        dentry = child;
        if (child.mountPoint()) {
            Mount before = mount;
            jump(mounts.top(location()));
            if (mount != before && (flags & NO_XDEV) != 0) {
                return -Errno.EXDEV;
            }
        }
        return 0;
    }

    private int up() {
        if (mount == root.mount() && dentry == root.dentry()) {
            return (flags & BENEATH) != 0 ? -Errno.EXDEV : 0;
        }
        Mount before = mount;
        jump(mounts.top(location().up(root)));
        return mount != before && (flags & NO_XDEV) != 0 ? -Errno.EXDEV : 0;
    }

    private int linkError;

    /** Follows a link: returns the text to go on with, or null after a jump or with {@link #linkError} set. */
    private String enter(Dentry link) {
        linkError = 0;
        if (++links > MAX_LINKS || (flags & NO_SYMLINKS) != 0) {
            linkError = -Errno.ELOOP;
            return null;
        }
        Location target = link.inode().follow(task);
        if (target != null) {
            linkError = (flags & NO_MAGIC_LINKS) != 0 ? -Errno.ELOOP
                    : (flags & (BENEATH | IN_ROOT)) != 0 || (flags & NO_XDEV) != 0 && target.mount() != mount ? -Errno.EXDEV : 0;
            jump(target);
            return null;
        }
        String text = link.inode().linkText(task);
        if (text.isEmpty()) {
            linkError = -Errno.ENOENT;
            return null;
        }
        if (text.charAt(0) == '/') {
            if ((flags & BENEATH) != 0 || (flags & NO_XDEV) != 0 && mount != root.mount()) {
                linkError = -Errno.EXDEV;
                return null;
            }
            jump(root);
        }
        return text;
    }

    /**
     * With {@link #PARENT} resolved: the entry that {@link #last} names in the directory, without following anything; null if there is none. Steps to what is
     * mounted there are the caller's.
     */
    public Dentry child() {
        return inode().lookup(dentry, last);
    }

    /** With {@link #PARENT} resolved: goes on through {@code link}, the last component. @return as {@link #resolve} */
    public int followLast(Dentry link) {
        String rest = trailingSlash ? "/" : "";
        String text = enter(link);
        last = null;
        if (text == null) {
            return linkError;
        }
        return walk(text + rest);
    }

    /** Goes to the last component, which is {@code child}, and to what is mounted there. @return as {@link #resolve} */
    public int stepTo(Dentry child) {
        last = null;
        return step(child);
    }

    /** Goes to where a last component "." or ".." leads. @return as {@link #resolve} */
    public int stepToDots() {
        String name = last;
        last = null;
        return name != null && name.equals("..") ? up() : 0;
    }

    Credentials credentials() {
        return credentials;
    }

    Task task() {
        return task;
    }
}
