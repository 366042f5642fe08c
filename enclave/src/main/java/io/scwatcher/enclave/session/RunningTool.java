package io.scwatcher.enclave.session;

import io.scwatcher.enclave.session.ToolRequest.Size;
import io.scwatcher.enclave.session.ToolRunner.Streams;
import io.scwatcher.enclave.watch.WatchedVm;
import io.scwatcher.os.Counters;
import io.scwatcher.os.Layer;
import io.scwatcher.os.Run;
import io.scwatcher.os.StandardStreams;
import io.scwatcher.os.tty.HostTerminal;
import java.io.IOException;
import java.util.function.Supplier;

/** A command that runs in a layer of its own, with pipes or a terminal between it and whoever asked for it. */
public final class RunningTool {
    private static final int EX_UNAVAILABLE = 69;
    private static final int PIECE = 1 << 16;
    /** How long a terminal may show what a command left in it. */
    private static final long DRAIN_MILLIS = 2000;

    private final Layer layer;
    private final Subject subject;
    private final Run run;
    private final HostTerminal terminal;
    private final Thread screen;
    private final Runnable whenOver;
    private final Supplier<Counters> others;
    private final Counters othersBefore;

    /**
     * What a command runs on.
     *
     * @param bundle the digest of its tools
     * @param vm null where it sees the layer itself
     */
    public record Subject(String bundle, WatchedVm vm) {}

    private RunningTool(Layer layer, Subject subject, Run run, HostTerminal terminal, Thread screen, Runnable whenOver, Supplier<Counters> others, Counters othersBefore) {
        this.layer = layer;
        this.subject = subject;
        this.run = run;
        this.terminal = terminal;
        this.screen = screen;
        this.whenOver = whenOver;
        this.others = others;
        this.othersBefore = othersBefore;
    }

    /**
     * Starts the command.
     *
     * @param layer belongs to the command, and ends with it
     * @param whenOver lets go of what else was taken for it
     * @param others reads what is counted outside of the layer, of which the growth during the run is told with the run's own counters
     * @throws io.scwatcher.os.syscall.SystemCallException what execve(2) or chdir(2) fails with; the layer and the rest are the caller's to end then
     */
    public static RunningTool start(Layer layer, ToolRequest request, Subject subject, Streams streams, Runnable whenOver, Supplier<Counters> others) {
        Counters before = others.get();
        Size size = request.terminal();
        if (size == null) {
            Run run = layer.start(request.command(), request.environment(), request.directory(),
                    StandardStreams.of(streams.input(), streams.output(), streams.error()));
            return new RunningTool(layer, subject, run, null, null, whenOver, others, before);
        }
        HostTerminal terminal = layer.terminals().open(size.rows(), size.columns());
        Run run = layer.start(request.command(), request.environment(), request.directory(), terminal.streams());
        Thread screen = Thread.ofPlatform().daemon().name("screen").start(() -> show(terminal, streams, run));
        Thread.ofPlatform().daemon().name("keyboard").start(() -> type(streams, terminal));
        return new RunningTool(layer, subject, run, terminal, screen, whenOver, others, before);
    }

    private static void show(HostTerminal terminal, Streams streams, Run run) {
        byte[] bytes = new byte[PIECE];
        try {
            for (int count; (count = terminal.read(bytes, 0, bytes.length)) > 0; ) {
                streams.output().write(bytes, 0, count);
                streams.output().flush();
            }
        } catch (IOException e) {
            run.kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void type(Streams streams, HostTerminal terminal) {
        byte[] bytes = new byte[PIECE];
        try {
            for (int count; (count = streams.input().read(bytes, 0, bytes.length)) > 0; ) {
                terminal.write(bytes, 0, count);
            }
        } catch (IOException e) {
            // Whoever typed is gone; the connection's end is noticed elsewhere.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public Subject subject() {
        return subject;
    }

    /** The window of whoever looks has another size. */
    public void resize(Size size) {
        if (terminal != null) {
            terminal.resize(size.rows(), size.columns());
        }
    }

    /**
     * Waits for the command's end, passes on what it left to be shown, and lets go of everything.
     *
     * @return its exit status as a shell has it; 69 (EX_UNAVAILABLE) if the VM was gone before
     */
    public int waitForExit() throws InterruptedException {
        try {
            int status = run.waitForExit();
            if (screen != null) {
                screen.join(DRAIN_MILLIS);
            }
            return run.isSystemLost() ? EX_UNAVAILABLE : status;
        } finally {
            if (terminal != null) {
                terminal.close();
            }
            layer.close();
            whenOver.run();
        }
    }

    /** Why the layer ended it, or null: one line. */
    public String verdict() {
        return run.verdict();
    }

    /** What the run counted, after {@link #waitForExit}. */
    public Counters counters() {
        return run.counters().and(others.get().since(othersBefore));
    }

    public void kill() {
        run.kill();
    }
}
