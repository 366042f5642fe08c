package io.scwatcher.cli;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The {@code scwatcher} command. Each subcommand is one class; only the one that is asked for is built, since building
 * them all would cost half of a short command's time.
 */
@Command(name = "scwatcher", mixinStandardHelpOptions = true, version = "scwatcher 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        description = {"Runs unmodified Linux tools outside a virtual machine, on what introspection sees inside it.",
            "No agent in the VM, no kernel profile, no restart.", ""},
        footer = {"", "VM is a QEMU process id, a libvirt or testbed name, a QMP socket or a dump file.",
            "'scwatcher COMMAND --help' describes a command. Data goes to stdout, everything else to stderr."})
public final class Main implements Callable<Integer> {
    private static final Map<String, Supplier<Object>> COMMANDS = new TreeMap<>(Map.of(
            "bench", BenchCommand::new,
            "cat", CatCommand::new,
            "demo", DemoCommand::new,
            "fidelity", FidelityCommand::new,
            "mount", MountCommand::new,
            "profile", ProfileCommand::new,
            "run", RunCommand::new,
            "testbed", TestbedCommand::new,
            "vms", VmsCommand::new));

    @Spec
    private CommandSpec spec;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Print the stack trace of a failure.")
    private boolean debug;

    private Main() {}

    public static void main(String[] args) {
        System.exit(run(args));
    }

    /** @return the exit status */
    static int run(String... args) {
        Main main = new Main();
        CommandLine line = new CommandLine(main);
        Supplier<Object> asked = args.length == 0 ? null : COMMANDS.get(args[0]);
        if (asked != null) {
            line.addSubcommand(args[0], asked.get());
        } else {
            COMMANDS.forEach((name, command) -> line.addSubcommand(name, command.get()));
        }
        return line.setExecutionExceptionHandler(new FailureReport(() -> main.debug))
                .setParameterExceptionHandler(new UsageReport())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setStopAtPositional(false)
                .execute(args);
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(System.err);
        return ExitCode.USAGE;
    }
}
