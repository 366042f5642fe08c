package io.scwatcher.host.runtime;

import java.io.File;
import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.module.ResolvedModule;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What runs inside the enclave, as a directory: {@code java}, a Java runtime with only the modules that are needed, and {@code app}, the program's own and its
 * libraries. What the enclave's module doesn't need, directly or through others, isn't there.
 *
 * @param directory that holds both
 */
public record JavaImage(Path directory) {
    private static final int MINUTES = 5;

    /**
     * Makes the image.
     *
     * @param directory that doesn't exist yet
     * @param modules where the program's modules are: directories and jars, as for {@code --module-path}
     * @param main the module to start
     * @throws IOException also if jlink(1) fails, with what it said
     */
    public static JavaImage make(Path directory, String modules, String main) throws IOException {
        Set<ResolvedModule> needed = Configuration.empty().resolve(ModuleFinder.of(paths(modules)), ModuleFinder.ofSystem(), Set.of(main)).modules();
        Set<String> platform = needed.stream().map(ResolvedModule::reference).filter(one -> !isFile(one)).map(one -> one.descriptor().name())
                .collect(Collectors.toCollection(TreeSet::new));
        Files.createDirectories(directory.resolve("app"));
        for (ResolvedModule module : needed) {
            if (isFile(module.reference())) {
                Path from = Path.of(module.reference().location().orElseThrow());
                copy(from, directory.resolve("app").resolve(Files.isDirectory(from) ? Path.of(module.name()) : from.getFileName()));
            }
        }
        link(platform, directory.resolve("java"));
        return new JavaImage(directory);
    }

    private static Path[] paths(String modules) {
        return List.of(modules.split(File.pathSeparator)).stream().map(Path::of).toArray(Path[]::new);
    }

    private static boolean isFile(ModuleReference module) {
        return module.location().map(URI::getScheme).filter("file"::equals).isPresent();
    }

    /** A jar, or a directory of classes. */
    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private static void link(Set<String> platform, Path java) throws IOException {
        Process jlink = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jlink").toString(), "--add-modules", String.join(",", platform),
                "--strip-debug", "--no-header-files", "--no-man-pages", "--output", java.toString()).redirectErrorStream(true).start();
        jlink.getOutputStream().close();
        String said = new String(jlink.getInputStream().readNBytes(1 << 16), StandardCharsets.UTF_8).strip();
        try {
            if (jlink.waitFor(MINUTES, TimeUnit.MINUTES) && jlink.exitValue() == 0) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            jlink.destroyForcibly();
        }
        throw new IOException("jlink made no Java runtime: " + (said.isEmpty() ? "it said nothing" : said.lines().findFirst().orElse("")));
    }
}
