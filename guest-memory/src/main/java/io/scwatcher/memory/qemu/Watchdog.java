package io.scwatcher.memory.qemu;

import io.scwatcher.memory.GuestMemoryException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The parent's end of a {@link ResumeWatchdog}. */
final class Watchdog implements AutoCloseable {
    /** What ends this process from the terminal must not end the watchdog with it. */
    private static final String DETACH = "trap '' HUP INT QUIT TERM;"
            + " if command -v setsid >/dev/null 2>&1; then exec setsid \"$@\"; else exec \"$@\"; fi";

    private final Process process;
    private final OutputStream input;

    /** Starts it and waits until it listens. */
    Watchdog(Path socket) {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", DETACH, "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx16m", "-Xss256k"));
        command.addAll(program());
        command.add(socket.toAbsolutePath().toString());
        command.add(Long.toString(ProcessHandle.current().pid()));
        try {
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            input = process.getOutputStream();
            byte[] ready = process.getInputStream().readNBytes(6);
            if (!new String(ready, StandardCharsets.US_ASCII).equals("ready\n")) {
                process.destroy();
                throw new IOException("it ended at once");
            }
        } catch (IOException e) {
            throw new GuestMemoryException(("The VM was not paused: the process that would resume it in an emergency"
                    + " does not start (%s); use a live capture").formatted(e.getMessage()), e);
        }
    }

    private static List<String> program() {
        String main = ResumeWatchdog.class.getName();
        try {
            URI location = ResumeWatchdog.class.getProtectionDomain().getCodeSource().getLocation().toURI();
            if (location.getScheme().equals("file")) {
                return List.of("-cp", Path.of(location).toString(), main);
            }
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
        // A run-time image holds the module itself.
        return List.of("-m", ResumeWatchdog.class.getModule().getName() + "/" + main);
    }

    /** The VM will be paused now. */
    void paused() {
        tell(ResumeWatchdog.PAUSED);
    }

    /** The VM runs again. */
    void resumed() {
        tell(ResumeWatchdog.RESUMED);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    private void tell(int what) {
        try {
            input.write(what);
            input.flush();
        } catch (IOException e) {
            throw new GuestMemoryException("The process that would resume the VM in an emergency is gone (%s)"
                    .formatted(e.getMessage()), e);
        }
    }

    @Override
    public void close() {
        try {
            input.close();
        } catch (IOException e) {
            process.destroy();
        }
    }
}
