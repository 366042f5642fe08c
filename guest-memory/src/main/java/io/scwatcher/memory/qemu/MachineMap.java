package io.scwatcher.memory.qemu;

import io.scwatcher.memory.PhysicalRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Where a machine type puts RAM, without asking QEMU: the rules of hw/i386/pc_piix.c (pc_init1), pc_q35.c
 * (pc_q35_init), microvm.c (microvm_memory_init) and pc.c (pc_memory_init).
 *
 * @param low bytes from address 0 on, if the RAM has more the rest starts at 4 GiB
 * @param size bytes of RAM without pluggable devices
 */
record MachineMap(long low, long size) {
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;
    private static final long VGA = 0xa0000;
    private static final long ROMS = 0xc0000;

    /** @param size as {@code -m} asks for it */
    static MachineMap of(CommandLine options, long size) {
        String type = "pc";
        long limit = 0;
        for (Map<String, String> machine : options.parsed("machine", "M")) {
            type = machine.getOrDefault("type", type);
            limit = CommandLine.size(machine.get("max-ram-below-4g"), 1).orElse(limit);
        }
        long low;
        if (type.contains("q35")) {
            low = size >= 0xb000_0000L ? 2 * GIB : 0xb000_0000L;
            low = limit > 0 ? Math.min(low, limit) : low;
        } else if (type.contains("microvm")) {
            low = 3 * GIB;
        } else {
            low = limit > 0 ? limit : 0xe000_0000L;
            // Machine types before 2.0 did not keep to whole gigabytes.
            if (size >= low && !type.matches("pc-(i440fx-1|0|1)\\..*")) {
                low = Math.min(low, 3 * GIB);
            }
        }
        return new MachineMap(Math.min(low, size), size);
    }

    /** All splits that any machine type has, for when its own rule is not known. */
    List<MachineMap> alternatives() {
        List<MachineMap> maps = new ArrayList<>();
        maps.add(this);
        for (long split : new long[] {2 * GIB, 0xb000_0000L, 3 * GIB, 0xe000_0000L, GIB}) {
            MachineMap map = new MachineMap(Math.min(split, size), size);
            if (!maps.contains(map)) {
                maps.add(map);
            }
        }
        return maps;
    }

    /** A run of RAM, and where it starts in the RAM's backing. */
    record Part(PhysicalRange range, long offset) {}

    /** The RAM apart from the window of the VGA adapter. */
    List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        parts.add(new Part(new PhysicalRange(0, Math.min(low, VGA)), 0));
        if (low > ROMS) {
            parts.add(new Part(new PhysicalRange(ROMS, low - ROMS), ROMS));
        }
        if (size > low) {
            parts.add(new Part(new PhysicalRange(4 * GIB, size - low), low));
        }
        return parts;
    }

    /** Where memory devices (pc-dimm) start: behind the RAM, at a whole gigabyte. */
    long deviceMemory() {
        long end = 4 * GIB + (size - low);
        return end + GIB - 1 & -GIB;
    }

    /** QEMU aligns memory devices like its own allocations. */
    static long alignDevice(long address) {
        return address + 2 * MIB - 1 & -2 * MIB;
    }
}
