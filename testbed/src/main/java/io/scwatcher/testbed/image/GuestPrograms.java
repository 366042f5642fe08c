package io.scwatcher.testbed.image;

import io.scwatcher.testbed.TestbedException;
import io.scwatcher.testbed.local.Cache;
import io.scwatcher.testbed.local.HostCommand;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The testbed's own programs in the guest, compiled with this machine's C compiler. The sources are resources in
 * {@code /guest}; {@code /guest/programs} names each program, the compiler's options and the files.
 */
public final class GuestPrograms {
    private GuestPrograms() {
    }

    /** The directory with the compiled programs. */
    public static Path compiled(Cache cache, Consumer<String> progress) {
        Map<String, List<String>> programs = new LinkedHashMap<>();
        Map<String, String> sources = new LinkedHashMap<>();
        for (String line : resource("programs").lines().toList()) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] halves = line.split(":", 2);
            programs.put(halves[0].strip(), List.of(halves[1].strip().split("\\s+")));
            for (String word : programs.get(halves[0].strip())) {
                if (word.endsWith(".c")) {
                    sources.computeIfAbsent(word, GuestPrograms::resource);
                }
            }
        }
        for (String header : resource("headers").strip().split("\\s+")) {
            sources.put(header, resource(header));
        }
        List<String> key = new ArrayList<>(List.of(programs.toString(), compiler()));
        key.addAll(sources.values());
        return cache.entry("programs/" + Cache.digest(key), empty -> {
            progress.accept("compiling the guest's programs");
            Path directory = Files.createTempDirectory("testbed-sources");
            try {
                for (Map.Entry<String, String> source : sources.entrySet()) {
                    Files.writeString(directory.resolve(source.getKey()), source.getValue());
                }
                for (Map.Entry<String, List<String>> program : programs.entrySet()) {
                    List<String> command = new ArrayList<>(List.of("gcc", "-O2", "-Wall", "-Wextra", "-o",
                            empty.resolve(program.getKey()).toString()));
                    command.addAll(program.getValue());
                    HostCommand.run(directory, Map.of(), command).orFail("compiling " + program.getKey());
                }
            } finally {
                Cache.deleteTree(directory);
            }
        });
    }

    private static String compiler() {
        return HostCommand.run("gcc", "--version").orFail("gcc").output().lines().findFirst().orElse("gcc");
    }

    private static String resource(String name) {
        try (InputStream in = GuestPrograms.class.getResourceAsStream("/guest/" + name)) {
            if (in == null) {
                throw new TestbedException("the source file guest/" + name + " is missing in the testbed's jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new TestbedException("cannot read guest/" + name, e);
        }
    }
}
