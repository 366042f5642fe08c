package io.scwatcher.memory.qemu;

import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.GuestMemoryException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A QEMU process without an operating system, with known values at chosen guest-physical addresses. */
final class TinyVm implements AutoCloseable {
    final Path socket;
    final List<Long> marked = new ArrayList<>();
    private final Process process;

    private TinyVm(Path directory, List<String> command, List<Long> marked) throws Exception {
        socket = directory.resolve("qmp");
        this.marked.addAll(marked);
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("qemu.log").toFile())
                .start();
        while (!listens()) {
            if (process.waitFor(10, TimeUnit.MILLISECONDS)) {
                throw new IOException("QEMU ended: " + Files.readString(directory.resolve("qemu.log")));
            }
        }
    }

    private boolean listens() {
        try (QmpClient _ = QmpClient.connect(socket)) {
            return true;
        } catch (GuestMemoryException e) {
            return false;
        }
    }

    /** Starts QEMU; with {@code -S} among the options the CPUs stand still from the start. */
    static TinyVm start(Path directory, List<Long> marked, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("qemu-system-x86_64", "-display", "none", "-accel", "tcg",
                "-nic", "none", "-qmp", "unix:" + directory.resolve("qmp") + ",server=on,wait=off"));
        command.addAll(Arrays.asList(options));
        for (long address : marked) {
            command.add("-device");
            command.add("loader,addr=%#x,data=%#x,data-len=8".formatted(address, value(address)));
        }
        return new TinyVm(directory, command, marked);
    }

    /** The value that stands at a marked address. */
    static long value(long address) {
        return (address ^ 0x5c3a_7c4e_1badL) * 0x9e37_79b9_7f4a_7c15L >>> 1;
    }

    static long read(GuestMemory memory, long address) {
        byte[] bytes = new byte[8];
        if (!memory.read(address, bytes, 0, 8)) {
            throw new AssertionError("%#x is not RAM".formatted(address));
        }
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    long pid() {
        return process.pid();
    }

    String monitor(String command) {
        try (QmpClient qmp = QmpClient.connect(socket)) {
            return qmp.monitor(command);
        }
    }

    boolean isRunning() {
        try (QmpClient qmp = QmpClient.connect(socket)) {
            return qmp.isRunning();
        }
    }

    /** A field of {@code /proc/PID/status} in KiB. */
    long status(String field) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid() + "/status")).stream()
                .filter(line -> line.startsWith(field + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst().orElseThrow();
    }

    @Override
    public void close() throws Exception {
        process.destroyForcibly().waitFor();
    }
}
