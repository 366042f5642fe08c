package io.scwatcher.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Runs a command to its end and measures its wall time, as a user waits for it. */
final class WholeProcess {
    private final List<String> command;
    private long outputBytes;

    WholeProcess(List<String> command) {
        this.command = command;
    }

    /** @return seconds */
    double seconds() {
        try {
            long start = System.nanoTime();
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            byte[] output = process.getInputStream().readAllBytes();
            int status = process.waitFor();
            double seconds = (System.nanoTime() - start) / 1e9;
            if (status != 0) {
                throw new IllegalStateException(String.join(" ", command) + " ended with " + status + ": " + new String(output));
            }
            outputBytes = output.length;
            return seconds;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What the last run printed: a check that both sides of a comparison did something. */
    long outputBytes() {
        return outputBytes;
    }
}
