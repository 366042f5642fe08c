package io.scwatcher.vprocfs;

import io.scwatcher.kernel.Anomalies;
import io.scwatcher.kernel.memory.MemoryFault;
import io.scwatcher.kernel.type.NoSuchFieldInKernel;
import io.scwatcher.memory.GuestMemoryException;
import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.MagicLink;
import io.scwatcher.vfs.Node;
import io.scwatcher.vfs.RegularFile;
import io.scwatcher.vfs.SymbolicLink;
import io.scwatcher.vfs.VfsException;
import java.util.List;
import java.util.function.Supplier;

/**
 * The border between the tree and its readers: whatever the guest's memory makes an operation run into, readers get EIO
 * and the anomaly is recorded. Only the failure of the memory's source itself passes, since it is none of one file.
 */
public final class Guarded {
    private final Supplier<Anomalies> anomalies;

    /** @param anomalies where to record, asked for at each failure */
    private Guarded(Supplier<Anomalies> anomalies) {
        this.anomalies = anomalies;
    }

    /** The same tree, guarded. */
    public static Directory tree(Directory root, Supplier<Anomalies> anomalies) {
        return new Guarded(anomalies).new GuardedDirectory("", root);
    }

    private <T> T call(String path, Supplier<T> operation) {
        try {
            return operation.get();
        } catch (VfsException | GuestMemoryException passes) {
            throw passes;
        } catch (MemoryFault | NoSuchFieldInKernel broken) {
            anomalies.get().record(path + ": " + broken.getMessage());
        } catch (RuntimeException | StackOverflowError broken) {
            anomalies.get().record(path + ": " + broken);
        }
        throw new VfsException(Errno.EIO);
    }

    private Node node(String path, Node node) {
        if (node instanceof Directory directory) {
            return new GuardedDirectory(path, directory);
        }
        if (node instanceof RegularFile file) {
            return new GuardedFile(path, file);
        }
        if (node instanceof MagicLink link) {
            return new GuardedMagicLink(path, link);
        }
        return node instanceof SymbolicLink link ? new GuardedLink(path, link) : node;
    }

    private final class GuardedDirectory implements Directory {
        private final String path;
        private final Directory directory;

        GuardedDirectory(String path, Directory directory) {
            this.path = path;
            this.directory = directory;
        }

        @Override
        public Attributes attributes() {
            return call(path, directory::attributes);
        }

        @Override
        public Node lookup(String name) {
            String child = path.isEmpty() ? name : path + "/" + name;
            return node(child, call(child, () -> directory.lookup(name)));
        }

        @Override
        public List<Entry> list() {
            return call(path, directory::list);
        }
    }

    private final class GuardedFile implements RegularFile {
        private final String path;
        private final RegularFile file;

        GuardedFile(String path, RegularFile file) {
            this.path = path;
            this.file = file;
        }

        @Override
        public Attributes attributes() {
            return call(path, file::attributes);
        }

        @Override
        public OpenFile open() {
            OpenFile open = call(path, file::open);
            return new OpenFile() {
                @Override
                public int read(long position, byte[] destination, int offset, int length) {
                    return call(path, () -> open.read(position, destination, offset, length));
                }

                @Override
                public void close() {
                    open.close();
                }
            };
        }
    }

    private class GuardedLink implements SymbolicLink {
        private final String path;
        private final SymbolicLink link;

        GuardedLink(String path, SymbolicLink link) {
            this.path = path;
            this.link = link;
        }

        @Override
        public Attributes attributes() {
            return call(path, link::attributes);
        }

        @Override
        public String target() {
            return call(path, link::target);
        }
    }

    private final class GuardedMagicLink extends GuardedLink implements MagicLink {
        private final String path;
        private final MagicLink link;

        GuardedMagicLink(String path, MagicLink link) {
            super(path, link);
            this.path = path;
            this.link = link;
        }

        @Override
        public FileObject object() {
            return call(path, link::object);
        }
    }
}
