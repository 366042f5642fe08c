package io.scwatcher.cli;

import io.scwatcher.host.enclave.EnclaveException;
import io.scwatcher.host.enclave.EnclaveServer;
import io.scwatcher.host.enclave.LocalEnclave;
import io.scwatcher.host.enclave.WarmEnclave;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** {@code scwatcher enclave}: enclaves that stay warm between commands. */
final class EnclaveCommand extends CommandGroup {
    private static final int PATIENCE_SECONDS = 60;

    EnclaveCommand() {
        super("enclave", "Keeps an enclave running, so that commands start at once and find their code decoded and compiled.",
                "'scwatcher run' uses one that runs.");
        add(new Start());
        add(new Stop());
        add(new ListRunning());
        add(new Serve());
    }

    private abstract static class Named extends Command {
        final Supplier<String> name = option(String.class, "--name", "NAME", "The enclave's name.").orElse("default");

        Named(String command, String... description) {
            super(command, description);
        }
    }

    private static final class Start extends Named {
        private final Supplier<Integer> warmUp = option(Integer.class, "--warm-up", "SECONDS",
                "Run common tools in it for that long first, so that later commands find their code compiled.").orElse("0");

        Start() {
            super("start", "Starts an enclave in the background and returns when it is ready.");
        }

        @Override
        public Integer call() throws IOException, InterruptedException {
            WarmEnclave enclave = WarmEnclave.named(name.get());
            if (enclave.answers()) {
                throw new EnclaveException("an enclave named " + enclave.name() + " runs already");
            }
            enclave.prepare();
            String launcher = Path.of(System.getProperty("scwatcher.home"), "scwatcher").toString();
            File log = enclave.log().toFile();
            Process process = new ProcessBuilder("setsid", launcher, "enclave", "serve", "--name", enclave.name())
                    .redirectInput(new File("/dev/null")).redirectOutput(log).redirectError(log).start();
            for (int i = 0; i < PATIENCE_SECONDS * 20; i++) {
                if (enclave.answers()) {
                    WarmUp.run(enclave, Duration.ofSeconds(warmUp.get()));
                    return ExitCode.OK;
                }
                if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
                    throw new EnclaveException("the enclave ended at once: " + Files.readString(log.toPath()).strip());
                }
            }
            process.destroy();
            throw new EnclaveException("the enclave was not ready after " + PATIENCE_SECONDS + " s; see " + log);
        }
    }

    private static final class Stop extends Command {
        private final Supplier<Boolean> all = flag("--all", "All enclaves of this user.");
        private final Supplier<List<String>> names = operands(0, "NAME");

        Stop() {
            super("stop", "Ends enclaves, and the commands that run in them. Without a name: the one named default.");
        }

        @Override
        public Integer call() throws IOException {
            List<WarmEnclave> enclaves = all.get() ? WarmEnclave.running()
                    : (names.get().isEmpty() ? List.of("default") : names.get()).stream().map(WarmEnclave::named).toList();
            for (WarmEnclave enclave : enclaves) {
                enclave.stop();
            }
            return ExitCode.OK;
        }
    }

    private static final class ListRunning extends Command {
        private final Supplier<Boolean> json = flag("--json", "Print a JSON array.");

        ListRunning() {
            super("list", "Lists the enclaves of this user.");
        }

        @Override
        public Integer call() throws IOException {
            List<WarmEnclave> running = WarmEnclave.running();
            if (json.get()) {
                Json.print(running.stream().map(one -> Map.of("name", one.name(), "pid", one.pid(), "socket", one.socket())).toList());
                return ExitCode.OK;
            }
            System.out.printf("%-20s %8s  %s%n", "NAME", "PID", "SOCKET");
            for (WarmEnclave enclave : running) {
                System.out.printf("%-20s %8d  %s%n", enclave.name(), enclave.pid(), enclave.socket());
            }
            return ExitCode.OK;
        }
    }

    private static final class Serve extends Named {
        Serve() {
            super("serve", "Serves in the foreground; what 'start' starts in the background.");
        }

        @Override
        public Integer call() throws IOException {
            try (LocalEnclave local = new LocalEnclave()) {
                local.sweepFromTimeToTime();
                new EnclaveServer(WarmEnclave.named(name.get()), local, VmOptions::note).serve();
            }
            return ExitCode.OK;
        }
    }
}
