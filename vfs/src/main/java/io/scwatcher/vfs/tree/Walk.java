package io.scwatcher.vfs.tree;

import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.Node;
import io.scwatcher.vfs.RegularFile;
import io.scwatcher.vfs.SymbolicLink;
import io.scwatcher.vfs.VfsException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Path resolution over a tree, as path_resolution(7): ".", "..", and symbolic links, of which at most
 * {@value #MAX_LINKS} are followed. Absolute links start again at the tree's root.
 */
public final class Walk {
    /** Linux's MAXSYMLINKS. */
    static final int MAX_LINKS = 40;

    private Walk() {}

    /**
     * The node at a path, following symbolic links.
     *
     * @throws VfsException ENOENT, ENOTDIR, ELOOP, or what a node on the way throws
     */
    public static Node resolve(Directory root, String path) {
        return resolve(root, path, true);
    }

    /** Likewise; a symbolic link as the last component is followed only if asked for. */
    public static Node resolve(Directory root, String path, boolean followLast) {
        Deque<Directory> parents = new ArrayDeque<>();
        Deque<String> rest = new ArrayDeque<>();
        prepend(rest, path);
        Node at = root;
        int links = 0;
        while (!rest.isEmpty()) {
            String name = rest.pop();
            if (!(at instanceof Directory directory)) {
                throw new VfsException(Errno.ENOTDIR);
            }
            if (name.isEmpty() || name.equals(".")) {
                continue;
            }
            if (name.equals("..")) {
                at = parents.isEmpty() ? root : parents.pop();
                continue;
            }
            Node child = directory.lookup(name);
            switch (child) {
                case null -> throw new VfsException(Errno.ENOENT);
                case SymbolicLink link when followLast || !rest.isEmpty() -> {
                    if (++links > MAX_LINKS) {
                        throw new VfsException(Errno.ELOOP);
                    }
                    String target = link.target();
                    if (target.startsWith("/")) {
                        parents.clear();
                        at = root;
                    }
                    prepend(rest, target);
                }
                default -> {
                    parents.push(directory);
                    at = child;
                }
            }
        }
        return at;
    }

    /**
     * The whole content of a regular file.
     *
     * @throws VfsException as {@link #resolve}; EISDIR, EINVAL if it is no regular file; EFBIG beyond {@code limit} bytes
     */
    public static byte[] read(Directory root, String path, int limit) {
        return switch (resolve(root, path)) {
            case RegularFile file -> read(file, limit);
            case Directory _ -> throw new VfsException(Errno.EISDIR);
            default -> throw new VfsException(Errno.EINVAL);
        };
    }

    /** The whole content of a regular file, at most {@code limit} bytes, else EFBIG. */
    public static byte[] read(RegularFile file, int limit) {
        try (RegularFile.OpenFile open = file.open()) {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            open.readAll(new byte[1 << 16], limit + 1L, (bytes, length) -> content.write(bytes, 0, length));
            if (content.size() > limit) {
                throw new VfsException(Errno.EFBIG);
            }
            return content.toByteArray();
        }
    }

    private static void prepend(Deque<String> rest, String path) {
        String[] names = path.split("/", -1);
        for (int i = names.length - 1; i >= 0; i--) {
            rest.push(names[i]);
        }
    }
}
