package io.scwatcher.testbed.apt;

import io.scwatcher.testbed.TestbedException;
import io.scwatcher.testbed.local.Cache;
import io.scwatcher.testbed.local.HostCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Source packages of the machine's own release, by an apt with a configuration of its own: see {@link PrivateApt}. */
public final class SourceApt {
    private final Cache cache;
    private final Path home;
    private final Consumer<String> progress;

    public SourceApt(Cache cache, Consumer<String> progress) {
        this.cache = cache;
        this.home = cache.directory().resolve("apt-source");
        this.progress = progress;
    }

    /** The package's source with the distribution's patches. Downloaded once: a newer version of the archive is not looked for. */
    public Path unpacked(String name) {
        return cache.entry("sources/" + name + "-" + DebianRelease.ofHost().codename(), empty -> {
            cache.locked("apt-source", () -> {
                download(name, empty);
                return null;
            });
            try (Stream<Path> files = Files.list(empty)) {
                Path description = files.filter(file -> file.toString().endsWith(".dsc")).findFirst()
                        .orElseThrow(() -> new TestbedException("apt-get source left no description of " + name));
                HostCommand.run(empty, Map.of(), List.of("dpkg-source", "--no-check", "-x", description.toString(), "unpacked")).orFail("unpacking " + name);
            }
        }).resolve("unpacked");
    }

    private void download(String name, Path into) throws IOException {
        PrivateApt.configure(home);
        String codename = DebianRelease.ofHost().codename();
        List<String> lines = PrivateApt.machineSources().stream().filter(source -> source.suite().matches(codename + "(-security|-updates)?"))
                .map(source -> source.line().replaceFirst("^deb ", "deb-src ")).toList();
        Files.writeString(home.resolve("sources.list"), String.join("\n", lines) + "\n");
        progress.accept("downloading the source of " + name);
        apt(home, List.of("apt-get", "-q", "update")).orFail("apt-get update");
        apt(into, List.of("apt-get", "-q", "source", "--download-only", name)).orFail("downloading the source of " + name);
    }

    private HostCommand apt(Path directory, List<String> command) {
        return HostCommand.run(directory, Map.of("APT_CONFIG", home.resolve("apt.conf").toString()), PrivateApt.withCache(command));
    }
}
