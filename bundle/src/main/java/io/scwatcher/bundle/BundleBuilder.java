package io.scwatcher.bundle;

import io.scwatcher.os.bundle.Bundle;
import io.scwatcher.os.bundle.BundleException;
import io.scwatcher.os.bundle.Manifest;
import io.scwatcher.os.bundle.Manifest.Entry;
import io.scwatcher.os.bundle.Manifest.Type;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A tree of files in the making. Paths are relative to the root, one {@code char} for each byte. */
public final class BundleBuilder implements AutoCloseable {
    private final TreeMap<String, Entry> entries = new TreeMap<>();
    private final Path contents;

    public BundleBuilder() throws IOException {
        contents = Files.createTempDirectory("scwatcher-bundle");
    }

    /** The entry at that path, or null. */
    public Entry get(String path) {
        return entries.get(path);
    }

    /** Adds an entry or replaces the one at its path; a directory replaced by something else loses what is in it. */
    public void put(Entry entry) {
        Entry before = entries.put(entry.path(), entry);
        if (before != null && before.type() == Type.DIR && entry.type() != Type.DIR) {
            removeBelow(entry.path());
        }
    }

    /** Adds a regular file. */
    public void putFile(String path, int mode, int uid, int gid, long seconds, InputStream content) throws IOException {
        Path partial = Files.createTempFile(contents, "part", "");
        MessageDigest sha = Bundle.sha256();
        long size = Files.copy(new DigestInputStream(content, sha), partial, StandardCopyOption.REPLACE_EXISTING);
        if (size > Bundle.MAX_FILE) {
            throw new BundleException(path + " is too long for a bundle: " + size + " bytes, at most " + Bundle.MAX_FILE);
        }
        String digest = HexFormat.of().formatHex(sha.digest());
        Files.move(partial, contents.resolve(digest), StandardCopyOption.REPLACE_EXISTING);
        put(new Entry(path, Type.FILE, mode, uid, gid, seconds, size, digest));
    }

    /** Adds a regular file of root's with mode 0644 that no package brought. */
    public void putFile(String path, byte[] content) throws IOException {
        putFile(path, 0644, 0, 0, 0, new java.io.ByteArrayInputStream(content));
    }

    public void putLink(String path, String target) {
        put(new Entry(path, Type.LINK, 0777, 0, 0, 0, 0, target));
    }

    public void putDirectory(String path, int mode) {
        put(new Entry(path, Type.DIR, mode, 0, 0, 0, 0, null));
    }

    /** Removes the entry and all below it; nothing happens if there is none. */
    public void remove(String path) {
        entries.remove(path);
        removeBelow(path);
    }

    /** Removes what is in a directory. */
    public void removeBelow(String path) {
        entries.subMap(path.isEmpty() ? "" : path + "/", false, path.isEmpty() ? "\uffff" : path + "0", false).clear();
    }

    /** The content of a regular file, or null if there is no such file; symbolic links are not followed. */
    public byte[] content(String path) throws IOException {
        Entry entry = entries.get(path);
        return entry == null || entry.type() != Type.FILE ? null : Files.readAllBytes(contents.resolve(entry.content()));
    }

    /** The first bytes of a regular file, or null if there is no such file. */
    byte[] content(String path, int most) throws IOException {
        Entry entry = entries.get(path);
        if (entry == null || entry.type() != Type.FILE) {
            return null;
        }
        try (InputStream in = Files.newInputStream(contents.resolve(entry.content()))) {
            return in.readNBytes(most);
        }
    }

    /** What is in a directory, in the order of names. */
    List<Entry> list(String path) {
        return entries.subMap(path + "/", false, path + "0", false).values().stream().filter(entry -> entry.parent().equals(path)).toList();
    }

    /** The path with symbolic links among its directories (not the last component) followed inside the tree. */
    public String throughLinks(String path) {
        String at = "";
        String[] names = path.split("/");
        for (int i = 0; i < names.length; i++) {
            at = at.isEmpty() ? names[i] : at + "/" + names[i];
            Entry entry = i == names.length - 1 ? null : entries.get(at);
            // One hop is enough for the links that distributions make (/bin to usr/bin).
            if (entry != null && entry.type() == Type.LINK) {
                String target = entry.content();
                at = target.startsWith("/") ? target.substring(1) : entry.parent().isEmpty() ? target : entry.parent() + "/" + target;
            }
        }
        return at;
    }

    public int size() {
        return entries.size();
    }

    /**
     * Writes the archive. The file appears complete or not at all.
     *
     * @return the bundle's digest
     */
    public String write(Path file) throws IOException {
        Manifest manifest = Manifest.of(entries.values());
        byte[] text = manifest.text();
        Path target = file.toAbsolutePath();
        Path partial = Files.createTempFile(target.getParent(), "." + target.getFileName(), "");
        try {
            try (OutputStream out = Files.newOutputStream(partial); ZipOutputStream zip = new ZipOutputStream(out)) {
                entry(zip, Bundle.MANIFEST);
                zip.write(text);
                zip.closeEntry();
                TreeSet<String> digests = new TreeSet<>();
                manifest.entries().values().stream().filter(one -> one.type() == Type.FILE).forEach(one -> digests.add(one.content()));
                for (String digest : digests) {
                    entry(zip, Bundle.CONTENTS + digest);
                    Files.copy(contents.resolve(digest), zip);
                    zip.closeEntry();
                }
            }
            Files.setPosixFilePermissions(partial, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(partial);
        }
        return HexFormat.of().formatHex(Bundle.sha256().digest(text));
    }

    private static void entry(ZipOutputStream zip, String name) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        // The format's earliest time, set without a time zone so that the bytes are the same everywhere.
        entry.setTimeLocal(java.time.LocalDateTime.of(1980, 1, 1, 0, 0));
        zip.putNextEntry(entry);
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> paths = Files.walk(contents)) {
            for (Path path : (Iterable<Path>) paths.sorted(Comparator.reverseOrder())::iterator) {
                Files.deleteIfExists(path);
            }
        }
    }
}
