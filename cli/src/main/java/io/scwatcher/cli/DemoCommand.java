package io.scwatcher.cli;

import io.scwatcher.testbed.ExecResult;
import io.scwatcher.testbed.Guest;
import io.scwatcher.testbed.GuestOptions;
import io.scwatcher.testbed.Testbed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** {@code scwatcher demo}: a rootkit hides things from a VM's own tools; the same tools outside find them. */
final class DemoCommand extends Command {
    private static final List<String> PROCESSES = List.of("ps", "-e", "-o", "pid=,user=,args=");
    private static final String SIMULATION = "simulation";
    private static final List<String> LISTENERS = List.of("netstat", "-ltn");

    private final Supplier<String> kernel = option(String.class, "--kernel", "VERSION", "The VM's kernel.").orElse("6.1");
    private final Supplier<Boolean> keep = flag("--keep", "Leave the VM running afterwards, to look around in it.");

    DemoCommand() {
        super("demo", "Boots a VM in which a user-space rootkit hides a process and a listening port, shows what the VM's own"
                + " ps and netstat print and what the same unmodified tools print outside, in the OS emulation layer, and the difference.",
                "The first run downloads a kernel and packages.", "");
        showDefaults();
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        String name = "demo-" + ProcessHandle.current().pid();
        heading("A VM boots. Nothing in it is prepared for SCwatcher; a rootkit is preloaded into its programs.");
        Guest guest = new Testbed(VmOptions::note).up(GuestOptions.defaults(name).withKernel(kernel.get()).withRootkit());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (!keep.get()) {
                guest.close();
            }
        }));
        heading("What is known about it from its memory alone");
        System.out.print(outside(name, List.of("profile", "--vm", name)));

        int hidden = compare(guest, "processes", PROCESSES) + compare(guest, "listening TCP sockets", LISTENERS);

        heading("The host's own tools, natively, on the VM");
        for (String tool : List.of("uname -n", "uptime", "free -m", "top -bn1 -w 100")) {
            String[] words = tool.split(" ");
            System.out.println("$ scwatcher run --vm " + name + " --runtime native -- " + tool);
            first(12, lines(run(name, "native", Arrays.asList(words))));
        }
        heading(hidden > 0 ? "Found " + hidden + " things that the VM's own tools were made to hide."
                : "Nothing was hidden: the rootkit did not work in this VM.");
        System.out.println("Nothing was installed in the VM, and no debug information of its kernel was used. ps and netstat were the"
                + " distribution's own binaries, run by a JVM without one system call of this host. Whoever controls the host could"
                + " still falsify them: the enclave around that JVM is to come.");
        if (keep.get()) {
            System.out.println("The VM goes on: scwatcher testbed exec " + name + " COMMAND, scwatcher testbed down " + name);
        }
        return hidden > 0 ? ExitCode.OK : 1;
    }

    /** Runs a command inside before and after running it outside, and shows the lines that only the outside has. */
    private static int compare(Guest guest, String what, List<String> command) throws IOException, InterruptedException {
        String typed = String.join(" ", command);
        List<String> inside = new ArrayList<>(keys(inside(guest, command)));
        List<String> outside = lines(run(guest.name(), SIMULATION, command));
        inside.addAll(keys(inside(guest, command)));
        List<String> again = keys(lines(run(guest.name(), SIMULATION, command)));
        List<String> hidden = outside.stream()
                .filter(line -> !inside.contains(key(line)) && again.contains(key(line))).toList();

        heading("Inside the VM: " + typed);
        List<String> shown = inside(guest, command);
        first(10, shown);
        System.out.println("(" + shown.size() + " lines)");
        heading("Outside: scwatcher run --vm " + guest.name() + " -- " + typed);
        first(10, outside);
        System.out.println("(" + outside.size() + " lines)");
        heading("Hidden " + what + ": in the VM's memory, not in its own tools' output");
        hidden.forEach(line -> System.out.println("  >>> " + line.strip()));
        return hidden.size();
    }

    private static List<String> inside(Guest guest, List<String> command) {
        ExecResult result = guest.exec(command, new byte[0]);
        return lines(result.output());
    }

    private static List<String> keys(List<String> lines) {
        return lines.stream().map(DemoCommand::key).toList();
    }

    /** What tells lines apart however the columns are laid out: for ps the process id, for netstat all but the queues. */
    private static String key(String line) {
        String[] words = line.strip().split("\\s+");
        return words[0].matches("[0-9]+") ? words[0] : String.join(" ", words);
    }

    private static String run(String vm, String runtime, List<String> command) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("run", "--vm", vm, "--runtime", runtime, "--"));
        arguments.addAll(command);
        return outside(vm, arguments);
    }

    /** Runs this very program as a user would. */
    private static String outside(String vm, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("scwatcher.home"), "scwatcher").toString());
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("scwatcher " + String.join(" ", arguments) + " failed on " + vm);
        }
        return output;
    }

    private static List<String> lines(String text) {
        return text.lines().toList();
    }

    private static void first(int count, List<String> lines) {
        lines.stream().limit(count).forEach(line -> System.out.println("  " + (line.length() > 110 ? line.substring(0, 107) + "..." : line)));
        if (lines.size() > count) {
            System.out.println("  ...");
        }
    }

    private static void heading(String text) {
        System.out.println();
        System.out.println("== " + text);
    }
}
