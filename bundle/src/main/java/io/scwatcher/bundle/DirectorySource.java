package io.scwatcher.bundle;

import io.scwatcher.os.bundle.BundleException;
import io.scwatcher.os.bundle.Manifest.Entry;
import io.scwatcher.os.bundle.Manifest.Type;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.stream.Stream;

/** Puts a directory of this machine into a tree, with its modes and owners. */
public final class DirectorySource {
    private DirectorySource() {}

    public static void add(Path directory, BundleBuilder into) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new BundleException(directory + " is not a directory");
        }
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                add(path, bytes(directory.relativize(path).toString()), into);
            }
        }
    }

    private static void add(Path path, String name, BundleBuilder into) throws IOException {
        Map<String, Object> unix = Files.readAttributes(path, "unix:mode,uid,gid,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
        int mode = (int) unix.get("mode");
        int uid = (int) unix.get("uid");
        int gid = (int) unix.get("gid");
        long seconds = ((FileTime) unix.get("lastModifiedTime")).toInstant().getEpochSecond();
        switch (mode & 0170000) {
            case 0040000 -> into.put(new Entry(name, Type.DIR, mode & 07777, uid, gid, seconds, 0, null));
            case 0120000 -> into.put(new Entry(name, Type.LINK, 0777, uid, gid, seconds, 0, bytes(Files.readSymbolicLink(path).toString())));
            case 0010000 -> into.put(new Entry(name, Type.FIFO, mode & 07777, uid, gid, seconds, 0, null));
            case 0100000 -> {
                try (InputStream content = Files.newInputStream(path)) {
                    into.putFile(name, mode & 07777, uid, gid, seconds, content);
                }
            }
            default -> { }
        }
    }

    private static String bytes(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
