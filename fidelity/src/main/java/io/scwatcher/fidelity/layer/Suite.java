package io.scwatcher.fidelity.layer;

import io.scwatcher.testbed.PackageTree;
import io.scwatcher.testbed.local.Cache;
import io.scwatcher.testbed.local.HostCommand;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Somebody else's tests, to run natively and in the layer. Four resources in {@code suites/NAME} make a suite:
 * <ul>
 * <li>{@code suite.properties}: {@code packages}, what the tests use, and {@code source}, the source package that they come from;
 * <li>{@code stage}: a shell script for this machine that puts the tests of the directory {@code SOURCE} into {@code SUITE};
 * <li>{@code run}: a program for both; without argument it lists the suite's parts, with one it runs that part and prints
 *     {@code PASS: NAME}, {@code FAIL: NAME}, {@code SKIPPED: NAME}, a failure's details in lines that begin with four spaces;
 * <li>{@code known.txt}: what fails in the layer alone, with reasons; see {@link KnownFailures}. May be absent.
 * </ul>
 */
public final class Suite {
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    private final String name;
    private final List<String> packages;
    private final Path files;

    /** Builds what the cache does not have. @param progress receives one line for each thing that takes time */
    public Suite(String name, Consumer<String> progress) {
        this.name = name;
        Properties properties = new Properties();
        try (InputStream in = resource("suite.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        packages = List.of(properties.getProperty("packages").split(" "));
        files = staged(properties.getProperty("source"), progress);
    }

    private Path staged(String sourcePackage, Consumer<String> progress) {
        String stage = text("stage");
        String run = text("run");
        return Cache.ofUser().entry("suites/" + name + "-" + Cache.digest(List.of(stage, run)), empty -> {
            Path source = sourcePackage == null ? empty : new PackageTree(progress).source(sourcePackage);
            progress.accept("building the tests of " + name);
            Path home = Files.createDirectories(Path.of(empty + home()));
            Path build = Files.createTempDirectory(name);
            try {
                HostCommand.run(build, Map.of("SOURCE", source.toString(), "SUITE", home.toString(), "ROOT", empty.toString()), List.of("sh", "-ec", stage))
                        .orFail("building the tests of " + name);
            } finally {
                Cache.deleteTree(build);
            }
            Path driver = home.resolve("run");
            Files.writeString(driver, run);
            driver.toFile().setExecutable(true, false);
        });
    }

    /** Where the suite lies in the tools' root. */
    private String home() {
        return "/suites/" + name;
    }

    public List<String> packages() {
        return packages;
    }

    /** What is to lie over the packages' files. */
    public Path files() {
        return files;
    }

    public List<String> parts(ToolRunner runner) throws IOException, InterruptedException {
        return runner.run(List.of(home() + "/run"), "/", new byte[0], PATIENCE).output().lines().toList();
    }

    /** What one part prints. */
    public String output(String part, ToolRunner runner) throws IOException, InterruptedException {
        return runner.run(List.of(home() + "/run", part), "/", new byte[0], PATIENCE).output();
    }

    /** Runs one part in both. */
    public SuiteComparison compare(String part, ToolRunner natively, ToolRunner inLayer) throws IOException, InterruptedException {
        return SuiteComparison.of(output(part, natively), output(part, inLayer));
    }

    /** The names of tests that are known to fail in the layer alone. */
    public Set<String> known() {
        try (InputStream in = resource("known.txt")) {
            return in == null ? Set.of() : KnownFailures.read(in, name).keySet();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String text(String resource) {
        try (InputStream in = resource(resource)) {
            return new String(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private InputStream resource(String resource) {
        return Suite.class.getResourceAsStream("suites/" + name + "/" + resource);
    }
}
