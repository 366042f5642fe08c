package io.scwatcher.host.proc;

import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.FileType;
import io.scwatcher.vfs.Node;
import io.scwatcher.vfs.RegularFile;
import io.scwatcher.vfs.SpecialFile;
import io.scwatcher.vfs.VfsException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process directory of the VM as a native tool needs it. In the real proc, following {@code fd/3} or {@code ns/net}
 * leads to the object itself, whatever the link's text is; a FUSE link leads where its text says. But a text such as
 * {@code socket:[4711]} is a relative path, so the directory answers to it: stat(2) through the link finds a socket with
 * inode 4711, as lsof and lsns expect. These names are never listed.
 */
record ProcessDirectory(Directory vm) implements Directory {
    @Override
    public Attributes attributes() {
        return vm.attributes();
    }

    @Override
    public Node lookup(String name) {
        Node node = vm.lookup(name);
        if (!(node instanceof Directory directory)) {
            return node;
        }
        return switch (name) {
            case "fd", "ns" -> new LinkTargets(directory);
            case "task" -> new Threads(directory);
            default -> directory;
        };
    }

    @Override
    public List<Entry> list() {
        return vm.list();
    }

    private record Threads(Directory task) implements Directory {
        @Override
        public Attributes attributes() {
            return task.attributes();
        }

        @Override
        public Node lookup(String name) {
            return task.lookup(name) instanceof Directory thread ? new ProcessDirectory(thread) : null;
        }

        @Override
        public List<Entry> list() {
            return task.list();
        }
    }

    private record LinkTargets(Directory links) implements Directory {
        private static final Pattern OBJECT = Pattern.compile("([a-z_]+):\\[(\\d{1,18})]");
        private static final Pattern ANONYMOUS = Pattern.compile("anon_inode:.+");

        @Override
        public Attributes attributes() {
            return links.attributes();
        }

        @Override
        public Node lookup(String name) {
            Node link = links.lookup(name);
            if (link != null) {
                return link;
            }
            Matcher object = OBJECT.matcher(name);
            if (object.matches()) {
                long inode = Long.parseLong(object.group(2));
                return switch (object.group(1)) {
                    case "socket" -> object(FileType.SOCKET, 0777, inode);
                    case "pipe" -> object(FileType.FIFO, 0600, inode);
                    default -> object(FileType.REGULAR, 0444, inode);
                };
            }
            return ANONYMOUS.matcher(name).matches() ? object(FileType.REGULAR, 0600, 1) : null;
        }

        @Override
        public List<Entry> list() {
            return links.list();
        }

        private static Node object(FileType type, int permissions, long inode) {
            Attributes attributes = new Attributes(type, permissions, Math.max(1, inode), 1, 0, 0, 0, 0, 0);
            return type == FileType.REGULAR ? new Unopenable(attributes) : new Special(attributes);
        }
    }

    private record Special(Attributes attributes) implements SpecialFile {}

    /** A namespace or an anonymous inode of the VM. */
    private record Unopenable(Attributes attributes) implements RegularFile {
        @Override
        public OpenFile open() {
            throw new VfsException(Errno.EACCES);
        }
    }
}
