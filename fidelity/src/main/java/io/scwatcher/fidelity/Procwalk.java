package io.scwatcher.fidelity;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.zip.CRC32;

/** The program that reads /proc inside the guest: procwalk.c, compiled with this machine's C compiler. */
final class Procwalk {
    private Procwalk() {}

    /**
     * Compiles it, unless that was done before.
     *
     * @param cache the folder for the program, made if need be
     * @return the program, statically linked, so that it runs in any guest of this architecture
     * @throws IOException if there is no C compiler, or it fails
     */
    static Path compile(Path cache) throws IOException {
        byte[] source = source();
        CRC32 sum = new CRC32();
        sum.update(source);
        Files.createDirectories(cache);
        Path program = cache.resolve("procwalk-" + HexFormat.of().toHexDigits((int) sum.getValue()));
        if (Files.isExecutable(program)) {
            return program;
        }
        Path text = Files.createTempFile(cache, "procwalk", ".c");
        Path fresh = Files.createTempFile(cache, "procwalk", ".new");
        try {
            Files.write(text, source);
            run("cc", "-O2", "-static", "-o", fresh.toString(), text.toString());
            return Files.move(fresh, program, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(text);
            Files.deleteIfExists(fresh);
        }
    }

    private static byte[] source() throws IOException {
        try (InputStream in = Procwalk.class.getResourceAsStream("procwalk.c")) {
            return in.readAllBytes();
        }
    }

    private static void run(String... command) throws IOException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException missing) {
            throw new IOException("the guest's reader needs a C compiler: install the package gcc", missing);
        }
        String said = new String(process.getInputStream().readAllBytes());
        try {
            if (process.waitFor() != 0) {
                throw new IOException("compiling the guest's reader failed: " + said.strip());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("interrupted"));
        }
    }
}
