package io.scwatcher.cli;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.ScopeType;

/**
 * The {@code scwatcher} command. Each subcommand is one class; only the one that is asked for is made, so that a short
 * command's start does not pay for the others.
 */
public final class Main extends CommandGroup {
    private static final Map<String, Supplier<Command>> COMMANDS = new TreeMap<>(Map.ofEntries(
            Map.entry("agent", AgentCommand::new),
            Map.entry("attest", AttestCommand::new),
            Map.entry("bench", BenchCommand::new),
            Map.entry("bundle", BundleCommand::new),
            Map.entry("cat", CatCommand::new),
            Map.entry("demo", DemoCommand::new),
            Map.entry("enclave", EnclaveCommand::new),
            Map.entry("fidelity", FidelityCommand::new),
            Map.entry("mount", MountCommand::new),
            Map.entry("profile", ProfileCommand::new),
            Map.entry("relay", RelayCommand::new),
            Map.entry("run", RunCommand::new),
            Map.entry("runtime", RuntimeCommand::new),
            Map.entry("testbed", TestbedCommand::new),
            Map.entry("train", TrainCommand::new),
            Map.entry("vms", VmsCommand::new)));

    private final Supplier<Boolean> debug = flag(ScopeType.INHERIT, "--debug", "Print the stack trace of a failure.");

    private Main(String... args) {
        super("scwatcher", "Runs unmodified Linux tools outside a virtual machine, on what introspection sees inside it.",
                "No agent in the VM, no kernel profile, no restart.", "");
        footer("", "VM is a QEMU process id, a libvirt or testbed name, a QMP socket, a dump file or an agent's address (agent://HOST:PORT).",
                "'scwatcher COMMAND --help' describes a command. Data goes to stdout, everything else to stderr.");
        Supplier<Command> asked = args.length == 0 ? null : COMMANDS.get(args[0]);
        if (asked != null) {
            add(asked.get());
        } else {
            COMMANDS.values().forEach(command -> add(command.get()));
        }
    }

    public static void main(String[] args) {
        int status = run(args);
        // Runtime.exit asks the logging system first, which takes 5 ms to start.
        if (status != ExitCode.OK) {
            System.exit(status);
        }
    }

    /** @return the exit status */
    static int run(String... args) {
        Main main = new Main(args);
        return new CommandLine(main.spec()).setExecutionExceptionHandler(new FailureReport(main.debug::get))
                .setParameterExceptionHandler(new UsageReport())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setStopAtPositional(false)
                .execute(args);
    }
}
