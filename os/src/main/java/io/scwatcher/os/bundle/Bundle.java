package io.scwatcher.os.bundle;

import io.scwatcher.cpu.memory.Backing;
import io.scwatcher.cpu.memory.Frame;
import io.scwatcher.os.fs.FileFrames;
import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.FileType;
import io.scwatcher.vfs.Node;
import io.scwatcher.vfs.RegularFile;
import io.scwatcher.vfs.SpecialFile;
import io.scwatcher.vfs.VfsException;
import io.scwatcher.vfs.tree.MemoryDirectory;
import io.scwatcher.vfs.tree.MemoryFile;
import io.scwatcher.vfs.tree.MemoryLink;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.SoftReference;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The tools' files as one archive: a ZIP file whose entry {@value #MANIFEST} is the {@link Manifest}, and whose entries below
 * {@value #CONTENTS} are the contents, named by their SHA-256. The archive may lie on a disk that somebody else controls: the manifest is
 * read and checked once, each content when it is first used; a file whose content is not what the manifest says reads as EIO.
 */
public final class Bundle implements AutoCloseable {
    public static final String MANIFEST = "manifest.mtree";
    public static final String CONTENTS = "sha256/";
    /** Longest single file, bytes: contents are held in memory. */
    public static final long MAX_FILE = 512L << 20;

    private final ZipFile zip;
    private final Manifest manifest;
    private final String digest;
    private final Directory root;
    private final Map<String, SoftReference<byte[]>> contents = new HashMap<>();

    /** @throws BundleException if the file is no bundle */
    public static Bundle open(Path file) throws IOException {
        ZipFile zip;
        try {
            zip = new ZipFile(file.toFile());
        } catch (IOException e) {
            throw new BundleException(file + " cannot be read as a bundle: " + e.getMessage() + " (scwatcher bundle build makes one)");
        }
        try {
            return new Bundle(zip);
        } catch (BundleException e) {
            zip.close();
            throw new BundleException(file + " is not a bundle: " + e.getMessage());
        }
    }

    private Bundle(ZipFile zip) throws IOException {
        this.zip = zip;
        byte[] text = read(MANIFEST, Manifest.MAX_TEXT);
        digest = HexFormat.of().formatHex(sha256().digest(text));
        manifest = Manifest.parse(text);
        root = tree();
    }

    public Manifest manifest() {
        return manifest;
    }

    /** The SHA-256 of the manifest, and so the measure of the whole bundle, in lower-case hexadecimal. */
    public String digest() {
        return digest;
    }

    /** The root directory, read only. */
    public Directory root() {
        return root;
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }

    /**
     * The content with that digest.
     *
     * @throws BundleException if the archive lacks it or holds something else under its name
     */
    public byte[] content(Manifest.Entry entry) throws IOException {
        synchronized (contents) {
            SoftReference<byte[]> known = contents.get(entry.content());
            byte[] content = known == null ? null : known.get();
            if (content == null) {
                content = read(CONTENTS + entry.content(), entry.size());
                if (!HexFormat.of().formatHex(sha256().digest(content)).equals(entry.content())) {
                    throw new BundleException(entry.path() + " is not what the manifest says: the archive was changed");
                }
                contents.put(entry.content(), new SoftReference<>(content));
            }
            return content;
        }
    }

    private byte[] read(String name, long limit) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw new BundleException("it has no " + name);
        }
        if (entry.getSize() > limit || limit > MAX_FILE) {
            throw new BundleException(name + " is longer than it may be");
        }
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] bytes = in.readNBytes((int) limit);
            if (in.read() >= 0) {
                throw new BundleException(name + " is longer than it says");
            }
            return bytes;
        } catch (BundleException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new BundleException(name + " cannot be read: " + e.getMessage());
        }
    }

    private Directory tree() {
        Map<String, MemoryDirectory> directories = new HashMap<>();
        Map<String, Integer> subdirectories = new HashMap<>();
        manifest.entries().values().stream().filter(entry -> entry.type() == Manifest.Type.DIR && entry.parent() != null)
                .forEach(entry -> subdirectories.merge(entry.parent(), 1, Integer::sum));
        long inode = 1;
        // A parent's path is a prefix of its children's, so it comes before them.
        for (Manifest.Entry entry : manifest.entries().values()) {
            Node node = node(entry, ++inode, 2 + subdirectories.getOrDefault(entry.path(), 0));
            if (node instanceof MemoryDirectory directory) {
                directories.put(entry.path(), directory);
            }
            if (entry.parent() != null) {
                directories.get(entry.parent()).put(entry.name(), node);
            }
        }
        return directories.get("");
    }

    /** @param links of a directory: its name, its "." and each subdirectory's "..", which detectors count */
    private Node node(Manifest.Entry entry, long inode, int links) {
        return switch (entry.type()) {
            case DIR -> new MemoryDirectory(attributes(entry, FileType.DIRECTORY, inode, links, 0));
            case FILE -> new File(entry, attributes(entry, FileType.REGULAR, inode, 1, entry.size()));
            case LINK -> new MemoryLink(attributes(entry, FileType.SYMBOLIC_LINK, inode, 1, entry.content().length()), entry.content());
            case FIFO -> new Special(attributes(entry, FileType.FIFO, inode, 1, 0));
            case SOCKET -> new Special(attributes(entry, FileType.SOCKET, inode, 1, 0));
        };
    }

    private static Attributes attributes(Manifest.Entry entry, FileType type, long inode, int links, long size) {
        return new Attributes(type, entry.mode(), inode, links, entry.uid(), entry.gid(), size, 0,
                entry.seconds() * 1_000_000_000);
    }

    private record Special(Attributes attributes) implements SpecialFile {}

    /** Its pages are the same objects in all layers that mount the bundle. */
    private final class File implements RegularFile, Backing {
        private final FileFrames frames = new FileFrames(this);
        private final Manifest.Entry entry;
        private final Attributes attributes;

        File(Manifest.Entry entry, Attributes attributes) {
            this.entry = entry;
            this.attributes = attributes;
        }

        @Override
        public Attributes attributes() {
            return attributes;
        }

        @Override
        public Frame frame(long index) {
            return frames.frame(index);
        }

        @Override
        public OpenFile open() {
            try {
                return new MemoryFile.OpenBytes(content(entry));
            } catch (IOException e) {
                throw new VfsException(Errno.EIO);
            }
        }
    }

    /** The digest that bundles are measured by. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
