package io.scwatcher.cli;

import io.scwatcher.bundle.PackageSource;
import io.scwatcher.enclave.session.RunningTool;
import io.scwatcher.enclave.session.SessionClient;
import io.scwatcher.enclave.session.SessionClient.OutputClosedException;
import io.scwatcher.enclave.session.ToolRequest;
import io.scwatcher.enclave.session.ToolRequest.Bounds;
import io.scwatcher.enclave.session.ToolRequest.Mode;
import io.scwatcher.enclave.session.ToolRunner.RefusedException;
import io.scwatcher.enclave.session.ToolRunner.Streams;
import io.scwatcher.enclave.watch.Capture;
import io.scwatcher.host.NativeRuntime;
import io.scwatcher.host.Watch;
import io.scwatcher.host.enclave.EnclaveException;
import io.scwatcher.host.enclave.LocalEnclave;
import io.scwatcher.host.enclave.WarmEnclave;
import io.scwatcher.host.posix.Terminal;
import io.scwatcher.os.Counters;
import java.io.FileInputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** {@code scwatcher run}: an unmodified tool that sees the VM. */
final class RunCommand extends Command {
    private static final InputStream IN = new FileInputStream(FileDescriptor.in);
    private static final OutputStream OUT = new FileOutputStream(FileDescriptor.out);
    private static final OutputStream ERRORS = new FileOutputStream(FileDescriptor.err);
    private static final int SIZE_MILLIS = 250;
    /** As a shell tells of a program that writes to a pipe without reader. */
    private static final int KILLED_BY_SIGPIPE = 128 + 13;

    /** Where the command runs. */
    enum Runtime { SIMULATION, NATIVE }

    private final VmOptions vm = VmOptions.optional(this);
    private final Supplier<Boolean> layerView = flag("--layer-view",
            "Without a VM: the command sees the OS emulation layer itself, to try tools and bundles.");
    private final Supplier<Runtime> runtime = option(Runtime.class, "--runtime", "RUNTIME",
            "simulation (the default): the bundle's tool, in the OS emulation layer.",
            "native: this host's own tool, in a private mount and UTS namespace. Whoever controls this host can falsify what it prints.")
            .orElse("simulation");
    private final Supplier<Path> bundle = option(Path.class, "--bundle", "FILE",
            "The tools, made by 'scwatcher bundle build'. Default: a bundle of common tools, made when it is first needed.").orNull();
    private final Supplier<String> enclave = option(String.class, "--enclave", "NAME",
            "The warm enclave to run in ('scwatcher enclave start'), or 'none' for a process of its own. Default: one that runs, if any.").orNull();
    private final Supplier<String> directory = option(String.class, "--cwd", "DIR", "The working directory in the layer.").orElse("/");
    private final Supplier<List<String>> environment = options("--env", "NAME=VALUE", "A variable of the command's environment.");
    private final Supplier<Integer> cpuSeconds = option(Integer.class, "--max-cpu", "SECONDS", "Processor time that it may use.").orElse("0");
    private final Supplier<Integer> memory = option(Integer.class, "--max-memory", "MIB", "Memory that all its processes may use.").orElse("0");
    private final Supplier<Integer> processes = option(Integer.class, "--max-processes", "N", "Processes and threads at the same time.").orElse("0");
    private final Supplier<Integer> output = option(Integer.class, "--max-output", "MIB", "Output, to pipes or to a terminal, after which it is ended.").orElse("0");
    private final Supplier<Mode> engine = option(Mode.class, "--engine", "MODE",
            "How guest code is executed: ${COMPLETION-CANDIDATES}.").orElse("mixed");
    private final Supplier<Boolean> strace = flag("--strace", "Print each system call to stderr.");
    private final Supplier<Boolean> statistics = flag("--stats", "At its end, print to stderr where its time went.");
    private final Supplier<Boolean> json = flag("--json",
            "At its end, print one JSON object instead: exit status, output (in base64 where it is no text), notes, and where its time went.");
    private final Supplier<List<String>> command = operands(1, "COMMAND", "The command and its arguments, after --.");

    /** Where the command's time went, once it has ended. */
    private Counters counted;

    RunCommand() {
        super("run", "Runs a command whose system is the VM. Its exit status is the command's own.", "");
        footer("", "Examples:", "  scwatcher run --vm 4711 -- ps auxww", "  scwatcher run --vm web1 --capture paused -- netstat -anp",
                "  scwatcher run --vm crash.elf --bundle detectors.bundle -- chkrootkit",
                "  scwatcher run --vm web1 --runtime native -- lsof -nP");
    }

    @Override
    public Integer call() throws Exception {
        if (vm.isGiven() == layerView.get()) {
            throw wrong("give --vm VM, or --layer-view");
        }
        if (runtime.get() == Runtime.NATIVE) {
            if (statistics.get() || json.get()) {
                throw wrong("--stats and --json go with --runtime simulation");
            }
            if (layerView.get()) {
                throw wrong("--layer-view goes with --runtime simulation");
            }
            try (Watch watch = vm.open()) {
                return new NativeRuntime(watch, VmOptions::note).run(command.get());
            }
        }
        if (!json.get()) {
            return inTheLayer(request(), new Streams(IN, OUT, ERRORS), VmOptions::note);
        }
        RunReport report = new RunReport(request());
        int status = inTheLayer(report.request(), report.streams(IN), report::note);
        Json.print(report.members(status, counted));
        return status;
    }

