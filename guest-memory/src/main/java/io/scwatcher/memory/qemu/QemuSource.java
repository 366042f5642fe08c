package io.scwatcher.memory.qemu;

import com.fasterxml.jackson.databind.JsonNode;
import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.GuestMemoryException;
import io.scwatcher.memory.block.Block;
import io.scwatcher.memory.block.BlockMemory;
import io.scwatcher.memory.qemu.FlatView.Section;
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
            return open(qmp, socket, qmp.peerPid());
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
                    new BlockMemory.Source(Optional.of(control), control::isRunning, Optional.empty(), close));
        } catch (RuntimeException e) {
            host.close();
            throw e;
        }
    }

    private static List<Block> blocks(QmpClient qmp, HostMemory host) {
        List<String> backends = new ArrayList<>();
        for (JsonNode backend : qmp.execute("query-memdev")) {
            backends.add(backend.path("id").asText());
        }
        List<Block> blocks = new ArrayList<>();
        Map<String, Long> regions = new HashMap<>();
        for (Section section : FlatView.ram(qmp.monitor("info mtree -f -o"), backends)) {
            long base = regions.computeIfAbsent(section.region(), name -> hostAddress(qmp, section) - section.offset());
            host.addBlocks(section.range(), base + section.offset(), blocks);
        }
        return blocks;
    }

    private static long hostAddress(QmpClient qmp, Section section) {
        String answer = qmp.monitor("gpa2hva %#x".formatted(section.range().start()));
        Matcher match = HOST_ADDRESS.matcher(answer.strip());
        if (!match.find()) {
            throw new GuestMemoryException("QEMU does not say where %s is: %s".formatted(section.region(), answer.strip()));
        }
        return Long.parseUnsignedLong(match.group(1), 16);
    }
}
