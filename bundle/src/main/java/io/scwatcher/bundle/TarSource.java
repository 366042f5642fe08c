package io.scwatcher.bundle;

import io.scwatcher.os.bundle.BundleException;
import io.scwatcher.os.bundle.Manifest.Entry;
import io.scwatcher.os.bundle.Manifest.Type;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Predicate;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Puts a tar stream into a tree. */
final class TarSource {
    /** What to do where a path leads through a symbolic link that is in the tree already, and with names that mean deletion. */
    enum Kind {
        /** A package: it unpacks through links that are there (/bin), as dpkg does. */
        PACKAGE,
        /** A layer of an image: names that begin with {@value #WHITEOUT} delete (OCI image specification, layer.md). */
        LAYER
    }

    private static final String WHITEOUT = ".wh.";
    private static final String OPAQUE = ".wh..wh..opq";

    private TarSource() {}

    /** @param wanted paths that are to be taken */
    static void add(InputStream tar, Kind kind, Predicate<String> wanted, BundleBuilder into) throws IOException {
        // Names are bytes; ISO 8859-1 keeps each.
        TarArchiveInputStream in = new TarArchiveInputStream(tar, "ISO-8859-1");
        for (TarArchiveEntry entry; (entry = in.getNextEntry()) != null; ) {
            String path = normal(entry.getName());
            if (kind == Kind.PACKAGE) {
                path = into.throughLinks(path);
            }
            String name = path.substring(path.lastIndexOf('/') + 1);
            if (!wanted.test(path)) {
                continue;
            }
            if (kind == Kind.LAYER && name.startsWith(WHITEOUT)) {
                String directory = path.substring(0, Math.max(0, path.lastIndexOf('/')));
                if (name.equals(OPAQUE)) {
                    into.removeBelow(directory);
                } else {
                    into.remove((directory.isEmpty() ? "" : directory + "/") + name.substring(WHITEOUT.length()));
                }
                continue;
            }
            add(in, entry, path, kind, into);
        }
    }

    private static void add(InputStream in, TarArchiveEntry entry, String path, Kind kind, BundleBuilder into) throws IOException {
        int mode = entry.getMode() & 07777;
        int uid = (int) entry.getLongUserId();
        int gid = (int) entry.getLongGroupId();
        long seconds = entry.getLastModifiedTime().toInstant().getEpochSecond();
        if (entry.isDirectory()) {
            Entry before = into.get(path);
            if (kind != Kind.PACKAGE || before == null || before.type() != Type.LINK) {
                into.put(new Entry(path, Type.DIR, mode, uid, gid, seconds, 0, null));
            }
        } else if (entry.isSymbolicLink()) {
            into.put(new Entry(path, Type.LINK, 0777, uid, gid, seconds, 0, entry.getLinkName()));
        } else if (entry.isLink()) {
            String target = normal(entry.getLinkName());
            Entry linked = into.get(kind == Kind.PACKAGE ? into.throughLinks(target) : target);
            if (linked == null) {
                throw new BundleException(path + " is a hard link to " + target + ", which the archive does not have");
            }
            into.put(new Entry(path, linked.type(), linked.mode(), linked.uid(), linked.gid(), linked.seconds(), linked.size(), linked.content()));
        } else if (entry.isFIFO()) {
            into.put(new Entry(path, Type.FIFO, mode, uid, gid, seconds, 0, null));
        } else if (entry.isFile()) {
            into.putFile(path, mode, uid, gid, seconds, in);
        }
        // Devices stay out: the layer has a /dev of its own.
    }

    /** Without "./", leading and trailing slashes; "" for the root. */
    private static String normal(String name) throws BundleException {
        StringBuilder path = new StringBuilder();
        for (String part : name.split("/")) {
            if (part.equals("..")) {
                throw new BundleException("the archive has a path that leaves it: " + name);
            }
            if (!part.isEmpty() && !part.equals(".")) {
                path.append(path.isEmpty() ? "" : "/").append(part);
            }
        }
        return path.toString();
    }
}
