package io.scwatcher.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A PID namespace of this machine with processes that sleep, so that native tools have as many to look at as those that see a VM. Needs the superuser. */
final class SleepingTasks implements AutoCloseable {
    private static final String SCRIPT = "i=1; while [ $i -lt %d ]; do sleep 1000000 & i=$((i+1)); done; read pid rest </proc/self/stat; echo $pid; wait";

    private final Process process;
    private final String first;

    /** @param count processes, at least 1 */
    SleepingTasks(int count) throws IOException {
        process = new ProcessBuilder("unshare", "--pid", "--fork", "--kill-child", "/bin/sh", "-c", SCRIPT.formatted(count))
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        first = new BufferedReader(process.inputReader(StandardCharsets.US_ASCII)).readLine();
        if (first == null) {
            throw new IOException("cannot start processes in a PID namespace of their own");
        }
    }

    /** What runs a command among them. */
    List<String> prefix() {
        return List.of("nsenter", "--pid=/proc/" + first + "/ns/pid");
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
