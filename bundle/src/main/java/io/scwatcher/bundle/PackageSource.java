package io.scwatcher.bundle;

import io.scwatcher.os.bundle.BundleException;
import io.scwatcher.testbed.PackageTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Puts packages of the distribution, with all that they depend on, into a tree. Nothing is installed and no script of theirs runs. */
public final class PackageSource {
    /** Packages marked essential, which others use without saying so (Debian policy 3.8), and the awk that base-files asks for. */
    private static final List<String> ESSENTIAL = List.of("base-files", "base-passwd", "bash", "bsdutils", "coreutils", "dash",
            "debianutils", "diffutils", "dpkg", "findutils", "grep", "gzip", "hostname", "libc-bin", "login", "mawk", "ncurses-base",
            "ncurses-bin", "perl-base", "sed", "sysvinit-utils", "tar", "util-linux");
    /** Texts for people, which no tool reads. */
    private static final Pattern DOCUMENTATION = Pattern.compile("usr/share/(doc|man|info|locale|lintian|doc-base|bug)/.+");

    /** What administrators reach for first, and detectors of rootkits. */
    private static final List<String> USUAL = List.of("binutils", "busybox-static", "chkrootkit", "gawk", "iproute2", "kmod", "less", "lsof", "net-tools", "perl",
            "procps", "psmisc", "python3-minimal", "strace", "unhide");
    private static final String USUAL_NAME = "tools.bundle";
    /** Where the cache keeps it; the number is raised when what is made of the same packages changes. */
    private static final String BUNDLES = "bundles-2";

    private PackageSource() {}

    /**
     * @param release a codename; null: this machine's
     * @param progress receives one line for each thing that takes time
     */
    public static void add(String release, List<String> packages, Consumer<String> progress, BundleBuilder into) throws IOException {
        List<String> all = withEssential(packages);
        PackageTree archive = new PackageTree(progress);
        add(release == null ? archive.files(all) : archive.files(release, all), progress, into);
    }

    /**
     * The bundle of tools that most want, made of this machine's release when it is first asked for, and again when the packages have new versions.
     */
    public static Path usualTools(Consumer<String> progress) {
        PackageTree archive = new PackageTree(progress);
        Path directory = archive.made(BUNDLES, withEssential(USUAL), (files, into) -> {
            progress.accept("making the bundle of the usual tools: " + String.join(" ", USUAL));
            try (BundleBuilder builder = new BundleBuilder()) {
                add(files, progress, builder);
                builder.write(into.resolve(USUAL_NAME));
            }
        });
        return directory.resolve(USUAL_NAME);
    }

    /** That bundle as it was made last, without looking for new versions of its packages. */
    public static Optional<Path> usualToolsIfMade() {
        return PackageTree.youngest(BUNDLES).map(directory -> directory.resolve(USUAL_NAME));
    }

    private static List<String> withEssential(List<String> packages) {
        List<String> all = new ArrayList<>(ESSENTIAL);
        all.addAll(packages);
        return all;
    }

    private static void add(List<Path> files, Consumer<String> progress, BundleBuilder into) throws IOException {
        progress.accept("unpacking " + files.size() + " packages");
        for (String directory : List.of("bin", "sbin", "lib", "lib64")) {
            into.putDirectory("usr/" + directory, 0755);
            into.putLink(directory, "usr/" + directory);
        }
        PackageScripts scripts = new PackageScripts();
        for (Path file : files) {
            dpkg("--fsys-tarfile", file, tar -> TarSource.add(tar, TarSource.Kind.PACKAGE, path -> !DOCUMENTATION.matcher(path).matches(), into));
            dpkg("--ctrl-tarfile", file, scripts::read);
        }
        scripts.finish(into);
    }

    @FunctionalInterface
    interface TarReader {
        void read(InputStream tar) throws IOException;
    }

    private static void dpkg(String what, Path file, TarReader reader) throws IOException {
        Process process = new ProcessBuilder("dpkg-deb", what, file.toString()).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (InputStream tar = process.getInputStream()) {
            reader.read(tar);
            tar.transferTo(java.io.OutputStream.nullOutputStream());
            if (process.waitFor() != 0) {
                throw new BundleException("dpkg-deb cannot read " + file + ": remove it, and it is downloaded again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroy();
        }
    }
}
