package io.scwatcher.host.fuse;

import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.Node;
import io.scwatcher.vfs.RegularFile;
import io.scwatcher.vfs.RegularFile.OpenFile;
import io.scwatcher.vfs.SymbolicLink;
import io.scwatcher.vfs.VfsException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Answers the kernel's requests from a tree. Reads and writes nothing itself, so it is tested without a mount. Safe for
 * several threads.
 *
 * <p>What is not answered here is ENOSYS: the kernel then does the right thing for a read-only file system and stops
 * asking (ACCESS, FLUSH, LSEEK, STATX, GETXATTR). READDIRPLUS is not offered: since nothing stays valid, the kernel would ask for
 * each entry again.
 */
final class Operations {
    private final NodeTable nodes;
    private final Handles<OpenFile> files = new Handles<>();
    private final Handles<Listing> listings = new Handles<>();
    private final Consumer<Throwable> unexpected;

    /** @param unexpected told of what a node threw that is no {@link VfsException}; the caller gets EIO */
    Operations(Tree tree, Consumer<Throwable> unexpected) {
        this.nodes = new NodeTable(tree);
        this.unexpected = unexpected;
    }

    /** Answers one request. */
    void handle(Request request, Reply reply) {
        reply.begin(request.unique());
        try {
            ScopedValue.where(Caller.CURRENT, request.caller()).run(() -> dispatch(request, reply));
        } catch (VfsException e) {
            reply.error(e.errno().number());
        } catch (OutOfMemoryError e) {
            reply.error(Errno.ENOMEM.number());
        } catch (RuntimeException | StackOverflowError | AssertionError e) {
            unexpected.accept(e);
            reply.error(Errno.EIO.number());
        }
    }

    private void dispatch(Request request, Reply reply) {
        switch (request.opcode()) {
            case Protocol.INIT -> init(request, reply);
            case Protocol.LOOKUP -> lookup(request, reply);
            case Protocol.GETATTR -> reply.attributes(nodes.resolve(request.nodeId()).attributes(), 0);
            case Protocol.READLINK -> readlink(request, reply);
            case Protocol.OPEN -> open(request, reply);
            case Protocol.READ -> read(request, reply);
            case Protocol.RELEASE -> release(request);
            case Protocol.OPENDIR -> openDirectory(request, reply);
            case Protocol.READDIR -> readDirectory(request, reply);
            case Protocol.RELEASEDIR -> listings.remove(request.int64(0));
            case Protocol.STATFS -> reply.statfs();
            case Protocol.FORGET -> {
                reply.none();
                nodes.forget(request.nodeId(), request.int64(0));
            }
            case Protocol.BATCH_FORGET -> {
                reply.none();
                forgetMany(request);
            }
            case Protocol.INTERRUPT -> reply.none();
            case Protocol.DESTROY -> {}
            default -> reply.error(Errno.ENOSYS.number());
        }
    }

    /** Version and abilities. A kernel of another major version would ask again with ours; there has never been one. */
    private static void init(Request request, Reply reply) {
        int minor = request.int32(4);
        if (request.int32(0) != Protocol.MAJOR || minor < Protocol.OLDEST_MINOR) {
            throw new VfsException(Errno.EIO);
        }
        int abilities = Protocol.INIT_ASYNC_READ | Protocol.INIT_PARALLEL_DIROPS | Protocol.INIT_MAX_PAGES;
        reply.init(Math.min(minor, Protocol.MINOR), request.int32(8), request.int32(12) & abilities);
    }

    private void lookup(Request request, Reply reply) {
        String name = request.name();
        if (name.length() > Protocol.LONGEST_NAME) {
            throw new VfsException(Errno.ENAMETOOLONG);
        }
        NodeTable.Found found = nodes.lookup(request.nodeId(), name);
        reply.entry(found.id(), found.attributes(), 0);
    }

