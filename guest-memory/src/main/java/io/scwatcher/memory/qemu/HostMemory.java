package io.scwatcher.memory.qemu;

import io.scwatcher.memory.GuestMemoryException;
import io.scwatcher.memory.PhysicalRange;
import io.scwatcher.memory.block.Backing;
import io.scwatcher.memory.block.Block;
import io.scwatcher.memory.block.MappedFile;
import io.scwatcher.memory.block.OpenProcess;
import io.scwatcher.memory.block.ProcessMemory;
import io.scwatcher.memory.host.ProcMaps;
import io.scwatcher.memory.host.ProcMaps.Mapping;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns host-virtual addresses of a QEMU process into blocks: shared files are mapped, the rest is read. */
final class HostMemory implements AutoCloseable {
    private final OpenProcess process;
    private final List<Mapping> mappings;
    private final Map<String, Optional<MappedFile>> files = new HashMap<>();
    private final Map<Mapping, Backing> processMemory = new HashMap<>();
    private boolean mapped;

    HostMemory(int pid) {
        process = new OpenProcess(pid);
        try {
            mappings = ProcMaps.of(pid);
        } catch (IOException e) {
            process.close();
            throw new GuestMemoryException("Cannot read the mappings of process %d: %s; run as root"
                    .formatted(pid, e.getMessage()), e);
        }
    }

    List<Mapping> mappings() {
        return mappings;
    }

    /** Adds the blocks for a run of RAM at a host-virtual address. Parts that are not mapped are left out. */
    void addBlocks(PhysicalRange range, long hostAddress, List<Block> blocks) {
        long hostEnd = hostAddress + range.length();
        for (Mapping mapping : mappings) {
            long start = Math.max(hostAddress, mapping.start());
            long end = Math.min(hostEnd, mapping.end());
            if (start >= end || !mapping.readable()) {
                continue;
            }
            PhysicalRange part = new PhysicalRange(range.start() + (start - hostAddress), end - start);
            Optional<MappedFile> file = mapping.shared() ? file(mapping) : Optional.empty();
            long inFile = mapping.offset() + (start - mapping.start());
            if (file.isPresent() && inFile + part.length() <= file.get().size()) {
                mapped = true;
                blocks.add(new Block(part, file.get(), inFile));
            } else {
                process.probeAt(start);
                Backing memory = processMemory.computeIfAbsent(mapping, this::processMemory);
                blocks.add(new Block(part, memory, start - mapping.start()));
            }
        }
    }

    private ProcessMemory processMemory(Mapping mapping) {
        if (mapping.inode() == 0) {
            return new ProcessMemory(process, mapping.start(), mapping.length(), offset -> false);
        }
        // Of a shared file that cannot be opened nothing is known; of a private one, what the guest has not written.
        Optional<MappedFile> file = mapping.shared() ? Optional.empty() : file(mapping);
        return new ProcessMemory(process, mapping.start(), mapping.length(),
                offset -> file.isEmpty() || file.get().hasData(mapping.offset() + offset));
    }

    /** @throws GuestMemoryException if the process is gone */
    void check() {
        process.check();
    }

    /** How the blocks are read, for people. */
    String describe() {
        return mapped && processMemory.isEmpty() ? "shared file"
                : mapped ? "shared file and process memory"
                : "process memory";
    }

    private Optional<MappedFile> file(Mapping mapping) {
        return mapping.inode() == 0
                ? Optional.empty()
                : files.computeIfAbsent(mapping.device() + " " + mapping.inode(), key -> open(mapping));
    }

    /** The file behind a mapping, by whatever way this user may open it. Its path may be deleted or elsewhere. */
    private Optional<MappedFile> open(Mapping mapping) {
        List<Path> candidates = new ArrayList<>();
        candidates.add(Path.of("/proc/%d/map_files/%x-%x".formatted(process.pid(), mapping.start(), mapping.end())));
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/" + process.pid() + "/fd"))) {
            descriptors.forEach(candidates::add);
        } catch (IOException e) {
            // Then only the mapping's own link is tried.
        }
        for (Path candidate : candidates) {
            try {
                if (((Number) Files.getAttribute(candidate, "unix:ino")).longValue() == mapping.inode()
                        && device(((Number) Files.getAttribute(candidate, "unix:dev")).longValue())
                                .equals(mapping.device())) {
                    return Optional.of(MappedFile.openSparse(candidate, mapping.path()));
                }
            } catch (IOException | GuestMemoryException e) {
                // The next one may be open to this user.
            }
        }
        return Optional.empty();
    }

    /** A device number as maps print it: makedev(3) undone. */
    private static String device(long number) {
        long major = number >>> 8 & 0xfff | number >>> 32 & ~0xfffL;
        long minor = number & 0xff | number >>> 12 & ~0xffL;
        return "%02x:%02x".formatted(major, minor & 0xffff_ffffL);
    }

    @Override
    public void close() {
        files.values().forEach(file -> file.ifPresent(MappedFile::close));
        process.close();
    }
}
