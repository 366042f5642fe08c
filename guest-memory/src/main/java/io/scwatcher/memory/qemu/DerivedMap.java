package io.scwatcher.memory.qemu;

import io.scwatcher.memory.GuestMemoryException;
import io.scwatcher.memory.PhysicalRange;
import io.scwatcher.memory.block.Block;
import io.scwatcher.memory.block.BlockMemory;
import io.scwatcher.memory.firmware.FirmwareTables;
import io.scwatcher.memory.host.ProcMaps.Mapping;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The memory map of a QEMU process that cannot be asked: from its command line and its mappings, then checked against
 * what lies in the memory.
 */
final class DerivedMap {
    private static final long MIB = 1L << 20;
    private static final long DEFAULT_RAM = 128 * MIB;
    private static final int MAX_CANDIDATES = 16;

    private final CommandLine options;
    private final HostMemory host;
    private final int pid;
    private final Map<String, Map<String, String>> backends = new HashMap<>();

    DerivedMap(int pid, CommandLine options, HostMemory host) {
        this.pid = pid;
        this.options = options;
        this.host = host;
        for (Map<String, String> object : options.parsed("object")) {
            if (object.getOrDefault("qom-type", "").startsWith("memory-backend-")) {
                backends.put(object.getOrDefault("id", ""), object);
            }
        }
    }

    /**
     * A map that can be the VM's.
     *
     * @param agrees whether the firmware's tables are where this map says
     */
    record Candidate(List<Block> blocks, boolean agrees) {}

    /** All maps that fit, the likeliest first; those that the memory's content confirms stand before the others. */
    List<Candidate> candidates() {
        List<Candidate> found = new ArrayList<>();
        long size = ramSize();
        MachineMap expected = MachineMap.of(options, size);
        List<List<Mapping>> choices = placesOfRam(size);
        for (MachineMap map : expected.alternatives()) {
            for (List<Mapping> ram : choices) {
                List<Block> blocks = new ArrayList<>();
                map.parts().forEach(part -> addBlocks(part.range(), part.offset(), ram, blocks));
                addDevices(map, blocks);
                if (!blocks.isEmpty() && found.size() < MAX_CANDIDATES) {
                    found.add(new Candidate(blocks, isConfirmed(blocks, map.low())));
                }
            }
        }
        // The sort is stable: among equals the machine type's own rule comes first.
        found.sort(Comparator.comparing(Candidate::agrees).reversed());
        if (found.isEmpty()) {
            throw new GuestMemoryException(("QEMU process %d has no mapping of %d MiB, the RAM of its command line; "
                    + "give QEMU a free QMP socket").formatted(pid, size / MIB));
        }
        return found;
    }

    private static boolean isConfirmed(List<Block> blocks, long low) {
        BlockMemory memory = new BlockMemory("", blocks, BlockMemory.Source.dump(Optional.empty(), () -> {}));
        return new FirmwareTables(memory).agreeWith(low);
    }

    private long ramSize() {
        long size = DEFAULT_RAM;
        for (Map<String, String> memory : options.parsed("m")) {
            size = CommandLine.size(memory.get("size"), MIB).orElse(size);
        }
        return size + 0x1fff & -0x2000L;
    }

    /** The ways to make the RAM of mappings, each in the order of RAM offsets. */
    private List<List<Mapping>> placesOfRam(long size) {
        List<String> nodes = new ArrayList<>();
        options.parsed("numa").stream().filter(node -> node.containsKey("memdev"))
                .forEach(node -> nodes.add(node.get("memdev")));
        if (nodes.isEmpty()) {
            options.parsed("machine", "M").stream().map(machine -> machine.get("memory-backend"))
                    .filter(backend -> backend != null).forEach(nodes::add);
        }
        if (nodes.isEmpty()) {
            return places(size, Optional.empty());
        }
        List<List<Mapping>> all = List.of(List.of());
        for (String node : nodes) {
            List<List<Mapping>> longer = new ArrayList<>();
            for (List<Mapping> before : all) {
                for (List<Mapping> place : placesOf(node)) {
                    if (place.stream().noneMatch(before::contains)) {
                        List<Mapping> joined = new ArrayList<>(before);
                        joined.addAll(place);
                        longer.add(joined);
                    }
                }
            }
            all = longer.subList(0, Math.min(longer.size(), MAX_CANDIDATES));
        }
        return all;
    }

