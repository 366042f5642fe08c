package io.scwatcher.os;

import io.scwatcher.cpu.Engines;
import io.scwatcher.os.fs.StandardTree;
import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.FileType;
import io.scwatcher.vfs.tree.MemoryDirectory;
import io.scwatcher.vfs.tree.MemoryFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs C programs of src/test/c both on the machine's own Linux and in a layer, where everything that they print is to be the same. */
public final class NativeAndLayer {
    private static final Path SOURCES = Path.of("src/test/c");
    private static final Path PROGRAMS = Path.of("target/test-programs");
    private static final ConcurrentHashMap<String, Path> COMPILED = new ConcurrentHashMap<>();
    private static final int PATIENCE_SECONDS = 120;
    private static final List<String> ENVIRONMENT = List.of("PATH=/bin:/usr/bin", "HOME=/", "LC_ALL=C");

    private NativeAndLayer() {}

    /**
     * What a program did.
     *
     * @param status as a shell has it: 128 + N for signal N
     */
    public record Outcome(int status, String output, String error) {}

    /** What differs between a native run and one in a layer, line by line, natively first; empty if nothing does. */
    public static String differences(String name, String... arguments) {
        Outcome natively = runNatively(name, arguments);
        Outcome inLayer = runInLayer(name, arguments);
        StringBuilder text = new StringBuilder();
        if (natively.status != inLayer.status) {
            text.append("status ").append(natively.status).append(", in the layer ").append(inLayer.status).append('\n');
        }
        compare(text, natively.output, inLayer.output);
        compare(text, natively.error, inLayer.error);
        return text.toString();
    }

    private static void compare(StringBuilder text, String expected, String actual) {
        List<String> left = expected.lines().toList();
        List<String> right = actual.lines().toList();
        for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
            String a = i < left.size() ? left.get(i) : "(nothing)";
            String b = i < right.size() ? right.get(i) : "(nothing)";
            if (!a.equals(b)) {
                text.append("- ").append(a).append("\n+ ").append(b).append('\n');
            }
        }
    }

    /** The static program compiled from {@code NAME.c}. Warnings are off: programs do what they should not. */
    public static Path program(String name) {
        return COMPILED.computeIfAbsent(name, _ -> {
            Path program = PROGRAMS.resolve(name);
            try {
                Files.createDirectories(PROGRAMS);
                Outcome outcome = finish(new ProcessBuilder("gcc", "-std=gnu17", "-O1", "-w", "-static",
                        "-pthread", "-o", program.toString(), SOURCES.resolve(name + ".c").toString()).start());
                if (outcome.status != 0) {
                    throw new IllegalStateException("gcc cannot compile " + name + ".c:\n" + outcome.error);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("gcc is needed for this test", e);
            }
            return program.toAbsolutePath();
        });
    }

    /** Runs it natively, in a new empty directory. */
    public static Outcome runNatively(String name, String... arguments) {
        try {
            Path directory = Files.createTempDirectory("native");
            try {
                List<String> command = new ArrayList<>(List.of("env", "-i"));
                command.addAll(ENVIRONMENT);
                command.add(program(name).toString());
                command.addAll(List.of(arguments));
                Process process = new ProcessBuilder(command).directory(directory.toFile()).start();
                process.getOutputStream().close();
                return finish(process);
            } finally {
                try (Stream<Path> all = Files.walk(directory)) {
                    all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs it in a layer of its own, in a new empty directory. */
    public static Outcome runInLayer(String name, String... arguments) {
        try {
            byte[] image = Files.readAllBytes(program(name));
            MemoryDirectory bin = new MemoryDirectory(2).put(name, new MemoryFile(new Attributes(FileType.REGULAR, 0755, 3, 1, 0, 0, image.length, 0, 0), () -> image));
            MemoryDirectory root = new MemoryDirectory(new Attributes(FileType.DIRECTORY, 0755, 1, 2, 0, 0, 0, 0, 0)).put("bin", bin)
                    .put("work", new MemoryDirectory(new Attributes(FileType.DIRECTORY, 0700, 4, 2, 0, 0, 0, 0, 0)));
            List<Throwable> failures = new ArrayList<>();
            Layer.Builder builder = Layer.builder().engine(Engines.interpreter()).failures((task, failure) -> failures.add(failure));
            if (Boolean.getBoolean("layer.trace")) {
                builder.trace(System.err::println);
            }
            try (Layer layer = new StandardTree(root, 64 << 20).mount(builder).build()) {
                ByteArrayOutputStream output = new ByteArrayOutputStream();
                ByteArrayOutputStream error = new ByteArrayOutputStream();
                List<String> command = new ArrayList<>(List.of("/bin/" + name));
                command.addAll(List.of(arguments));
                Run run = layer.start(command, ENVIRONMENT, "/work", StandardStreams.of(new ByteArrayInputStream(new byte[0]), output, error));
                int status = run.waitForExit();
                if (!failures.isEmpty()) {
                    throw new AssertionError("the layer failed; so far the program wrote:\n" + output, failures.getFirst());
                }
                return new Outcome(status, output.toString(StandardCharsets.ISO_8859_1), error.toString(StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Outcome finish(Process process) throws IOException {
        try {
            ByteArrayOutputStream error = new ByteArrayOutputStream();
            Thread reader = Thread.ofPlatform().start(() -> {
                try {
                    process.getErrorStream().transferTo(error);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            byte[] output = process.getInputStream().readAllBytes();
            reader.join();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(process.info() + " does not end");
            }
            return new Outcome(process.exitValue(), new String(output, StandardCharsets.ISO_8859_1), error.toString(StandardCharsets.ISO_8859_1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
