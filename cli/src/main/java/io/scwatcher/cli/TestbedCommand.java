package io.scwatcher.cli;

import io.scwatcher.testbed.Guest;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code scwatcher testbed}: real test VMs. */
@Command(name = "testbed", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND",
        description = "Boots real VMs to try things on: QEMU guests made of the distribution's kernels and packages.",
        subcommands = {TestbedUpCommand.class, TestbedCommand.Down.class, TestbedCommand.ListGuests.class,
            TestbedCommand.Exec.class, TestbedCommand.Dump.class})
final class TestbedCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(System.err);
        return ExitCode.USAGE;
    }

    @Command(name = "down", mixinStandardHelpOptions = true, description = "Switches guests off.")
    static final class Down implements Callable<Integer> {
        @Option(names = "--all", description = "All guests of this user.")
        private boolean all;

        @Parameters(arity = "0..*", paramLabel = "NAME")
        private List<String> names = List.of();

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            if (names.isEmpty() != all) {
                throw new picocli.CommandLine.ParameterException(spec.commandLine(), "name the guests, or say --all");
            }
            List<Guest> guests = all ? Guest.list() : names.stream().map(Guest::byName).toList();
            guests.forEach(Guest::close);
            return ExitCode.OK;
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the running guests.")
    static final class ListGuests implements Callable<Integer> {
        @Option(names = "--json", description = "Print a JSON array.")
        private boolean json;

        @Override
        public Integer call() {
            List<Guest> guests = Guest.list();
            if (json) {
                Json.print(guests.stream().map(Guest::properties).toList());
                return ExitCode.OK;
            }
            System.out.printf("%-20s %8s  %-28s %-5s %4s %8s %6s %s%n",
                    "NAME", "PID", "KERNEL", "MACH", "CPUS", "MEMORY", "LEVELS", "RAM");
            for (Guest guest : guests) {
                var properties = guest.properties();
                System.out.printf("%-20s %8d  %-28s %-5s %4s %5s MB %6s %s%n", guest.name(), guest.pid(), guest.release(),
                        properties.get("machine"), properties.get("cpus"), properties.get("memoryMiB"),
                        properties.get("pagingLevels"), properties.get("memory"));
            }
            return ExitCode.OK;
        }
    }

    @Command(name = "exec", mixinStandardHelpOptions = true,
            description = "Runs a command in a guest; its exit status is the command's.")
    static final class Exec implements Callable<Integer> {
        @Parameters(index = "0", paramLabel = "NAME")
        private String name;

        @Parameters(index = "1..*", arity = "1..*", paramLabel = "COMMAND")
        private List<String> command;

        @Override
        public Integer call() {
            int status = Guest.byName(name).exec(command, System.in, System.out, System.err);
            System.out.flush();
            return status;
        }
    }

    @Command(name = "dump", mixinStandardHelpOptions = true,
            description = "Writes an ELF dump of a guest's memory; the guest stands still meanwhile.")
    static final class Dump implements Callable<Integer> {
        @Parameters(index = "0", paramLabel = "NAME")
        private String name;

        @Parameters(index = "1", paramLabel = "FILE")
        private Path file;

        @Override
        public Integer call() {
            Guest.byName(name).dump(file);
            return ExitCode.OK;
        }
    }
}
