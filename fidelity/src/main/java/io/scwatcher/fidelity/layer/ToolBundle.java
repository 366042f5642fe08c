package io.scwatcher.fidelity.layer;

import io.scwatcher.bundle.BundleBuilder;
import io.scwatcher.bundle.DirectorySource;
import io.scwatcher.bundle.PackageSource;
import io.scwatcher.os.bundle.Bundle;
import io.scwatcher.os.bundle.Manifest.Entry;
import io.scwatcher.testbed.local.Cache;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The same tools twice: as a bundle for the OS emulation layer, and unpacked for this machine's own kernel.
 *
 * @param file the bundle
 * @param root where it is unpacked; programs may change it
 */
public record ToolBundle(Path file, Path root) implements AutoCloseable {
    /** Built once for each set of packages and kept in the cache. @param progress receives one line for each thing that takes time */
    public static Path ofPackages(List<String> packages, Consumer<String> progress) {
        List<String> key = new ArrayList<>(packages);
        key.add("packages-2");
        return Cache.ofUser().entry("bundles/" + Cache.digest(key), empty -> {
            try (BundleBuilder builder = new BundleBuilder()) {
                PackageSource.add(null, packages, progress, builder);
                builder.write(empty.resolve("bundle"));
            }
        }).resolve("bundle");
    }

    /**
     * Packages with a directory of files over them, in a new temporary directory that {@link #close} deletes.
     *
     * @param over null for none; it becomes the root
     */
    public static ToolBundle of(List<String> packages, Path over, Consumer<String> progress) throws IOException {
        Path file = ofPackages(packages, progress);
        Path directory = Files.createTempDirectory("tools");
        Path root = Files.createDirectory(directory.resolve("root"));
        try (Bundle bundle = Bundle.open(file)) {
            unpack(bundle, root);
        }
        if (over == null) {
            return new ToolBundle(file, root);
        }
        Path extended = directory.resolve("bundle");
        try (BundleBuilder builder = new BundleBuilder()) {
            DirectorySource.add(root, builder);
            DirectorySource.add(over, builder);
            builder.write(extended);
        }
        try (Bundle bundle = Bundle.open(extended)) {
            unpack(bundle, root);
        }
        return new ToolBundle(extended, root);
    }

    /** Writes all files with their modes, owners and times. Needs the superuser for the owners. */
    static void unpack(Bundle bundle, Path root) throws IOException {
        List<Entry> entries = List.copyOf(bundle.manifest().entries().values());
        for (Entry entry : entries) {
            Path path = root.resolve(new String(entry.path().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
            switch (entry.type()) {
                case DIR -> Files.createDirectories(path);
                case LINK -> {
                    Files.deleteIfExists(path);
                    Files.createSymbolicLink(path, Path.of(new String(entry.content().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8)));
                }
                case FILE -> Files.write(path, bundle.content(entry));
                case FIFO, SOCKET -> { }
            }
        }
        for (Entry entry : entries.reversed()) {
            Path path = root.resolve(new String(entry.path().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
            switch (entry.type()) {
                case DIR, FILE -> {
                    Files.setAttribute(path, "unix:uid", entry.uid());
                    Files.setAttribute(path, "unix:gid", entry.gid());
                    Files.setAttribute(path, "unix:mode", entry.mode());
                    Files.setLastModifiedTime(path, FileTime.fromMillis(entry.seconds() * 1000));
                }
                case LINK, FIFO, SOCKET -> { }
            }
        }
    }

    public NativeRunner natively() {
        return new NativeRunner(root);
    }

    /** What a program's environment is made of, by name. */
    static Map<String, String> environment() {
        Map<String, String> environment = new java.util.LinkedHashMap<>();
        ToolRunner.ENVIRONMENT.forEach(variable -> environment.put(variable.substring(0, variable.indexOf('=')), variable.substring(variable.indexOf('=') + 1)));
        return environment;
    }

    @Override
    public void close() throws IOException {
        Cache.deleteTree(root.getParent());
    }
}
