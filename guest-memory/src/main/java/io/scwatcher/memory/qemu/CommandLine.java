package io.scwatcher.memory.qemu;

import io.scwatcher.memory.GuestMemoryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The command line of a QEMU process, from {@code /proc/PID/cmdline}. See qemu(1). */
public final class CommandLine {
    /** The name of the first part of an option's value, when it is written without one. */
    private static final Map<String, String> IMPLIED = Map.of("machine", "type", "M", "type", "m", "size",
            "object", "qom-type", "device", "driver", "chardev", "backend", "mon", "chardev", "numa", "type",
            "name", "guest");

    private record Option(String name, String value) {}

    private final List<Option> options = new ArrayList<>();

    CommandLine(List<String> arguments) {
        for (int i = 1; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.startsWith("-") && argument.length() > 1) {
                String name = argument.substring(argument.startsWith("--") ? 2 : 1);
                boolean hasValue = i + 1 < arguments.size() && !arguments.get(i + 1).startsWith("-");
                options.add(new Option(name, hasValue ? arguments.get(++i) : ""));
            }
        }
    }

    /** @throws GuestMemoryException if there is no such process, or it is no QEMU */
    public static CommandLine of(int pid) {
        try {
            Path process = Path.of("/proc/" + pid);
            List<String> arguments = List.of(
                    Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1).split("\0"));
            String program = Path.of(arguments.getFirst().split(" ")[0]).getFileName() + " " + executable(process);
            if (!program.contains("qemu") && !program.contains("kvm")) {
                throw new GuestMemoryException("Process %d (%s) is not QEMU; `scwatcher vms` lists the VMs of this host"
                        .formatted(pid, Files.readString(process.resolve("comm")).strip()));
            }
            return new CommandLine(arguments);
        } catch (NoSuchFileException e) {
            throw new GuestMemoryException(
                    "There is no process %d; `scwatcher vms` lists the VMs of this host".formatted(pid), e);
        } catch (IOException e) {
            throw new GuestMemoryException(
                    "Cannot look at process %d: %s; run as root".formatted(pid, e.getMessage()), e);
        }
    }

    private static String executable(Path process) {
        try {
            return String.valueOf(Files.readSymbolicLink(process.resolve("exe")).getFileName());
        } catch (IOException e) {
            return "";
        }
    }

    /** The values of an option in their order, as written. */
    public List<String> values(String... names) {
        List<String> wanted = List.of(names);
        return options.stream().filter(o -> wanted.contains(o.name)).map(Option::value).toList();
    }

    /** The values of an option in their order, in parts. */
    public List<Map<String, String>> parsed(String... names) {
        return values(names).stream().map(value -> parse(value, IMPLIED.get(names[0]))).toList();
    }

    /** Whether a text stands anywhere in the command line. */
    boolean mentions(String text) {
        return options.stream().anyMatch(option -> option.value.contains(text));
    }

    /** Splits {@code first,key=value,flag,...}; a doubled comma stands for one. A flag has the value {@code on}. */
    static Map<String, String> parse(String value, String implied) {
        Map<String, String> parts = new LinkedHashMap<>();
        for (String part : value.replace(",,", "\0").split(",")) {
            String text = part.replace('\0', ',');
            int equals = text.indexOf('=');
            if (equals > 0) {
                parts.put(text.substring(0, equals), text.substring(equals + 1));
            } else {
                parts.put(parts.isEmpty() && implied != null ? implied : text, parts.isEmpty() ? text : "on");
            }
        }
        return parts;
    }

    /** A size as QEMU reads it: {@code 2G}, {@code 1.5G}, {@code 512M}, or a plain number of {@code unit} bytes. */
    public static Optional<Long> size(String text, long unit) {
        if (text == null || text.isEmpty()) {
            return Optional.empty();
        }
        int shift = "BKMGTPE".indexOf(Character.toUpperCase(text.charAt(text.length() - 1)));
        String number = shift >= 0 ? text.substring(0, text.length() - 1) : text;
        long factor = shift >= 0 ? 1L << 10 * shift : unit;
        try {
            if (number.startsWith("0x")) {
                return Optional.of(Long.decode(text));
            }
            double size = Double.parseDouble(number) * factor;
            return size >= 1 && size < 0x1p62 ? Optional.of((long) size) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
