package io.scwatcher.memory.qemu;

import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.GuestMemoryException;
import io.scwatcher.memory.block.Block;
import io.scwatcher.memory.block.BlockMemory;
import io.scwatcher.memory.block.SharedClose;
import io.scwatcher.memory.qemu.DerivedMap.Candidate;
import io.scwatcher.memory.qemu.FlatView.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Running QEMU processes. */
public final class QemuSource {
    private static final Pattern HOST_ADDRESS = Pattern.compile("is (?:0x)?([0-9a-f]+)\\s*$");

    private QemuSource() {}

    /** Opens the VM behind a QMP socket. */
    public static GuestMemory open(Path socket) {
        try (QmpClient qmp = QmpClient.connect(socket)) {
            return open(qmp, socket, QmpSockets.owner(socket, qmp.peerPid()));
        }
    }

    /**
     * Opens a QEMU process: by its QMP socket if one is free, else with a derived map.
     *
     * @return the likeliest first, if a derived map is ambiguous; the caller closes all
     */
    public static List<GuestMemory> open(int pid) {
        CommandLine options = CommandLine.of(pid);
        String why = "it has no QMP socket";
        for (Path socket : QmpSockets.of(pid, options)) {
            try (QmpClient qmp = QmpClient.connect(socket)) {
                return List.of(open(qmp, socket, pid));
            } catch (GuestMemoryException e) {
                why = "its QMP socket is busy or closed";
            }
        }
        return derived(pid, options, why);
    }

    private static List<GuestMemory> derived(int pid, CommandLine options, String why) {
        HostMemory host = new HostMemory(pid);
        try {
            List<Candidate> candidates = new DerivedMap(pid, options, host).candidates();
            if (candidates.getFirst().agrees()) {
                // What the firmware's tables confirm needs no alternative.
                candidates = candidates.subList(0, 1);
            }
            Runnable close = new SharedClose(candidates.size(), host::close);
            List<GuestMemory> memories = new ArrayList<>();
            for (Candidate candidate : candidates) {
                String description = "QEMU process %d, %s, map derived from the command line (%s), %s".formatted(
                        pid, host.describe(), why,
                        candidate.agrees() ? "confirmed by the ACPI tables" : "not confirmed");
                memories.add(new BlockMemory(description, candidate.blocks(), new BlockMemory.Source(
                        Optional.empty(), () -> !isStopped(pid), host::check, Optional.empty(), close)));
            }
            return memories;
        } catch (RuntimeException e) {
            host.close();
            throw e;
        }
    }

    private static GuestMemory open(QmpClient qmp, Path socket, int pid) {
        HostMemory host = new HostMemory(pid);
        try {
            List<Block> blocks = blocks(qmp, host);
            if (blocks.isEmpty()) {
                throw new GuestMemoryException("QEMU process %d shows no RAM through %s".formatted(pid, socket));
            }
            QemuControl control = new QemuControl(socket);
            Runnable close = () -> {
                try (host) {
                    control.close();
                }
            };
            return new BlockMemory("QEMU process %d, %s, map from QMP".formatted(pid, host.describe()), blocks,
                    new BlockMemory.Source(Optional.of(control), () -> isLive(control, host, pid), host::check, Optional.empty(), close));
        } catch (RuntimeException e) {
            host.close();
            throw e;
        }
    }

    /** Whoever holds the QMP socket may have paused the VM, or not: then it counts as running, for as long as its process does. */
    private static boolean isLive(QemuControl control, HostMemory host, int pid) {
        if (isStopped(pid)) {
            return false;
        }
        try {
            return control.isRunning();
        } catch (GuestMemoryException noAnswer) {
            host.check();
            return !isStopped(pid);
        }
    }

    /** Whether the whole process is stopped, by SIGSTOP or the freezer: proc_pid_stat(5), field 3. */
    private static boolean isStopped(int pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return "Tt".indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) >= 0;
        } catch (IOException e) {
            throw new GuestMemoryException("QEMU process %d is gone; name the VM again when it runs".formatted(pid), e);
        }
    }

    private static List<Block> blocks(QmpClient qmp, HostMemory host) {
        List<String> backends = new ArrayList<>();
        if (qmp.execute("query-memdev") instanceof List<?> found) {
            found.forEach(backend -> backends.add(String.valueOf(((Map<?, ?>) backend).get("id"))));
        }
        List<Section> sections = FlatView.ram(qmp.monitor("info mtree -f -o"), backends);
        if (sections.isEmpty()) {
            // Old versions do not know -o.
            sections = FlatView.ram(qmp.monitor("info mtree -f"), backends);
        }
        List<Block> blocks = new ArrayList<>();
        Map<String, Long> regions = new HashMap<>();
        for (Section section : sections) {
            long base = regions.computeIfAbsent(section.region(), name -> hostAddress(qmp, section) - section.offset());
            host.addBlocks(section.range(), base + section.offset(), blocks);
        }
        return blocks;
    }

    private static long hostAddress(QmpClient qmp, Section section) {
        String answer = qmp.monitor("gpa2hva %#x".formatted(section.range().start()));
        Matcher match = HOST_ADDRESS.matcher(answer.strip());
        if (!match.find()) {
            throw new GuestMemoryException(
                    "QEMU does not say where %s is: %s".formatted(section.region(), answer.strip()));
        }
        return Long.parseUnsignedLong(match.group(1), 16);
    }
}
