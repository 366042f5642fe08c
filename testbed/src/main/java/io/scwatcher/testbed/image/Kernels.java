package io.scwatcher.testbed.image;

import io.scwatcher.testbed.TestbedException;
import io.scwatcher.testbed.apt.DebianVersion;
import io.scwatcher.testbed.apt.PackageVersion;
import io.scwatcher.testbed.apt.PrivateApt;
import io.scwatcher.testbed.local.Cache;
import io.scwatcher.testbed.local.HostCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds, downloads and prepares kernels: distribution packages, or a kernel of the caller's own. */
public final class Kernels {
    private static final List<String> OWN_MODULES = List.of("lib/modules", "usr/lib/modules", "/lib/modules", "/usr/lib/modules");

    private final Cache cache;
    private final PrivateApt apt;
    private final UserSpace userSpace;
    private final Consumer<String> progress;

    public Kernels(Cache cache, PrivateApt apt, UserSpace userSpace, Consumer<String> progress) {
        this.cache = cache;
        this.apt = apt;
        this.userSpace = userSpace;
        this.progress = progress;
    }

    /**
     * The newest packaged kernel of that version; a backport only where no release has one.
     *
     * @param version a leading part of a version or of a release name: {@code 6.1}, {@code 7.x}, {@code 6.1.0-50},
     *     {@code 5.10.262}
     * @param flavour Debian's: {@code cloud-amd64}, {@code amd64}, {@code rt-amd64}
     */
    public KernelImage packaged(String version, String flavour) {
        PackageVersion chosen = newest(apt.versions("linux-image-[0-9].*-" + Pattern.quote(flavour) + "(-unsigned)?"),
                version, flavour).orElseThrow(() -> new TestbedException("no package linux-image-" + version + "*-" + flavour
                        + " in any suite of the machine's archives; ask for another --kernel or --kernel-flavour"));
        Path prepared = cache.entry("kernels/" + chosen.name() + "_" + chosen.version().text().replace(':', '%'), empty -> {
            Path tree = empty.resolve("tree");
            // Since Debian 14 the kernel and its modules are packages of their own.
            List<PackageVersion> parts = new ArrayList<>(List.of(chosen));
            parts.addAll(apt.companions(chosen));
            for (Path part : apt.downloadAll(parts)) {
                UserSpace.extract(part, tree);
            }
            Path modules = moduleDirectories(tree).findFirst()
                    .orElseThrow(() -> new TestbedException(chosen.name() + " contains no modules"));
            prepare(empty, findKernel(tree, chosen), modules);
            Cache.deleteTree(tree);
        });
        return open(prepared);
    }

    /**
     * A kernel of the caller's own.
     *
     * @param modules its {@code lib/modules/RELEASE} directory; if absent, the first of the usual places that exists:
     *     below the directory that holds the kernel's, as in an unpacked package, or on this machine. Without modules
     *     the kernel must have virtio's drivers and ext4 built in
     * @throws TestbedException if one of the two cannot be read, or the file is no kernel
     */
    public KernelImage own(Path vmlinuz, Optional<Path> modules) {
        try {
            Path kernel = vmlinuz.toRealPath();
            String release = KernelImage.releaseOf(kernel);
            Path source = (modules.isPresent() ? modules : OWN_MODULES.stream().map(kernel.getParent().resolve("..")::resolve)
                    .map(place -> place.resolve(release).normalize()).filter(Files::isDirectory).findFirst()).orElse(null);
            String key = Cache.digest(List.of(kernel.toString(), Files.getLastModifiedTime(kernel).toString(),
                    source == null ? "" : source.toRealPath().toString(),
                    source == null ? "" : Files.getLastModifiedTime(source).toString()));
            return open(cache.entry("kernels/own-" + key, empty -> {
                Path copy = Files.createDirectories(empty.resolve("tree").resolve(release));
                if (source == null) {
                    progress.accept("no modules of " + release + " found: only what is built in will work");
                } else {
                    HostCommand.run("cp", "-a", source.toRealPath() + "/.", copy.toString()).orFail("copying " + source);
                }
                prepare(empty, kernel, copy);
                Cache.deleteTree(copy.getParent());
            }));
        } catch (IOException e) {
            throw new TestbedException("cannot read the kernel " + vmlinuz + modules.map(path -> " or its modules " + path).orElse(""), e);
        }
    }

