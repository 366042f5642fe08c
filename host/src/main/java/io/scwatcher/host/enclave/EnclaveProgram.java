package io.scwatcher.host.enclave;

import io.scwatcher.attestation.Bytes;
import java.io.IOException;
import java.lang.module.ResolvedModule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The enclave's program as this installation has it: the module {@code io.scwatcher.enclave}, what that needs, and the JVM's options.
 *
 * @param modules files or directories, by the modules' names
 */
public record EnclaveProgram(SortedMap<String, Path> modules) {
    private static final String MODULE = "io.scwatcher.enclave";
    private static final String MAIN = MODULE + "/io.scwatcher.enclave.main.EnclaveMain";
    private static final List<String> OPTIONS = List.of("-XX:+UseSerialGC", "-XX:-ClipInlining", "-XX:Tier3DelayOn=0");

    /** What this very process runs, as far as the enclave needs it. */
    public static EnclaveProgram ofThisInstallation() {
        SortedMap<String, Path> modules = new TreeMap<>();
        ModuleLayer.boot().configuration().findModule(MODULE).ifPresent(module -> collect(module, modules));
        if (modules.isEmpty()) {
            throw new IllegalStateException("the module " + MODULE + " is not part of this program");
        }
        return new EnclaveProgram(modules);
    }

    private static void collect(ResolvedModule module, SortedMap<String, Path> found) {
        module.reference().location().filter(location -> location.getScheme().equals("file")).ifPresent(location -> {
            if (found.put(module.name(), Path.of(location)) == null) {
                module.reads().forEach(read -> collect(read, found));
            }
        });
    }

    /**
     * What MRENCLAVE is in simulation: SHA-256 of a text that names the JDK's release, the JVM's options, and each module with the SHA-256 of each of its files.
     * A processor would measure the JDK's files, too.
     */
    public Bytes measurement() throws IOException {
        StringBuilder text = new StringBuilder("scwatcher enclave 1\njava ").append(Runtime.version()).append('\n');
        OPTIONS.forEach(option -> text.append("option ").append(option).append('\n'));
        text.append("main ").append(MAIN).append('\n');
        for (var module : modules.entrySet()) {
            text.append("module ").append(module.getKey()).append('\n');
            for (Path file : files(module.getValue())) {
                text.append(Files.isDirectory(module.getValue()) ? module.getValue().relativize(file) : "jar").append(' ')
                        .append(Bytes.sha256(Files.readAllBytes(file))).append('\n');
            }
        }
        return Bytes.sha256(text.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static List<Path> files(Path module) throws IOException {
        try (Stream<Path> files = Files.walk(module)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** The arguments of java that start it where {@link #give} put it. */
    List<String> arguments(List<String> more) {
        List<String> arguments = new ArrayList<>(OPTIONS);
        arguments.addAll(List.of("--module-path", String.join(":", modules.keySet().stream().map(name -> inside(name).toString()).toList()), "-m", MAIN));
        arguments.addAll(more);
        return arguments;
    }

    void give(Confinement confinement) {
        modules.forEach((name, file) -> confinement.give(file, inside(name)));
    }

    private Path inside(String name) {
        return Path.of("/app", Files.isDirectory(modules.get(name)) ? name : name + ".jar");
    }
}
