package io.scwatcher.host;

import io.scwatcher.channel.session.AgentAddress;
import io.scwatcher.host.FoundVm.Attachment;
import io.scwatcher.memory.GuestMemoryException;
import io.scwatcher.memory.qemu.CommandLine;
import io.scwatcher.memory.qemu.QmpSockets;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The VMs of this host. */
public final class Vms {
    /** QEMU's name of its own, and those that distributions give it. */
    private static final Pattern EMULATOR = Pattern.compile("qemu-system-\\w+|qemu-kvm|kvm|qemu");
    private static final List<Path> LIBVIRT = List.of(Path.of("/run/libvirt/qemu"), Path.of("/var/run/libvirt/qemu"));
    private static final long DEFAULT_MEMORY = 128 << 20;
    /** A shared mapping this large is guest memory, not a ring buffer. */
    private static final long SMALLEST_SHARED = 32 << 20;
    private static final Pattern SHARED_MAPPING = Pattern.compile("([0-9a-f]+)-([0-9a-f]+) rw.s .* (/.*)");

    private Vms() {}

    /** All QEMU processes that can be seen from here, by process id. */
    public static List<FoundVm> find() {
        Map<Integer, String> libvirt = libvirtNames();
        List<FoundVm> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (isEmulator(process)) {
                    describe(process, libvirt, found);
                }
            }
        } catch (IOException e) {
            throw new GuestMemoryException("Cannot list the processes of this host: " + e.getMessage(), e);
        }
        found.sort(Comparator.comparingInt(FoundVm::pid));
        return found;
    }

    /**
     * Turns what a person calls a VM into what {@link io.scwatcher.memory.GuestMemories} opens: process ids and paths
     * stay; names and UUIDs become process ids.
     *
     * @throws GuestMemoryException one line: for a name that no VM or more than one has, with those there are
     */
    public static String resolve(String vm) {
        if (AgentAddress.isAgent(vm)) {
            throw new GuestMemoryException("a VM of this host is needed here, not one behind an agent");
        }
        if (vm.matches("[1-9][0-9]{0,8}") && Files.exists(Path.of("/proc", vm))) {
            return vm;
        }
        if (vm.contains("/") && Files.exists(Path.of(vm))) {
            return vm;
        }
        List<FoundVm> found = find();
        List<FoundVm> named = found.stream().filter(one -> one.name().equals(vm) || one.uuid().equalsIgnoreCase(vm)).toList();
        if (named.size() > 1) {
            throw new GuestMemoryException("more than one VM is called %s: name one by its process id, %s".formatted(vm,
                    named.stream().map(one -> Integer.toString(one.pid())).collect(Collectors.joining(" or "))));
        }
        if (!named.isEmpty()) {
            return Integer.toString(named.getFirst().pid());
        }
        if (vm.contains("/") || Files.exists(Path.of(vm)) || vm.matches("[0-9]+")) {
            return vm;
        }
        throw new GuestMemoryException("there is no VM called %s, and no such file; %s".formatted(vm, found.isEmpty()
                ? "no QEMU process runs on this host"
                : "VMs: " + found.stream().map(FoundVm::label).collect(Collectors.joining(", "))));
    }

    /** By the program's file; by its name where the link cannot be read. */
    private static boolean isEmulator(Path process) {
        try {
            return EMULATOR.matcher(Files.readSymbolicLink(process.resolve("exe")).getFileName().toString()
                    .replace(" (deleted)", "")).matches();
        } catch (IOException notPermitted) {
            try {
                String program = Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1).split("\0")[0];
                return EMULATOR.matcher(program.substring(program.lastIndexOf('/') + 1)).matches();
            } catch (IOException gone) {
                return false;
            }
        }
    }

    private static void describe(Path process, Map<Integer, String> libvirt, List<FoundVm> found) {
        int pid = Integer.parseInt(process.getFileName().toString());
        try {
            CommandLine options = CommandLine.of(pid);
            List<Path> sockets = QmpSockets.of(pid, options);
            String name = last(options.parsed("name"), "guest");
            found.add(new FoundVm(pid, libvirt.getOrDefault(pid, name),
                    options.values("uuid").stream().reduce("", (first, second) -> second), memory(options),
                    last(options.parsed("machine", "M"), "type"), libvirt.containsKey(pid) ? "libvirt" : "", sockets,
                    attachment(process, sockets)));
        } catch (GuestMemoryException gone) {
            // it ended meanwhile
        }
    }

    private static long memory(CommandLine options) {
        return CommandLine.size(last(options.parsed("m"), "size"), 1 << 20).orElse(DEFAULT_MEMORY);
    }

    /** The last value of an option's part, as QEMU takes it. */
    private static String last(List<Map<String, String>> values, String part) {
        return values.stream().map(value -> value.getOrDefault(part, "")).filter(value -> !value.isEmpty())
                .reduce("", (first, second) -> second);
    }

    private static Attachment attachment(Path process, List<Path> sockets) {
        try (FileChannel memory = FileChannel.open(process.resolve("mem"))) {
            if (!sockets.isEmpty() && hasSharedMemory(process)) {
                return Attachment.SHARED_FILE;
            }
            return sockets.isEmpty() ? Attachment.PROCESS : Attachment.PROCESS_WITH_QMP;
        } catch (IOException e) {
            return Attachment.NOT_PERMITTED;
        }
    }

    private static boolean hasSharedMemory(Path process) throws IOException {
        for (String line : Files.readAllLines(process.resolve("maps"), StandardCharsets.ISO_8859_1)) {
            Matcher mapping = SHARED_MAPPING.matcher(line);
            if (mapping.matches() && Long.parseUnsignedLong(mapping.group(2), 16)
                    - Long.parseUnsignedLong(mapping.group(1), 16) >= SMALLEST_SHARED) {
                return true;
            }
        }
        return false;
    }

    /** libvirt keeps a file NAME.pid for each running VM. */
    private static Map<Integer, String> libvirtNames() {
        Map<Integer, String> names = new HashMap<>();
        for (Path directory : LIBVIRT) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.pid")) {
                for (Path file : files) {
                    String name = file.getFileName().toString();
                    String pid = Files.readString(file).strip();
                    if (pid.matches("[1-9][0-9]{0,8}")) {
                        names.put(Integer.parseInt(pid), name.substring(0, name.length() - ".pid".length()));
                    }
                }
            } catch (IOException none) {
                // no libvirt, or not ours to see: the command line has the name too
            }
        }
        return names;
    }
}
