package io.scwatcher.testbed;

import io.scwatcher.testbed.apt.PackageVersion;
import io.scwatcher.testbed.apt.PrivateApt;
import io.scwatcher.testbed.apt.SourceApt;
import io.scwatcher.testbed.image.UserSpace;
import io.scwatcher.testbed.local.Cache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Packages of any release of the distribution, unpacked with all that they depend on into a directory of the cache: for
 * chroot(1), without installing anything.
 */
public final class PackageTree {
    private final Cache cache = Cache.ofUser();
    private final PrivateApt apt;
    private final SourceApt sources;

    /** @param progress receives one line for each thing that takes time */
    public PackageTree(Consumer<String> progress) {
        apt = new PrivateApt(cache, progress);
        sources = new SourceApt(cache, progress);
    }

    /** @param release a codename, or sid for the development release */
    public Path of(String release, List<String> packages) {
        List<PackageVersion> versions = apt.closure(packages, release);
        return unpacked(versions);
    }

    /** Just these packages, by name and version, and nothing that they depend on. */
    public Path only(String name, String version) {
        return unpacked(apt.versions(java.util.regex.Pattern.quote(name)).stream()
                .filter(one -> one.version().text().equals(version)).limit(1).toList());
    }

    /** Makes something of package files. */
    @FunctionalInterface
    public interface Maker {
        /** @param into an empty directory */
        void make(List<Path> files, Path into) throws IOException;
    }

    /**
     * What is made of packages and all that they depend on: a directory of the cache, made anew when their versions change.
     *
     * @param kind names what is made, and how: whoever changes how changes the name
     */
    public Path made(String kind, List<String> packages, Maker maker) {
        List<PackageVersion> versions = apt.closure(packages);
        List<String> key = new ArrayList<>();
        versions.forEach(one -> key.add(one.specification()));
        return cache.entry(kind + "/" + Cache.digest(key), empty -> maker.make(apt.downloadAll(versions), empty));
    }

    /** The youngest of what {@link #made} made under that name, without looking for new versions; empty if it never did. */
    public static Optional<Path> youngest(String kind) {
        Path directory = Cache.ofUser().directory().resolve(kind);
        try (Stream<Path> entries = Files.isDirectory(directory) ? Files.list(directory) : Stream.empty()) {
            return entries.filter(entry -> !entry.getFileName().toString().startsWith(".")).max(Comparator.comparing(entry -> entry.toFile().lastModified()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The package files themselves with all that they depend on, of this machine's own release. */
    public List<Path> files(List<String> packages) {
        return apt.downloadAll(apt.closure(packages));
    }

    /** Likewise, of another release. */
    public List<Path> files(String release, List<String> packages) {
        return apt.downloadAll(apt.closure(packages, release));
    }

    /** A source package of this machine's own release, unpacked and with the distribution's patches; not to be changed. */
    public Path source(String name) {
        return sources.unpacked(name);
    }

    private Path unpacked(List<PackageVersion> versions) {
        if (versions.isEmpty()) {
            throw new TestbedException("the distribution's archives do not have this package any more");
        }
        List<String> key = new ArrayList<>();
        versions.forEach(one -> key.add(one.specification()));
        return cache.entry("trees/" + Cache.digest(key), empty -> {
            for (String directory : List.of("bin", "sbin", "lib", "lib64")) {
                Files.createDirectories(empty.resolve("usr").resolve(directory));
                Files.createSymbolicLink(empty.resolve(directory), Path.of("usr", directory));
            }
            for (Path file : apt.downloadAll(versions)) {
                UserSpace.extract(file, empty);
            }
        });
    }
}