    private ToolRequest request() {
        boolean terminal = !json.get() && Terminal.is(0) && Terminal.is(1);
        Terminal.Size size = terminal ? Terminal.size(1) : null;
        return new ToolRequest(vm.isGiven() ? vm.absolute() : "", vm.isGiven() && vm.capture() == Capture.PAUSED, (bundle.get() == null ? PackageSource.usualTools(VmOptions::note) : bundle.get().toAbsolutePath()).toString(),
                command.get(), environmentOf(terminal), directory.get(), terminal ? new ToolRequest.Size(size.rows(), size.columns()) : null,
                engine.get(), strace.get(), new Bounds(cpuSeconds.get(), memory.get(), processes.get(), output.get()));
    }

    /** Of this process's environment only what says how a person reads; the rest is the host's affair. */
    private List<String> environmentOf(boolean terminal) {
        List<String> variables = new ArrayList<>(List.of("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "USER=root",
                "LOGNAME=root", "SHELL=/bin/sh"));
        Map<String, String> own = System.getenv();
        for (String name : List.of("TERM", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "COLUMNS", "LINES")) {
            if (own.containsKey(name)) {
                variables.add(name + "=" + own.get(name));
            } else if (name.equals("TERM") && terminal) {
                variables.add("TERM=dumb");
            }
        }
        variables.addAll(environment.get());
        return variables;
    }

    private int inTheLayer(ToolRequest request, Streams streams, Consumer<String> notes) throws IOException, RefusedException {
        WarmEnclave warm = warmEnclave();
        if (warm == null) {
            return inThisProcess(request, streams, notes);
        }
        try (SocketChannel channel = connect(warm)) {
            return converse(WarmEnclave.client(channel), request, streams, notes);
        } catch (OutputClosedException nobodyReads) {
            return KILLED_BY_SIGPIPE;
        }
    }

    private static SocketChannel connect(WarmEnclave warm) {
        try {
            return warm.connect();
        } catch (IOException e) {
            throw new EnclaveException("enclave " + warm.name() + " does not answer any more: " + e.getMessage());
        }
    }

    private WarmEnclave warmEnclave() {
        String wanted = enclave.get();
        if ("none".equals(wanted)) {
            return null;
        }
        if (wanted != null) {
            WarmEnclave named = WarmEnclave.named(wanted);
            if (!named.answers()) {
                throw wrong("no enclave named " + wanted + " runs: scwatcher enclave start --name " + wanted);
            }
            return named;
        }
        List<WarmEnclave> running = WarmEnclave.running();
        return running.isEmpty() ? null : running.getFirst();
    }

    private int inThisProcess(ToolRequest request, Streams streams, Consumer<String> notes) throws RefusedException {
        try (LocalEnclave local = new LocalEnclave(); Terminal _ = terminalOf(request)) {
            RunningTool tool = local.start(request, streams, notesOf(request, notes));
            watchSize(request, tool::resize);
            int status = tool.waitForExit();
            if (tool.verdict() != null) {
                notes.accept(tool.verdict());
            }
            tell(tool.counters());
            return status;
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the main thread", e);
        }
    }

    private int converse(SessionClient client, ToolRequest request, Streams streams, Consumer<String> notes) throws IOException, RefusedException {
        try (Terminal _ = terminalOf(request)) {
            watchSize(request, client::resize);
            int status = client.run(request, streams.input(), streams.output(), streams.error(), notesOf(request, notes));
            tell(client.counters());
            return status;
        }
    }

    private void tell(Counters counters) {
        counted = counters;
        if (statistics.get() && !json.get()) {
            counters.lines().forEach(VmOptions::note);
        }
    }

    /** This process's terminal, passing on every key, where the command is to have one; else null. */
    private static Terminal terminalOf(ToolRequest request) {
        return request.terminal() == null ? null : Terminal.raw(0);
    }

    /** A raw terminal does not return its carriage by itself. */
    private static Consumer<String> notesOf(ToolRequest request, Consumer<String> notes) {
        return request.terminal() == null ? notes : line -> System.err.print("scwatcher: " + line + "\r\n");
    }

    private interface Resizing {
        void to(ToolRequest.Size size) throws IOException;
    }

    /** There is no SIGWINCH for Java programs; a few looks a second are as good for people. */
    private static void watchSize(ToolRequest request, Resizing resizing) {
        if (request.terminal() == null) {
            return;
        }
        Thread.ofPlatform().daemon().name("window-size").start(() -> {
            ToolRequest.Size known = request.terminal();
            try {
                while (true) {
                    Thread.sleep(SIZE_MILLIS);
                    Terminal.Size now = Terminal.size(1);
                    ToolRequest.Size size = new ToolRequest.Size(now.rows(), now.columns());
                    if (!size.equals(known)) {
                        known = size;
                        resizing.to(size);
                    }
                }
            } catch (InterruptedException | IOException e) {
                // The command is over.
            }
        });
    }
}