    private void readlink(Request request, Reply reply) {
        if (!(nodes.resolve(request.nodeId()) instanceof SymbolicLink link)) {
            throw new VfsException(Errno.EINVAL);
        }
        String target = link.target();
        if (target.isEmpty() || target.indexOf('\0') >= 0) {
            throw new VfsException(Errno.EIO);
        }
        if (target.length() > Protocol.LONGEST_LINK) {
            throw new VfsException(Errno.ENAMETOOLONG);
        }
        reply.put(target.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Files that report no size are read past the page cache, which would end the read at once. */
    private void open(Request request, Reply reply) {
        Node node = nodes.resolve(request.nodeId());
        if (!(node instanceof RegularFile file)) {
            throw new VfsException(node instanceof Directory ? Errno.EISDIR : Errno.EACCES);
        }
        OpenFile opened = file.open();
        int flags = file.attributes().size() == 0 ? Protocol.FOPEN_DIRECT_IO : 0;
        reply.open(files.add(opened), flags);
    }

    private void read(Request request, Reply reply) {
        OpenFile file = files.get(request.int64(0));
        long position = request.int64(8);
        int length = request.int32(16);
        if (length < 0 || position < 0) {
            throw new VfsException(Errno.EINVAL);
        }
        reply.fill(Math.min(length, Protocol.LARGEST_READ),
                (destination, offset, count) -> file.read(position, destination, offset, count));
    }

    private void release(Request request) {
        OpenFile file = files.remove(request.int64(0));
        if (file != null) {
            file.close();
        }
    }

    private void openDirectory(Request request, Reply reply) {
        if (!(nodes.resolve(request.nodeId()) instanceof Directory)) {
            throw new VfsException(Errno.ENOTDIR);
        }
        reply.open(listings.add(new Listing()), 0);
    }

    private void readDirectory(Request request, Reply reply) {
        Listing listing = listings.get(request.int64(0));
        long position = request.int64(8);
        int room = Math.clamp(request.int32(16), 0, Protocol.LARGEST_READ);
        List<Directory.Entry> entries;
        synchronized (listing) {
            if (position == 0 || listing.entries == null) {
                listing.entries = list(request.nodeId());
            }
            entries = listing.entries;
        }
        for (long i = Math.max(0, position); i < entries.size(); i++) {
            if (!reply.directoryEntry(entries.get((int) i), i + 1, room)) {
                return;
            }
        }
    }

    /** The entries of a directory as readdir(3) gives them. A name that no Linux directory can hold is left out. */
    private List<Directory.Entry> list(long nodeId) {
        if (!(nodes.resolve(nodeId) instanceof Directory directory)) {
            throw new VfsException(Errno.ENOTDIR);
        }
        Attributes self = directory.attributes();
        List<Directory.Entry> entries = new ArrayList<>();
        entries.add(new Directory.Entry(".", self.inode(), self.type()));
        entries.add(new Directory.Entry("..", self.inode(), self.type()));
        for (Directory.Entry entry : directory.list()) {
            if (isName(entry.name())) {
                entries.add(entry);
            }
        }
        return entries;
    }

    private static boolean isName(String name) {
        return !name.isEmpty() && name.length() <= Protocol.LONGEST_NAME && !name.equals(".") && !name.equals("..")
                && name.chars().allMatch(c -> c != 0 && c != '/' && c <= 0xff);
    }

    private void forgetMany(Request request) {
        int count = request.int32(0);
        for (int i = 0; i < count; i++) {
            int at = 8 + i * Protocol.BATCH_FORGET_ENTRY;
            nodes.forget(request.int64(at), request.int64(at + 8));
        }
    }

    /** Ids and handles in use, for tests. */
    int inUse() {
        return nodes.size() + files.size() + listings.size();
    }

    /** An open directory: what its reader sees stays the same until it rewinds. */
    private static final class Listing {
        private List<Directory.Entry> entries;
    }
}
