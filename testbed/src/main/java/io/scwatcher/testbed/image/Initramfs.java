package io.scwatcher.testbed.image;

import io.scwatcher.testbed.local.Cache;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The first file system of a guest: its init, the testbed's programs and the modules that the root disk needs. */
public final class Initramfs {
    /** What is built into a kernel, or does not exist in it, is left out. */
    private static final List<String> MODULES = List.of("virtio_pci", "virtio_blk", "virtio_console", "virtio_net",
            "virtio_rng", "crc32c_generic", "crc32c_intel", "ext4");

    private Initramfs() {
    }

    /** The archive for that kernel; uncompressed, since decompressing in an emulated CPU costs more than loading. */
    public static Path of(Cache cache, KernelImage kernel, Path programs) {
        String key = Cache.digest(List.of("2", kernel.modules().toString(), programs.toString(), MODULES.toString()));
        return cache.entry("initramfs/" + kernel.release() + "-" + key, empty -> {
            try (CpioArchive archive = new CpioArchive(new BufferedOutputStream(
                    Files.newOutputStream(empty.resolve("initramfs"))))) {
                for (String directory : List.of("dev", "proc", "sys", "root", "modules", "programs")) {
                    archive.directory(directory);
                }
                archive.characterDevice("dev/console", 5, 1);
                archive.file("init", Files.readAllBytes(programs.resolve("init")));
                try (Stream<Path> files = Files.list(programs)) {
                    for (Path program : files.sorted().toList()) {
                        archive.file("programs/" + program.getFileName(), Files.readAllBytes(program));
                    }
                }
                List<Path> modules = loadOrder(kernel.modules());
                for (Path module : modules) {
                    archive.file("modules/" + module.getFileName(), Files.readAllBytes(module));
                }
                archive.file("modules/order", (String.join("\n",
                        modules.stream().map(module -> module.getFileName().toString()).toList()) + "\n").getBytes());
            }
        }).resolve("initramfs");
    }

    /** The modules' files, each after those that it depends on, from depmod's modules.dep. */
    static List<Path> loadOrder(Path modules) throws IOException {
        Map<String, List<String>> dependencies = new LinkedHashMap<>();
        Map<String, String> files = new LinkedHashMap<>();
        for (String line : Files.readAllLines(modules.resolve("modules.dep"))) {
            int colon = line.indexOf(':');
            String file = line.substring(0, colon);
            String rest = line.substring(colon + 1).strip();
            // modules.dep lists what must be loaded first last.
            dependencies.put(file, rest.isEmpty() ? List.of() : List.of(rest.split(" ")).reversed());
            files.put(file.replaceFirst(".*/", "").replaceFirst("\\.ko$", "").replace('-', '_'), file);
        }
        Set<String> ordered = new LinkedHashSet<>();
        for (String name : MODULES) {
            String file = files.get(name);
            if (file != null) {
                ordered.addAll(dependencies.get(file));
                ordered.add(file);
            }
        }
        return new ArrayList<>(ordered.stream().map(modules::resolve).toList());
    }
}
