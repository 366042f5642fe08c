package io.scwatcher.os.fs.proc;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.FileStatus;
import io.scwatcher.os.fs.FileSystem;
import io.scwatcher.os.fs.Inode;
import io.scwatcher.os.fs.Location;
import io.scwatcher.os.fs.SeekableDescription;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.task.Credentials;
import io.scwatcher.os.task.Task;
import io.scwatcher.vfs.FileType;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.function.Function;

/** An object of the layer's own part of /proc. */
abstract class ProcInode extends Inode {
    final ProcFileSystem fs;
    final long number;
    private final FileType type;
    private final int permissions;
    private final int uid;
    private final int gid;
    private final long time;

    /** @param of whose it is; null for the superuser's */
    ProcInode(ProcFileSystem fs, FileType type, int permissions, long number, Credentials of) {
        this.fs = fs;
        this.type = type;
        this.permissions = permissions;
        this.number = number;
        this.uid = of == null ? 0 : of.euid();
        this.gid = of == null ? 0 : of.egid();
        this.time = fs.layer() == null ? 0 : fs.layer().clocks().realTime();
    }

    @Override
    public final FileType type() {
        return type;
    }

    @Override
    public final FileSystem fileSystem() {
        return fs;
    }

    int links() {
        return type == FileType.DIRECTORY ? 2 : 1;
    }

    @Override
    public final FileStatus status() {
        return new FileStatus(fs.device(), number, type.modeBits() | permissions, links(), uid, gid, 0, linkSize(), 1024, 0, time, time, time, time);
    }

    private long linkSize() {
        return type == FileType.SYMBOLIC_LINK ? 64 : 0;
    }

    /** A regular file whose contents are made when it is read from its beginning. */
    static final class Text extends ProcInode {
        private final Function<Task, byte[]> content;
        private final Consumer<String> writer;

        /** @param writer takes what is written to it, or null */
        Text(ProcFileSystem fs, int permissions, long number, Credentials of, Function<Task, byte[]> content, Consumer<String> writer) {
            super(fs, FileType.REGULAR, permissions, number, of);
            this.content = content;
            this.writer = writer;
        }

        @Override
        public FileDescription open(Task task, Location at, int flags) {
            return new OpenText(task, at, flags);
        }

        @Override
        public void truncate(long size) {
            // O_TRUNC of a shell's redirection means nothing here
        }

        private final class OpenText extends SeekableDescription {
            private final Task opener;
            private byte[] bytes;

            OpenText(Task opener, Location at, int flags) {
                super(at, flags);
                this.opener = opener;
            }

            @Override
            public synchronized int readAt(long position, byte[] to, int offset, int length) {
                if (position == 0 || bytes == null) {
                    bytes = content.apply(opener);
                }
                int count = (int) Math.max(0, Math.min(length, bytes.length - position));
                if (count > 0) {
                    System.arraycopy(bytes, (int) position, to, offset, count);
                }
                return count;
            }

            @Override
            public int writeAt(long position, byte[] from, int offset, int length) {
                if (writer == null) {
                    return -Errno.EACCES;
                }
                writer.accept(new String(from, offset, length, StandardCharsets.ISO_8859_1));
                return length;
            }

            @Override
            protected long end() {
                return -Errno.EINVAL;
            }

            @Override
            public FileStatus status() {
                return Text.this.status();
            }
        }
    }

    /** A symbolic link: either a text, or a place to which it leads whatever its text says. */
    static final class Link extends ProcInode {
        private final Function<Task, String> text;
        private final Function<Task, Location> target;

        /** @param target null for an ordinary link; otherwise it may give null: ENOENT */
        Link(ProcFileSystem fs, int permissions, long number, Credentials of, Function<Task, String> text, Function<Task, Location> target) {
            super(fs, FileType.SYMBOLIC_LINK, permissions, number, of);
            this.text = text;
            this.target = target;
        }

        @Override
        public String linkText(Task reader) {
            String value = text.apply(reader);
            if (value == null) {
                throw SystemCallException.of(Errno.ENOENT);
            }
            return value;
        }

        @Override
        public Location follow(Task reader) {
            if (target == null) {
                return null;
            }
            Location location = target.apply(reader);
            if (location == null) {
                throw SystemCallException.of(Errno.ENOENT);
            }
            return location;
        }

        @Override
        public FileDescription open(Task task, Location at, int flags) {
            throw SystemCallException.of(Errno.ELOOP);
        }
    }
}
