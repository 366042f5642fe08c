package io.scwatcher.testbed;

import io.scwatcher.testbed.GuestOptions.Acceleration;
import io.scwatcher.testbed.GuestOptions.Machine;
import io.scwatcher.testbed.GuestOptions.MemoryBacking;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The testbed's own command line, for its developers; users have {@code scwatcher testbed}. */
public final class Main {
    private Main() {
    }

    public static void main(String[] arguments) {
        try {
            System.exit(run(new ArrayList<>(Arrays.asList(arguments))));
        } catch (TestbedException e) {
            System.err.println("testbed: " + e.getMessage());
            System.exit(1);
        }
    }

    private static int run(List<String> words) {
        switch (words.isEmpty() ? "" : words.removeFirst()) {
            case "up" -> System.out.println(new Testbed(line -> System.err.println("testbed: " + line)).up(options(words)).pid());
            case "down" -> words.forEach(name -> Guest.byName(name).close());
            case "list" -> Guest.list().forEach(guest -> System.out.println(guest.properties()));
            case "dump" -> Guest.byName(words.get(0)).dump(Path.of(words.get(1)));
            case "exec" -> {
                return Guest.byName(words.removeFirst()).exec(words, System.in, System.out, System.err);
            }
            default -> {
                System.err.println("usage: testbed up [OPTION...] | down NAME... | list | exec NAME COMMAND [ARGUMENT...] | dump NAME FILE");
                return 64;
            }
        }
        return 0;
    }

    static GuestOptions options(List<String> words) {
        GuestOptions options = GuestOptions.defaults("testbed");
        for (int i = 0; i < words.size(); i += 2) {
            String option = words.get(i);
            if (option.equals("--rootkit")) {
                options = options.withRootkit();
                i--;
                continue;
            }
            if (i + 1 >= words.size()) {
                throw new TestbedException("the option " + option + " needs a value");
            }
            options = with(options, option, words.get(i + 1));
        }
        return options;
    }

    private static GuestOptions with(GuestOptions options, String option, String value) {
        try {
            return switch (option) {
                case "--name" -> new GuestOptions(value, options.uuid(), options.kernel(), options.machine(), options.cpus(),
                        options.memoryMiB(), options.pagingLevels(), options.memory(), options.acceleration(),
                        options.population(), options.bootTimeoutSeconds(), options.kernelArguments(), options.qemuArguments());
                case "--kernel" -> options.withKernel(value);
                case "--kernel-flavour" -> options.withKernelFlavour(value);
                case "--machine" -> options.withMachine(Machine.valueOf(value.toUpperCase(Locale.ROOT)));
                case "--cpus" -> options.withCpus(Integer.parseInt(value));
                case "--memory" -> options.withMemoryMiB(Integer.parseInt(value));
                case "--paging" -> options.withPagingLevels(Integer.parseInt(value));
                case "--memory-backing" -> options.withMemory(MemoryBacking.valueOf(value.toUpperCase(Locale.ROOT)));
                case "--accel" -> options.withAcceleration(Acceleration.valueOf(value.toUpperCase(Locale.ROOT)));
                case "--population" -> value.equals("none") ? options.withoutPopulation() : options;
                case "--tasks" -> options.withTasks(Integer.parseInt(value));
                case "--sockets" -> options.withSockets(Integer.parseInt(value));
                case "--timeout" -> options.withBootTimeoutSeconds(Integer.parseInt(value));
                default -> throw new TestbedException("unknown option " + option);
            };
        } catch (IllegalArgumentException e) {
            throw new TestbedException("the option " + option + " does not take the value " + value, e);
        }
    }
}
