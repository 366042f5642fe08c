package io.scwatcher.fidelity.layer;

import io.scwatcher.cpu.Engine;
import io.scwatcher.os.Layer;
import io.scwatcher.os.Limits;
import io.scwatcher.os.Run;
import io.scwatcher.os.StandardStreams;
import io.scwatcher.os.fs.StandardTree;
import io.scwatcher.vfs.Directory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Runs programs in one layer. */
public final class LayerRunner implements ToolRunner, AutoCloseable {
    private static final long WRITABLE = 1L << 30;

    private final Layer layer;
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());

    /**
     * @param root what "/" holds at first
     * @param trace takes a line for each system call; or null
     */
    public LayerRunner(Directory root, Engine engine, Limits limits, Consumer<String> trace) {
        Layer.Builder builder = Layer.builder().engine(engine).limits(limits).failures((_, failure) -> failures.add(failure));
        if (trace != null) {
            builder.trace(trace);
        }
        layer = new StandardTree(root, WRITABLE).mount(builder).build();
    }

    public Layer layer() {
        return layer;
    }

    /** Exceptions that no program should be able to cause. */
    public List<Throwable> failures() {
        return List.copyOf(failures);
    }

    @Override
    public Outcome run(List<String> command, String directory, byte[] input, Duration patience) throws IOException, InterruptedException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ByteArrayOutputStream error = new ByteArrayOutputStream();
        Run run = layer.start(command, ENVIRONMENT, directory, StandardStreams.of(new ByteArrayInputStream(input), output, error));
        boolean[] late = new boolean[1];
        var timer = clock.schedule(() -> {
            late[0] = true;
            run.kill();
        }, patience.toMillis(), TimeUnit.MILLISECONDS);
        int status = run.waitForExit();
        timer.cancel(false);
        if (run.verdict() != null) {
            error.writeBytes((run.verdict() + "\n").getBytes());
        }
        return Outcome.of(late[0] ? Outcome.TIMED_OUT : status, output.toByteArray(), error.toByteArray());
    }

    @Override
    public void close() {
        layer.close();
        clock.shutdown();
    }
}
