package io.scwatcher.testbed.apt;

import io.scwatcher.testbed.TestbedException;
import io.scwatcher.testbed.local.Cache;
import io.scwatcher.testbed.local.HostCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * apt with a configuration of its own, so that other releases of the machine's distribution can be read while the
 * system's apt stays untouched. The archives, keys, proxies and credentials are the machine's; only the suites differ.
 */
public final class PrivateApt {
    private static final Pattern DEPENDENCY =
            Pattern.compile("\\s*([a-z0-9][a-z0-9+.-]*)(?:\\s*\\(=\\s*([^)\\s]+)\\s*\\))?\\s*");
    private static final Duration FRESH = Duration.ofHours(24);

    private final Cache cache;
    private final Path home;
    private final Consumer<String> progress;

    public PrivateApt(Cache cache, Consumer<String> progress) {
        this.cache = cache;
        this.home = cache.directory().resolve("apt");
        this.progress = progress;
    }

    /** Every version of the packages whose name matches the regular expression, over all suites. */
    public List<PackageVersion> versions(String nameExpression) {
        String madison = remembered("versions " + nameExpression, () -> {
            List<String> names = apt("apt-cache", "pkgnames", literalPrefix(nameExpression)).output().lines()
                    .filter(name -> name.matches(nameExpression)).sorted().toList();
            List<String> command = new ArrayList<>(List.of("apt-cache", "madison"));
            command.addAll(names);
            return names.isEmpty() ? "" : apt(command.toArray(String[]::new)).output();
        });
        Set<PackageVersion> found = new LinkedHashSet<>();
        for (String line : madison.lines().toList()) {
            String[] columns = line.split("\\|");
            if (columns.length == 3 && columns[2].contains("Packages")) {
                found.add(new PackageVersion(columns[0].strip(), new DebianVersion(columns[1].strip())));
            }
        }
        return List.copyOf(found);
    }

    /**
     * The packages that belong to a kernel's package: those of the same version or release that it depends on directly, but
     * for linux-base-*, which has only the configuration, and which archives drop before the kernel itself.
     */
    public List<PackageVersion> companions(PackageVersion of) {
        String record = remembered("show " + of.specification(), () -> apt("apt-cache", "show", of.specification())
                .orFail("reading about " + of.specification()).output());
        String depends = record.lines().filter(line -> line.startsWith("Depends:")).findFirst().orElse("Depends:").substring(8);
        // Debian states the version; Ubuntu's modules share only the release in their name.
        String release = of.name().replaceFirst("^linux-image-(unsigned-)?", "").replaceFirst("-unsigned$", "");
        List<PackageVersion> companions = new ArrayList<>();
        for (String dependency : depends.split(",")) {
            Matcher named = DEPENDENCY.matcher(dependency);
            if (named.matches() && !named.group(1).startsWith("linux-base-") && (of.version().text().equals(named.group(2))
                    || named.group(2) == null && named.group(1).endsWith("-" + release))) {
                companions.add(new PackageVersion(named.group(1), of.version()));
            }
        }
        return companions;
    }

    /** The packages with everything they depend on, as the machine's own release has them. */
    public List<PackageVersion> closure(Collection<String> packages) {
        return closure(packages, DebianRelease.ofHost().codename());
    }

    /** The packages with everything they depend on, as a release has them. */
    public List<PackageVersion> closure(Collection<String> packages, String release) {
        List<String> command = new ArrayList<>(List.of("apt-get", "-q", "-s", "--no-install-recommends", "-t", release, "install"));
        command.addAll(packages);
        String plan = remembered(String.join(" ", command),
                () -> apt(command.toArray(String[]::new)).orFail("finding what " + packages + " depends on").output());
        List<PackageVersion> needed = new ArrayList<>();
        for (String line : plan.lines().toList()) {
            String[] words = line.split("[ (]+");
            if (words.length > 2 && words[0].equals("Inst")) {
                needed.add(new PackageVersion(words[1], new DebianVersion(words[2])));
            }
        }
        return needed;
    }

    /** The package's file; apt checks its digest against the signed index when it downloads it. */
    public Path download(PackageVersion wanted) {
        return downloadAll(List.of(wanted)).getFirst();
    }

    /** The packages' files, in the same order. */
    public List<Path> downloadAll(List<PackageVersion> wanted) {
        return cache.locked("debs", () -> {
            List<PackageVersion> missing = wanted.stream().filter(one -> !Files.isDirectory(directory(one))).toList();
            if (!missing.isEmpty()) {
                download(missing);
            }
            return wanted.stream().map(one -> onlyFile(directory(one))).toList();
        });
    }

    private void download(List<PackageVersion> missing) throws IOException {
        progress.accept("downloading " + (missing.size() == 1 ? missing.getFirst().specification() : missing.size() + " packages"));
        Path debs = Files.createDirectories(cache.directory().resolve("debs"));
        Path partial = Files.createTempDirectory(debs, ".partial-");
        try {
            if (fetch(partial, missing).status() != 0) {
                refresh(true);
                fetch(partial, missing).orFail("downloading packages");
            }
            for (PackageVersion one : missing) {
                // apt names the file NAME_VERSION_ARCH.deb, with the epoch's colon escaped.
                String prefix = one.name() + "_" + one.version().text().replace(":", "%3a") + "_";
                Path own = Files.createDirectory(partial.resolve(one.name() + ".d"));
                try (Stream<Path> files = Files.list(partial)) {
                    Path file = files.filter(candidate -> candidate.getFileName().toString().startsWith(prefix)).findFirst()
                            .orElseThrow(() -> new TestbedException("apt-get download left no file for " + one.specification()));
                    Files.move(file, own.resolve(file.getFileName()));
                }
                Files.move(own, directory(one));
            }
        } finally {
            Cache.deleteTree(partial);
        }
    }

