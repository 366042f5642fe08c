package io.scwatcher.memory.qemu;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the QMP sockets of a process, and the process of a QMP socket. */
public final class QmpSockets {
    /** __SO_ACCEPTCON, the flag of a listening socket in {@code /proc/net/unix}. */
    private static final String LISTENING = "00010000";

    private QmpSockets() {}

    /** Sockets that can be QMP, the likeliest first. */
    public static List<Path> of(int pid, CommandLine options) {
        Set<String> names = new LinkedHashSet<>();
        for (String value : options.values("qmp", "qmp-pretty")) {
            if (value.startsWith("unix:")) {
                Map<String, String> parts = CommandLine.parse(value.substring(5), "path");
                names.add(parts.getOrDefault("path", ""));
            }
        }
        Set<String> control = new HashSet<>();
        for (Map<String, String> monitor : options.parsed("mon")) {
            if (monitor.getOrDefault("mode", "").equals("control")) {
                control.add(monitor.get("chardev"));
            }
        }
        for (Map<String, String> device : options.parsed("chardev")) {
            if (control.contains(device.get("id")) && device.containsKey("path")) {
                names.add(device.get("path"));
            }
        }
        // A socket that the command line gives to something else is left alone: connecting would disturb it.
        Listening listening = Listening.in(pid);
        for (String inode : socketsOf(pid)) {
            String name = listening.nameByInode(inode);
            if (name != null && !options.mentions(name)) {
                names.add(name);
            }
        }
        names.remove("");
        return names.stream().flatMap(name -> reachable(pid, name).stream()).toList();
    }

    /** The process that serves a socket, or {@code peer} if nothing better is known. */
    static int owner(Path socket, int peer) {
        String inode = Listening.in(peer > 0 ? peer : (int) ProcessHandle.current().pid())
                .inodeByName(socket.toAbsolutePath().normalize().toString());
        if (inode == null || peer > 0 && socketsOf(peer).contains(inode)) {
            return peer;
        }
        // The one that called listen(2) handed the socket over, as libvirt does.
        return ProcessHandle.allProcesses()
                .filter(process -> socketsOf((int) process.pid()).contains(inode))
                .findFirst().map(process -> (int) process.pid()).orElse(peer);
    }

    /** The process may see other files than we do: its own working directory, its own root. */
    private static List<Path> reachable(int pid, String name) {
        List<Path> paths = new ArrayList<>();
        if (name.startsWith("/")) {
            paths.add(Path.of(name));
            paths.add(Path.of("/proc/" + pid + "/root" + name));
        } else {
            paths.add(Path.of("/proc/" + pid + "/cwd/" + name));
        }
        return paths.stream().filter(Files::exists).limit(1).toList();
    }

    private static Set<String> socketsOf(int pid) {
        Set<String> inodes = new HashSet<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            for (Path descriptor : descriptors) {
                try {
                    String target = Files.readSymbolicLink(descriptor).toString();
                    if (target.startsWith("socket:[")) {
                        inodes.add(target.substring(8, target.length() - 1));
                    }
                } catch (IOException e) {
                    // Closed meanwhile.
                }
            }
        } catch (IOException e) {
            // Gone, or not ours to see: it has no socket that we could use.
        }
        return inodes;
    }

    /** The listening sockets in a process's network namespace. */
    private record Listening(List<String[]> rows) {
        static Listening in(int pid) {
            List<String[]> rows = new ArrayList<>();
            try {
                for (String line : Files.readAllLines(
                        Path.of("/proc/" + pid + "/net/unix"), StandardCharsets.ISO_8859_1)) {
                    // Num RefCount Protocol Flags Type St Inode Path
                    String[] field = line.trim().split("\\s+", 8);
                    if (field.length == 8 && field[3].equals(LISTENING) && field[7].startsWith("/")) {
                        rows.add(field);
                    }
                }
            } catch (IOException e) {
                return new Listening(List.of());
            }
            return new Listening(rows);
        }

        String nameByInode(String inode) {
            return rows.stream().filter(r -> r[6].equals(inode)).map(r -> r[7]).findFirst().orElse(null);
        }

        String inodeByName(String name) {
            return rows.stream().filter(r -> r[7].equals(name)).map(r -> r[6]).findFirst().orElse(null);
        }
    }
}
