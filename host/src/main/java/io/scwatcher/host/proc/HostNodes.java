package io.scwatcher.host.proc;

import io.scwatcher.host.posix.Links;
import io.scwatcher.host.posix.PosixException;
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
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Files of this host, passed through read only. Made for proc, where names are plain and contents are generated. */
final class HostNodes {
    private HostNodes() {}

    /** The node at a path, or null if there is none. */
    static Node at(Path path) {
        Attributes attributes = attributes(path);
        if (attributes == null) {
            return null;
        }
        return switch (attributes.type()) {
            case DIRECTORY -> new HostDirectory(path, attributes);
            case SYMBOLIC_LINK -> new HostLink(path, attributes);
            case REGULAR -> new HostFile(path, attributes);
            default -> new HostSpecial(attributes);
        };
    }

    /** lstat(2), or null if there is nothing. */
    static Attributes attributes(Path path) {
        try {
            Map<String, Object> found = Files.readAttributes(path,
                    "unix:mode,ino,nlink,uid,gid,size,rdev,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
            int mode = (int) found.get("mode");
            return new Attributes(type(mode), mode & 07777, (long) found.get("ino"), (int) found.get("nlink"),
                    (int) found.get("uid"), (int) found.get("gid"), (long) found.get("size"), (long) found.get("rdev"),
                    ((FileTime) found.get("lastModifiedTime")).to(TimeUnit.NANOSECONDS));
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw failure(e);
        }
    }

    static List<Directory.Entry> list(Path directory) {
        List<Directory.Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(directory)) {
            for (Path path : paths) {
                Attributes of = attributes(path);
                if (of != null) {
                    entries.add(new Directory.Entry(path.getFileName().toString(), of.inode(), of.type()));
                }
            }
        } catch (IOException e) {
            throw failure(e);
        }
        return entries;
    }

    static String target(Path link) {
        try {
            return Links.read(link.toString());
        } catch (PosixException e) {
            throw failure(e);
        }
    }

    private static FileType type(int mode) {
        for (FileType type : FileType.values()) {
            if (type.modeBits() == (mode & 0170000)) {
                return type;
            }
        }
        return FileType.REGULAR;
    }

    private static VfsException failure(IOException e) {
        return new VfsException(switch (e) {
            case NoSuchFileException _ -> Errno.ENOENT;
            case AccessDeniedException _ -> Errno.EACCES;
            case PosixException p when p.errno() == PosixException.ENOENT -> Errno.ENOENT;
            case PosixException p when p.errno() == PosixException.EACCES -> Errno.EACCES;
            default -> Errno.EIO;
        });
    }

    private record HostDirectory(Path path, Attributes attributes) implements Directory {
        @Override
        public Node lookup(String name) {
            return at(path.resolve(name));
        }

        @Override
        public List<Entry> list() {
            return HostNodes.list(path);
        }
    }

    private record HostLink(Path path, Attributes attributes) implements SymbolicLink {
        @Override
        public String target() {
            return HostNodes.target(path);
        }
    }

    private record HostSpecial(Attributes attributes) implements SpecialFile {}

    private record HostFile(Path path, Attributes attributes) implements RegularFile {
        @Override
        public OpenFile open() {
            try {
                return new OpenHostFile(FileChannel.open(path));
            } catch (IOException e) {
                throw failure(e);
            }
        }
    }

    private record OpenHostFile(FileChannel channel) implements RegularFile.OpenFile {
        /** Proc files give short reads before their end, so it reads on. */
        @Override
        public int read(long position, byte[] destination, int offset, int length) {
            ByteBuffer rest = ByteBuffer.wrap(destination, offset, length);
            try {
                while (rest.hasRemaining() && channel.read(rest, position + rest.position() - offset) > 0) {
                    // until full or at the end
                }
            } catch (IOException e) {
                if (rest.position() == offset) {
                    throw failure(e);
                }
            }
            return rest.position() - offset;
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw failure(e);
            }
        }
    }
}
