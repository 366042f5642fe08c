package io.scwatcher.cli;

import io.scwatcher.testbed.Guest;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** {@code scwatcher testbed}: real test VMs. */
final class TestbedCommand extends CommandGroup {
    TestbedCommand() {
        super("testbed", "Boots real VMs to try things on: QEMU guests made of the distribution's kernels and packages.");
        add(new TestbedUpCommand());
        add(new Down());
        add(new ListGuests());
        add(new Exec());
        add(new Dump());
    }

    private static final class Down extends Command {
        private final Supplier<Boolean> all = flag("--all", "All guests of this user.");
        private final Supplier<List<String>> names = operands(0, "NAME");

        Down() {
            super("down", "Switches guests off.");
        }

        @Override
        public Integer call() {
            if (names.get().isEmpty() != all.get()) {
                throw wrong("name the guests, or say --all");
            }
            List<Guest> guests = all.get() ? Guest.list() : names.get().stream().map(Guest::byName).toList();
            guests.forEach(Guest::close);
            return ExitCode.OK;
        }
    }

    private static final class ListGuests extends Command {
        private final Supplier<Boolean> json = flag("--json", "Print a JSON array.");

        ListGuests() {
            super("list", "Lists the running guests.");
        }

        @Override
        public Integer call() {
            List<Guest> guests = Guest.list();
            if (json.get()) {
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

    private static final class Exec extends Command {
        private final Supplier<String> name = operand(String.class, "NAME");
        private final Supplier<List<String>> command = operands(1, "COMMAND");

        Exec() {
            super("exec", "Runs a command in a guest; its exit status is the command's.");
        }

        @Override
        public Integer call() {
            int status = Guest.byName(name.get()).exec(command.get(), System.in, System.out, System.err);
            System.out.flush();
            return status;
        }
    }

    private static final class Dump extends Command {
        private final Supplier<String> name = operand(String.class, "NAME");
        private final Supplier<Path> file = operand(Path.class, "FILE");

        Dump() {
            super("dump", "Writes an ELF dump of a guest's memory; the guest stands still meanwhile.");
        }

        @Override
        public Integer call() {
            Guest.byName(name.get()).dump(file.get());
            return ExitCode.OK;
        }
    }
}
