package io.scwatcher.fidelity.tools;

import io.scwatcher.bundle.BundleBuilder;
import io.scwatcher.bundle.DirectorySource;
import io.scwatcher.cpu.Engine;
import io.scwatcher.cpu.Engines;
import io.scwatcher.enclave.ToolLayers;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.os.Layer;
import io.scwatcher.os.Run;
import io.scwatcher.os.StandardStreams;
import io.scwatcher.os.bundle.Bundle;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.vprocfs.ProcFs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs tools in the OS emulation layer, warm: decoded and compiled code is kept from run to run. */
final class LayerRuns implements AutoCloseable {
    private final Bundle bundle;
    private final Engine engine = Engines.mixed();

    private LayerRuns(Bundle bundle) {
        this.bundle = bundle;
    }

    /**
     * With the very programs of a guest.
     *
     * @param userSpace what its root disk was made of
     * @param cache where the bundle of it is kept
     */
    static LayerRuns of(Path userSpace, Path cache) throws IOException {
        Path file = Files.createDirectories(cache).resolve("guest-" + userSpace.getParent().getFileName() + ".bundle");
        if (!Files.exists(file)) {
            Path partial = Files.createTempFile(cache, "guest-", ".partial");
            try (BundleBuilder builder = new BundleBuilder()) {
                DirectorySource.add(userSpace, builder);
                builder.write(partial);
            }
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return new LayerRuns(Bundle.open(file));
    }

    /** Runs a tool on what the VM's memory holds. */
    ToolOutput run(ToolCase tool, List<String> environment, Kernel kernel) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        long start = System.nanoTime();
        ProcFs proc = new ProcFs(() -> kernel);
        try (Layer layer = ToolLayers.watching(bundle, () -> kernel, proc.root()).engine(engine).build()) {
            Run run = layer.start(tool.command(), environment, "/", StandardStreams.of(InputStream.nullInputStream(), out, errors));
            int status = wait(run, tool.seconds());
            String said = errors.toString(StandardCharsets.ISO_8859_1) + (run.verdict() == null ? "" : run.verdict() + "\n");
            return new ToolOutput(out.toString(StandardCharsets.ISO_8859_1), said, status, 0, 0, 0, (System.nanoTime() - start) / 1e9);
        } catch (SystemCallException refused) {
            return new ToolOutput("", "cannot be executed: " + refused.getMessage() + "\n", 127, 0, 0, 0, 0);
        }
    }

    private static int wait(Run run, int seconds) throws IOException {
        CompletableFuture<Integer> exit = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                exit.complete(run.waitForExit());
            } catch (InterruptedException interrupted) {
                exit.completeExceptionally(interrupted);
            }
        });
        try {
            return exit.get(seconds, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            run.kill();
            return exit.join();
        } catch (InterruptedException | java.util.concurrent.ExecutionException interrupted) {
            run.kill();
            throw new IOException("interrupted", interrupted);
        }
    }

    @Override
    public void close() throws IOException {
        bundle.close();
    }
}
