package io.scwatcher.fidelity.layer;

import io.scwatcher.testbed.PackageTree;
import io.scwatcher.testbed.local.Cache;
import io.scwatcher.testbed.local.HostCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** BusyBox's own tests, from the distribution's source package, with a static binary built by this machine's compiler. */
public final class BusyBoxSuite {
    /** Where everything lies in the tools' root. */
    private static final String HOME = "/busybox";
    /** They fetch files from the Internet. */
    private static final String NEEDS_NETWORK = "wget";
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    private final Path staged;
    private final Consumer<String> progress;

    /** Builds the binary if the cache does not have it. */
    public BusyBoxSuite(Consumer<String> progress) {
        this.progress = progress;
        Path source = new PackageTree(progress).source("busybox");
        staged = Cache.ofUser().entry("suites/busybox", empty -> {
            Path build = Files.createTempDirectory("busybox");
            try {
                progress.accept("building a static BusyBox");
                shell(build, """
                        cp -a "$SOURCE"/. . && make defconfig && sed -i 's/^# CONFIG_STATIC is not set/CONFIG_STATIC=y/; s/^CONFIG_TC=y/# CONFIG_TC is not set/' .config
                        yes '' | make oldconfig && make -j2 busybox
                        gcc -Os -static -o testsuite/echo-ne scripts/echo.c
                        for helper in printenv recho zecho; do gcc -O2 -static -o shell/ash_test/$helper shell/ash_test/$helper.c || exit 1; done
                        """, Map.of("SOURCE", source.toString()));
                Path home = Files.createDirectories(Path.of(empty + HOME));
                shell(build, "cp -a --parents busybox .config testsuite shell/ash_test \"$HOME_OF_TESTS\"", Map.of("HOME_OF_TESTS", home.toString()));
            } finally {
                Cache.deleteTree(build);
            }
        });
    }

    private static void shell(Path directory, String script, Map<String, String> environment) {
        HostCommand.run(directory, environment, List.of("sh", "-ec", script)).orFail("building BusyBox");
    }

    /** What is to lie over the tools' root. */
    public Path files() {
        return staged;
    }

    /** The applets that have tests. */
    public List<String> applets() throws IOException {
        TreeSet<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.list(Path.of(staged + HOME, "testsuite"))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = file.getFileName().toString();
                if (name.endsWith(".tests")) {
                    names.add(name.substring(0, name.length() - 6));
                } else if (Files.isDirectory(file)) {
                    names.add(name);
                }
            }
        }
        names.remove(NEEDS_NETWORK);
        return List.copyOf(names);
    }

    /** Runs one applet's tests in both. */
    public SuiteComparison applet(String name, ToolRunner natively, ToolRunner inLayer) throws IOException, InterruptedException {
        return compare(List.of("./runtest", name), HOME + "/testsuite", natively, inLayer, SuiteComparison::busyBox, name);
    }

    /** The directories of ash's tests. */
    public List<String> ashDirectories() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(staged + HOME, "shell/ash_test"))) {
            return files.filter(Files::isDirectory).map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Runs one directory of the shell's tests in both. */
    public SuiteComparison ash(String directory, ToolRunner natively, ToolRunner inLayer) throws IOException, InterruptedException {
        return compare(List.of("./run-all", directory), HOME + "/shell/ash_test", natively, inLayer, SuiteComparison::ash, directory);
    }

    private SuiteComparison compare(List<String> command, String directory, ToolRunner natively, ToolRunner inLayer,
                                    java.util.function.Function<String, Map<String, SuiteComparison.Verdict>> reader, String name)
            throws IOException, InterruptedException {
        Outcome theirs = natively.run(command, directory, new byte[0], PATIENCE);
        Outcome ours = inLayer.run(command, directory, new byte[0], PATIENCE);
        SuiteComparison comparison = SuiteComparison.of(theirs.output(), ours.output(), reader);
        progress.accept(name + ": " + comparison.summary());
        return comparison;
    }
}
