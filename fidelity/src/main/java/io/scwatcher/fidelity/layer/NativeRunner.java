package io.scwatcher.fidelity.layer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs programs on this machine, with an unpacked bundle as their root directory. Needs the superuser. */
public final class NativeRunner implements ToolRunner {
    private final Path root;
    private final List<String> prefix;

    public NativeRunner(Path root) {
        this(root, List.of());
    }

    /** @param prefix a command that runs its further arguments, for instance in other namespaces */
    public NativeRunner(Path root, List<String> prefix) {
        this.root = root;
        this.prefix = prefix;
    }

    @Override
    public Outcome run(List<String> command, String directory, byte[] input, Duration patience) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(prefix);
        // Whoever runs us in the background may have made us ignore SIGINT, which programs would inherit.
        words.addAll(List.of("unshare", "--mount", "/bin/sh", "-c",
                "cd \"$1\" && mount -t proc proc proc && mount --rbind /dev dev && shift && exec chroot . \"$@\"", "sh", root.toString(),
                "/usr/bin/env", "--default-signal", "--chdir=" + directory));
        words.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().clear();
        builder.environment().putAll(ToolBundle.environment());
        Process process = builder.start();
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ByteArrayOutputStream error = new ByteArrayOutputStream();
        Thread one = drain(process.getInputStream(), output);
        Thread two = drain(process.getErrorStream(), error);
        try (var stdin = process.getOutputStream()) {
            stdin.write(input);
        } catch (IOException e) {
            // It does not want all of its input.
        }
        boolean ended = process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (!ended) {
            process.destroyForcibly().waitFor();
        }
        one.join();
        two.join();
        return Outcome.of(ended ? process.exitValue() : Outcome.TIMED_OUT, output.toByteArray(), error.toByteArray());
    }

    private static Thread drain(InputStream from, ByteArrayOutputStream to) {
        return Thread.ofPlatform().daemon().start(() -> {
            try {
                from.transferTo(to);
            } catch (IOException e) {
                // killed
            }
        });
    }
}