    static Optional<PackageVersion> newest(List<PackageVersion> offered, String version, String flavour) {
        String wanted = version.replaceFirst("\\.x$", "");
        Pattern form = Pattern.compile("linux-image-(.*?)-" + Pattern.quote(flavour) + "(-unsigned)?");
        return offered.stream().filter(one -> {
            Matcher name = form.matcher(one.name());
            // "amd64" must not match "6.1.0-50-cloud-amd64".
            return name.matches() && !name.group(1).matches(".*-[a-z]+$")
                    && (isPrefix(wanted, name.group(1)) || isPrefix(wanted, one.version().upstream()));
        }).max(Comparator.comparing((PackageVersion one) -> !one.version().isBackport())
                .thenComparing(PackageVersion::version)
                .thenComparing(one -> !one.name().endsWith("-unsigned"))
                .thenComparing(one -> new DebianVersion(one.name())));
    }

    private static boolean isPrefix(String wanted, String version) {
        return version.startsWith(wanted)
                && (version.length() == wanted.length() || ".-+~".indexOf(version.charAt(wanted.length())) >= 0);
    }

    private void prepare(Path into, Path vmlinuz, Path modules) throws IOException {
        String release = modules.getFileName().toString();
        progress.accept("preparing kernel " + release);
        Files.copy(vmlinuz, into.resolve("vmlinuz"));
        Path target = into.resolve("lib/modules").resolve(release);
        Files.createDirectories(target.getParent());
        Files.move(modules, target);
        Files.deleteIfExists(target.resolve("build"));
        Files.deleteIfExists(target.resolve("source"));
        decompress(target, ".ko.xz", "xz", "-d", "-T1");
        decompress(target, ".ko.zst", "zstd", "-q", "-d", "--rm");
        decompress(target, ".ko.gz", "gzip", "-d");
        userSpace.depmod(into, release);
        Ext4Image.create(into.resolve("modules.ext4"), into.resolve("lib/modules"), "modules");
    }

    private static Path findKernel(Path tree, PackageVersion chosen) throws IOException {
        try (Stream<Path> all = Files.walk(tree)) {
            return all.filter(file -> file.getFileName().toString().startsWith("vmlinuz") && Files.isRegularFile(file)).findFirst()
                    .orElseThrow(() -> new TestbedException(chosen.name() + " contains no kernel"));
        }
    }

    private static void decompress(Path tree, String suffix, String... command) throws IOException {
        List<String> files;
        try (Stream<Path> all = Files.walk(tree)) {
            files = all.map(Path::toString).filter(file -> file.endsWith(suffix)).toList();
        }
        for (int i = 0; i < files.size(); i += 500) {
            List<String> words = new ArrayList<>(List.of(command));
            words.addAll(files.subList(i, Math.min(files.size(), i + 500)));
            HostCommand.run(words.toArray(String[]::new)).orFail("decompressing kernel modules");
        }
    }

    private static KernelImage open(Path prepared) {
        try (Stream<Path> directories = moduleDirectories(prepared)) {
            Path modules = directories.findFirst()
                    .orElseThrow(() -> new TestbedException("the cached kernel " + prepared + " is damaged: remove it"));
            return new KernelImage(modules.getFileName().toString(), prepared.resolve("vmlinuz"), modules,
                    prepared.resolve("modules.ext4"));
        }
    }

    private static Stream<Path> moduleDirectories(Path tree) {
        for (String place : List.of("lib/modules", "usr/lib/modules")) {
            if (Files.isDirectory(tree.resolve(place))) {
                try {
                    return Files.list(tree.resolve(place));
                } catch (IOException e) {
                    throw new TestbedException("cannot read " + tree, e);
                }
            }
        }
        return Stream.empty();
    }
}