    private List<List<Mapping>> placesOf(String backend) {
        Map<String, String> object = backends.getOrDefault(backend, Map.of());
        return CommandLine.size(object.get("size"), 1).map(size -> places(size, Optional.of(object)))
                .orElse(List.of());
    }

    /** Runs of mappings that are as long together as the backend, lying one behind the other. */
    private List<List<Mapping>> places(long size, Optional<Map<String, String>> backend) {
        List<List<Mapping>> places = new ArrayList<>();
        List<Mapping> mappings = host.mappings();
        for (int first = 0; first < mappings.size(); first++) {
            long length = 0;
            for (int last = first; last < mappings.size() && length < size; last++) {
                Mapping next = mappings.get(last);
                if (!next.writable() || !matches(next, backend)
                        || last > first && !continues(mappings.get(last - 1), next)) {
                    break;
                }
                length += next.length();
                if (length == size) {
                    places.add(mappings.subList(first, last + 1));
                } else if (last == first && length > size && next.inode() == 0) {
                    // Joined with a neighbour. Behind its RAM QEMU leaves a guard page, so RAM is the end of it.
                    places.add(List.of(new Mapping(next.end() - size, next.end(), next.permissions(), 0,
                            next.device(), 0, next.path())));
                }
            }
        }
        places.sort(Comparator.comparing(place -> !mappings.contains(place.getFirst())));
        return places;
    }

    private static boolean matches(Mapping mapping, Optional<Map<String, String>> backend) {
        String type = backend.map(object -> object.get("qom-type")).orElse("");
        if (mapping.path().startsWith("[")) {
            return false;
        }
        return switch (type) {
            case "memory-backend-ram" -> mapping.inode() == 0 || mapping.path().startsWith("/dev/zero");
            case "memory-backend-memfd" -> mapping.path().startsWith("/memfd:");
            case "memory-backend-file" -> mapping.path().startsWith(backend.get().getOrDefault("mem-path", "/"));
            default -> true;
        };
    }

    private static boolean continues(Mapping before, Mapping next) {
        return before.end() == next.start() && before.inode() == next.inode()
                && before.permissions().equals(next.permissions())
                && (next.inode() == 0 || before.offset() + before.length() == next.offset());
    }

    /** Memory devices of the command line; those plugged later are known to QMP only. */
    private void addDevices(MachineMap map, List<Block> blocks) {
        long free = map.deviceMemory();
        for (Map<String, String> device : options.parsed("device")) {
            String driver = device.getOrDefault("driver", "");
            if (!driver.equals("pc-dimm") && !driver.equals("nvdimm")) {
                continue;
            }
            for (List<Mapping> place : placesOf(device.getOrDefault("memdev", "")).stream().limit(1).toList()) {
                long size = place.stream().mapToLong(Mapping::length).sum();
                long address = CommandLine.size(device.get("addr"), 1).orElse(MachineMap.alignDevice(free));
                addBlocks(new PhysicalRange(address, size), 0, place, blocks);
                free = address + size;
            }
        }
    }

    private void addBlocks(PhysicalRange range, long offset, List<Mapping> backing, List<Block> blocks) {
        long at = 0;
        for (Mapping mapping : backing) {
            long start = Math.max(offset, at);
            long end = Math.min(offset + range.length(), at + mapping.length());
            if (start < end) {
                host.addBlocks(new PhysicalRange(range.start() + (start - offset), end - start),
                        mapping.start() + (start - at), blocks);
            }
            at += mapping.length();
        }
    }
}
