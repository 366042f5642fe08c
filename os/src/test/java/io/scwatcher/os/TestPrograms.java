package io.scwatcher.os;

import io.scwatcher.cpu.Engines;
import io.scwatcher.os.fs.DeviceNumber;
import io.scwatcher.os.fs.Devices;
import io.scwatcher.os.fs.dev.DeviceFileSystem;
import io.scwatcher.os.fs.proc.ProcFileSystem;
import io.scwatcher.os.fs.tmpfs.Tmpfs;
import io.scwatcher.os.task.Task;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Runs programs natively and in layers over the machine's own files. */
final class TestPrograms {
    static final List<String> ENVIRONMENT = List.of("PATH=/usr/bin:/bin", "LC_ALL=C", "HOME=/");
    /** Only a program that hangs takes this long. */
    private static final int PATIENCE_SECONDS = 180;

    /** What a program did. @param status its exit status, 128 + N if signal N killed it */
    record Result(String output, String errors, int status) {}

    private TestPrograms() {}

    /** Path of a dynamic executable made from {@code src/test/c/NAME.c}. */
    static synchronized Path dynamic(String name) throws IOException, InterruptedException {
        Path binary = Path.of("target/test-programs", name + "-dynamic").toAbsolutePath();
        Files.createDirectories(binary.getParent());
        Process gcc = new ProcessBuilder("gcc", "-O1", "-w", "-pthread", "-o", binary.toString(), "src/test/c/" + name + ".c").redirectErrorStream(true).start();
        String messages = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (gcc.waitFor() != 0) {
            throw new IOException(messages);
        }
        return binary;
    }

    /** Runs a program on the machine itself, in an environment of {@link #ENVIRONMENT} alone. */
    static Result natively(List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(Path.of("/").toFile());
        builder.environment().clear();
        ENVIRONMENT.forEach(variable -> builder.environment().put(variable.split("=")[0], variable.split("=")[1]));
        Path errors = Files.createTempFile("native", ".err");
        Process process = builder.redirectError(errors.toFile()).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("hangs natively: " + command);
        }
        Result result = new Result(output, Files.readString(errors, StandardCharsets.ISO_8859_1), process.exitValue());
        Files.delete(errors);
        return result;
    }

    /** A layer whose files are the machine's, until they are changed, with /dev and /proc of its own. */
    static Layer.Builder layer(List<Throwable> failures) {
        Devices devices = new Devices();
        LongSupplier clock = () -> System.currentTimeMillis() * 1_000_000;
        Tmpfs root = new Tmpfs("tmpfs", DeviceNumber.of(0, 30), 1L << 30, 1 << 20, clock, devices, 0755, HostTree.directory(Path.of("/")));
        return Layer.builder().engine(Engines.interpreter()).mount("/", root).mount("/dev", DeviceFileSystem.create(devices, clock, DeviceFileSystem.DEVICE, null))
                .mount("/proc", new ProcFileSystem(null)).failures((Task _, Throwable failure) -> failures.add(failure));
    }

    /** Runs a program in a layer, with that input. */
    static Result inLayer(Layer layer, List<String> command, String input) throws InterruptedException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        StandardStreams streams = StandardStreams.of(new ByteArrayInputStream(input.getBytes(StandardCharsets.ISO_8859_1)), output, errors);
        Run run = layer.start(command, ENVIRONMENT, "/", streams);
        Thread watchdog = Thread.ofVirtual().start(() -> {
            try {
                Thread.sleep(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
                run.kill();
            } catch (InterruptedException e) {
                // the program ended in time
            }
        });
        int status = run.waitForExit();
        watchdog.interrupt();
        return new Result(output.toString(StandardCharsets.ISO_8859_1), errors.toString(StandardCharsets.ISO_8859_1)
                + (run.verdict() == null ? "" : run.verdict()), status);
    }

    /** Likewise in a layer of its own, which must not find a bug in itself. */
    static Result inLayer(List<String> command) throws InterruptedException {
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        try (Layer layer = layer(failures).build()) {
            Result result = inLayer(layer, command, "");
            if (!failures.isEmpty()) {
                throw new AssertionError("in " + command, failures.getFirst());
            }
            return result;
        }
    }
}
