package io.scwatcher.os.fs;

import io.scwatcher.os.fs.tmpfs.Tmpfs;
import io.scwatcher.os.task.Credentials;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.FileType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A mounted tmpfs and the calls on it, for tests. */
public final class Tree {
    public final AtomicLong clock = new AtomicLong(1_000_000_000_000L);
    public final Tmpfs fs;
    public final FsContext context;
    public Credentials who = Credentials.root();

    public Tree(Directory lower) {
        fs = tmpfs(1 << 20, lower);
        context = new FsContext(new Mounts(fs, "root", 0));
        context.umask(0);
    }

    public Tree() {
        this(null);
    }

    public Tmpfs tmpfs(long bytes, Directory lower) {
        return new Tmpfs("tmpfs", 99, bytes, 1000, clock::incrementAndGet, new Devices(), 0755, lower);
    }

    /** The location at a path, or a negated error number as a string. */
    public Object at(String path, int flags) {
        PathWalk walk = new PathWalk(null, context, who);
        int error = walk.resolve(OpenFlags.AT_FDCWD, path, flags);
        return error == 0 ? walk.location() : io.scwatcher.os.abi.Errno.name(-error);
    }

    public Location at(String path) {
        return (Location) at(path, PathWalk.FOLLOW);
    }

    public PathWalk parent(String path) {
        PathWalk walk = new PathWalk(null, context, who);
        int error = walk.resolve(OpenFlags.AT_FDCWD, path, PathWalk.PARENT);
        if (error != 0) {
            throw new IllegalStateException(path + ": " + io.scwatcher.os.abi.Errno.name(-error));
        }
        return walk;
    }

    public Dentry mkdir(String path) {
        PathWalk walk = parent(path);
        return walk.inode().create(walk.dentry(), walk.last(), FileType.DIRECTORY, 0755, 0, who);
    }

    public void symlink(String target, String path) {
        PathWalk walk = parent(path);
        walk.inode().symlink(walk.dentry(), walk.last(), target, who);
    }

    public void link(String existing, String path) {
        PathWalk walk = parent(path);
        walk.inode().link(walk.dentry(), walk.last(), at(existing).inode());
    }

    public void unlink(String path, boolean directory) {
        PathWalk walk = parent(path);
        walk.inode().unlink(walk.dentry(), walk.child(), directory);
    }

    public void rename(String from, String to, int flags) {
        PathWalk source = parent(from);
        PathWalk target = parent(to);
        source.inode().rename(source.dentry(), source.child(), target.dentry(), target.last(), flags);
    }

    /** Opens a file; an error comes as its name. */
    public Object tryOpen(String path, int flags, int mode) {
        Opening opening = new Opening(context, who);
        int error = opening.open(OpenFlags.AT_FDCWD, path, flags, mode, 0);
        return error == 0 ? opening.file().acquire() : io.scwatcher.os.abi.Errno.name(-error);
    }

    public FileDescription open(String path, int flags) {
        return (FileDescription) tryOpen(path, flags, 0644);
    }

    public void write(String path, String text) {
        FileDescription file = open(path, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_TRUNC);
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        file.write(bytes, 0, bytes.length);
        file.release();
    }

    public String read(String path) {
        FileDescription file = open(path, OpenFlags.O_RDONLY);
        byte[] bytes = new byte[1 << 16];
        int count = file.read(bytes, 0, bytes.length);
        file.release();
        return new String(bytes, 0, count, StandardCharsets.ISO_8859_1);
    }

    public List<String> list(String path) {
        List<String> names = new ArrayList<>();
        ((DirectoryDescription) open(path, OpenFlags.O_RDONLY)).read(context.root(), (name, _, _, _) -> names.add(name));
        return names;
    }
}
