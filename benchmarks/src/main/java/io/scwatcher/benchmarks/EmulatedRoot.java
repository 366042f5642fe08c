package io.scwatcher.benchmarks;

import io.scwatcher.testbed.local.Cache;
import io.scwatcher.testbed.local.HostCommand;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A root directory whose programs all run under QEMU's user-mode emulation, their children too, without the kernel's help: where a program was there is
 * a script whose interpreter starts QEMU with the program, which was moved to {@code /.emulated}. That costs one native exec more for each program.
 */
record EmulatedRoot(Path root) {
    private static final String EMULATOR = "usr/bin/qemu-x86_64-static";
    private static final String SCRIPT = "#!/.emulated/launch\n";
    private static final Pattern LIBRARY = Pattern.compile("ld-.*|.*\\.so(\\..*)?|qemu-.*");
    private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};

    /**
     * Copies a root directory.
     *
     * @param from with the package qemu-user-static
     * @param to must not exist
     */
    static EmulatedRoot of(Path from, Path to) throws IOException {
        HostCommand.run("cp", "--archive", "--link", from.toString(), to.toString()).orFail("cannot copy " + from);
        Path moved = Files.createDirectory(to.resolve(".emulated"));
        for (Path program : programs(to)) {
            Path place = moved.resolve(to.relativize(program));
            Files.createDirectories(place.getParent());
            Files.move(program, place);
            Files.writeString(program, SCRIPT);
            Files.setPosixFilePermissions(program, Files.getPosixFilePermissions(place));
        }
        Files.createSymbolicLink(moved.resolve("qemu"), Path.of("/" + EMULATOR));
        compile(moved.resolve("launch"));
        return new EmulatedRoot(to);
    }

    private static List<Path> programs(Path root) throws IOException {
        List<Path> programs = new ArrayList<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile() && Files.isExecutable(file) && !LIBRARY.matcher(file.getFileName().toString()).matches() && isElf(file)) {
                    programs.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return programs;
    }

    private static boolean isElf(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return java.util.Arrays.equals(in.readNBytes(ELF.length), ELF);
        }
    }

    private static void compile(Path program) throws IOException {
        Path source = Files.createTempFile("emulate", ".c");
        try (InputStream in = EmulatedRoot.class.getResourceAsStream("emulate.c")) {
            Files.write(source, in.readAllBytes());
            HostCommand.run("gcc", "-O2", "-static", "-o", program.toString(), source.toString()).orFail("cannot compile emulate.c");
        } finally {
            Files.delete(source);
        }
    }

    void delete() throws IOException {
        Cache.deleteTree(root);
    }
}
