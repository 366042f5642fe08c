package io.scwatcher.testbed.local;

import io.scwatcher.testbed.TestbedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A program of this machine, run to its end.
 *
 * @param status its exit status
 * @param output what it printed
 * @param error what it printed to standard error
 */
public record HostCommand(int status, String output, String error) {
    /** Runs the program and returns its outcome, whatever that is. */
    public static HostCommand run(Path directory, Map<String, String> environment, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        if (directory != null) {
            builder.directory(directory.toFile());
        }
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            CompletableFuture<String> error = CompletableFuture.supplyAsync(() -> read(process.getErrorStream()));
            String output = read(process.getInputStream());
            return new HostCommand(process.waitFor(), output, error.join());
        } catch (IOException e) {
            throw new TestbedException("cannot run " + command.getFirst() + " (" + e.getMessage()
                    + "): install the packages listed in testbed/packages.txt", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TestbedException("interrupted while running " + command.getFirst(), e);
        }
    }

    public static HostCommand run(String... command) {
        return run(null, Map.of(), List.of(command));
    }

    /** Returns this if the exit status is 0; otherwise fails with the end of what the program said. */
    public HostCommand orFail(String what) {
        if (status == 0) {
            return this;
        }
        throw new TestbedException(what + " failed with status " + status + ": " + lastLines(error + output));
    }

    private static String lastLines(String text) {
        List<String> lines = text.strip().lines().toList();
        return String.join("; ", lines.subList(Math.max(0, lines.size() - 4), lines.size()));
    }

    private static String read(java.io.InputStream in) {
        try (in) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
