package io.scwatcher.host.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Files and their SHA-256, by their paths from one directory.
 *
 * @param digests hexadecimal, in the order of the paths
 */
record MeasuredFiles(TreeMap<String, String> digests) {
    /**
     * Measures all files below a directory.
     *
     * @param base the directory that the paths start from
     */
    static MeasuredFiles below(Path directory, Path base) throws IOException {
        TreeMap<String, String> digests = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                digests.put(base.relativize(file).toString(), digest(file));
            }
        }
        return new MeasuredFiles(digests);
    }

    /** As {@code sha256sum -c} reads it. */
    String checksums() {
        return digests.entrySet().stream().map(file -> file.getValue() + "  " + file.getKey() + "\n").collect(Collectors.joining());
    }

    /** One line for each file. */
    String lines(Function<Map.Entry<String, String>, String> line) {
        return digests.entrySet().stream().map(line).collect(Collectors.joining("\n"));
    }

    private static String digest(Path file) throws IOException {
        MessageDigest sha256;
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha256)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(sha256.digest());
    }
}