    private Path directory(PackageVersion one) {
        return cache.directory().resolve("debs").resolve(one.name() + "_" + one.version().text().replace(':', '%'));
    }

    private static Path onlyFile(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".deb")).findFirst()
                    .orElseThrow(() -> new TestbedException("no package file in " + directory + ": remove that directory"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HostCommand fetch(Path into, List<PackageVersion> wanted) {
        List<String> command = new ArrayList<>(List.of("apt-get", "-q", "download"));
        wanted.forEach(one -> command.add(one.specification()));
        return HostCommand.run(into, environment(), withCache(command));
    }

    private HostCommand apt(String... command) {
        return HostCommand.run(home, environment(), withCache(List.of(command)));
    }

    /** Containers often switch these files off, in a place that only the command line overrides; without, all is slow. */
    static List<String> withCache(List<String> command) {
        List<String> words = new ArrayList<>(command);
        words.addAll(1, List.of("-o", "Dir::Cache::pkgcache=pkgcache.bin", "-o", "Dir::Cache::srcpkgcache=srcpkgcache.bin"));
        return words;
    }

    /** The answer to a question that is asked at every start; it holds until the package lists are read anew. */
    private String remembered(String question, Supplier<String> ask) {
        refresh(false);
        Path file = home.resolve("answers").resolve(Cache.digest(List.of(question)));
        return cache.locked("apt-answers", () -> {
            if (Files.exists(file) && Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(home.resolve("updated"))) > 0) {
                return Files.readString(file);
            }
            String answer = ask.get();
            Files.createDirectories(file.getParent());
            Files.writeString(file, answer);
            return answer;
        });
    }

    private Map<String, String> environment() {
        return Map.of("APT_CONFIG", home.resolve("apt.conf").toString());
    }

    /** Brings the package lists up to date if they are older than a day, or at once. */
    private void refresh(boolean now) {
        cache.locked("apt", () -> {
            configure(home);
            Path stamp = home.resolve("updated");
            List<AptSource> sources = DebianRelease.ofHost().allReleases(machineSources());
            String text = String.join("\n", sources.stream().map(AptSource::line).toList()) + "\n";
            Path list = home.resolve("sources.list");
            boolean same = Files.exists(list) && Files.readString(list).equals(text);
            if (same && !now && Files.exists(stamp)
                    && Files.getLastModifiedTime(stamp).toInstant().isAfter(Instant.now().minus(FRESH))) {
                return null;
            }
            Files.writeString(list, text);
            progress.accept("reading the package lists of " + sources.size() + " suites");
            HostCommand update = apt("apt-get", "-q", "update");
            // A release that the mirror no longer has makes apt fail although it read all the others.
            if (apt("apt-cache", "pkgnames", "linux-image-").output().isBlank()) {
                update.orFail("apt-get update");
                throw new TestbedException("the machine's apt archives offer no Linux kernels: check /etc/apt/sources.list");
            }
            Files.writeString(stamp, "");
            return null;
        });
    }

    /** Writes apt.conf and what it names into a directory. */
    static void configure(Path home) throws IOException {
        Files.createDirectories(home.resolve("state/lists/partial"));
        Files.createDirectories(home.resolve("cache/archives/partial"));
        Files.writeString(home.resolve("status"), "");
        Files.writeString(home.resolve("apt.conf"), """
                Dir::Etc::sourcelist "%1$s/sources.list";
                Dir::Etc::sourceparts "/dev/null";
                Dir::Etc::preferences "/dev/null";
                Dir::Etc::preferencesparts "/dev/null";
                Dir::State "%1$s/state";
                Dir::State::status "%1$s/status";
                Dir::Cache "%1$s/cache";
                APT::Sandbox::User "root";
                APT::Get::Always-Include-Phased-Updates "true";
                Acquire::Languages "none";
                Acquire::Check-Valid-Until "false";
                Acquire::Retries "2";
                Debug::NoLocking "true";
                """.formatted(home.toAbsolutePath()));
    }

    static List<AptSource> machineSources() throws IOException {
        List<AptSource> sources = new ArrayList<>();
        Path list = Path.of("/etc/apt/sources.list");
        if (Files.isReadable(list)) {
            sources.addAll(AptSource.parseOneLine(Files.readString(list)));
        }
        Path parts = Path.of("/etc/apt/sources.list.d");
        if (Files.isDirectory(parts)) {
            try (Stream<Path> files = Files.list(parts)) {
                for (Path file : files.sorted().toList()) {
                    String name = file.toString();
                    if (name.endsWith(".sources")) {
                        sources.addAll(AptSource.parseDeb822(Files.readString(file)));
                    } else if (name.endsWith(".list")) {
                        sources.addAll(AptSource.parseOneLine(Files.readString(file)));
                    }
                }
            }
        }
        return sources;
    }

    private static String literalPrefix(String expression) {
        return expression.replaceFirst("[^a-z0-9-].*", "");
    }
}
