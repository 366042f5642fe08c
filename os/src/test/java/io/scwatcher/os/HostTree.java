package io.scwatcher.os;

import io.scwatcher.cpu.memory.Backing;
import io.scwatcher.cpu.memory.Frame;
import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.FileType;
import io.scwatcher.vfs.Node;
import io.scwatcher.vfs.RegularFile;
import io.scwatcher.vfs.SpecialFile;
import io.scwatcher.vfs.SymbolicLink;
import io.scwatcher.vfs.VfsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** A directory of the machine that runs the tests, as a read-only tree. */
final class HostTree {
    /** One object for each file, so that all who map it share its frames. */
    private static final Map<String, HostFile> FILES = new ConcurrentHashMap<>();

    private HostTree() {}

    static Directory directory(Path path) {
        return new HostDirectory(path);
    }

    private static Node node(Path path) {
        Attributes attributes;
        try {
            attributes = attributes(path);
        } catch (VfsException e) {
            return null;
        }
        return switch (attributes.type()) {
            case DIRECTORY -> new HostDirectory(path);
            case REGULAR -> FILES.computeIfAbsent(path.toString() + attributes.mtimeNanos(), _ -> new HostFile(path));
            case SYMBOLIC_LINK -> new HostLink(path);
            default -> new HostSpecial(path);
        };
    }

    private static Attributes attributes(Path path) {
        try {
            Map<String, Object> all = Files.readAttributes(path, "unix:*", LinkOption.NOFOLLOW_LINKS);
            int mode = (int) all.get("mode");
            FileType type = null;
            for (FileType candidate : FileType.values()) {
                if (candidate.modeBits() == (mode & 0170000)) {
                    type = candidate;
                }
            }
            long modified = ((java.nio.file.attribute.FileTime) all.get("lastModifiedTime")).to(java.util.concurrent.TimeUnit.NANOSECONDS);
            return new Attributes(type, mode & 07777, Math.max(1, (long) all.get("ino")), (int) all.get("nlink"), (int) all.get("uid"), (int) all.get("gid"),
                    (long) all.get("size"), (long) all.get("rdev"), modified);
        } catch (IOException e) {
            throw new VfsException(Errno.ENOENT);
        }
    }

    private static String toBytes(String name) {
        return new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static String fromBytes(String name) {
        return new String(name.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private record HostDirectory(Path path) implements Directory {
        @Override
        public Attributes attributes() {
            return HostTree.attributes(path);
        }

        @Override
        public Node lookup(String name) {
            return node(path.resolve(fromBytes(name)));
        }

        @Override
        public List<Entry> list() {
            List<Entry> entries = new ArrayList<>();
            try (Stream<Path> children = Files.list(path)) {
                children.forEach(child -> {
                    Node node = node(child);
                    if (node != null) {
                        entries.add(new Entry(toBytes(child.getFileName().toString()), node.attributes().inode(), node.attributes().type()));
                    }
                });
            } catch (IOException e) {
                throw new VfsException(Errno.EACCES);
            }
            return entries;
        }
    }

    private static final class HostFile implements RegularFile, Backing {
        private final Path path;
        private final Map<Long, Frame> frames = new ConcurrentHashMap<>();

        HostFile(Path path) {
            this.path = path;
        }

        @Override
        public Frame frame(long index) {
            return frames.computeIfAbsent(index, _ -> {
                byte[] bytes = new byte[Frame.SIZE];
                try (OpenFile file = open()) {
                    return file.read(index * Frame.SIZE, bytes, 0, bytes.length) == 0 ? null : new Frame(bytes);
                }
            });
        }

        @Override
        public Attributes attributes() {
            return HostTree.attributes(path);
        }

        @Override
        public OpenFile open() {
            try {
                FileChannel channel = FileChannel.open(path);
                return new OpenFile() {
                    @Override
                    public int read(long position, byte[] destination, int offset, int length) {
                        try {
                            return Math.max(0, channel.read(ByteBuffer.wrap(destination, offset, length), position));
                        } catch (IOException e) {
                            throw new VfsException(Errno.EIO);
                        }
                    }

                    @Override
                    public void close() {
                        try {
                            channel.close();
                        } catch (IOException e) {
                            throw new VfsException(Errno.EIO);
                        }
                    }
                };
            } catch (IOException e) {
                throw new VfsException(Errno.EACCES);
            }
        }
    }

    private record HostLink(Path path) implements SymbolicLink {
        @Override
        public Attributes attributes() {
            return HostTree.attributes(path);
        }

        @Override
        public String target() {
            try {
                return toBytes(Files.readSymbolicLink(path).toString());
            } catch (IOException e) {
                throw new VfsException(Errno.ENOENT);
            }
        }
    }

    private record HostSpecial(Path path) implements SpecialFile {
        @Override
        public Attributes attributes() {
            return HostTree.attributes(path);
        }
    }
}
