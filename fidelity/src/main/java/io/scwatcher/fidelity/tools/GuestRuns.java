package io.scwatcher.fidelity.tools;

import io.scwatcher.fidelity.HeldLine;
import io.scwatcher.testbed.Guest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Two runs of a tool in a testbed guest by one shell: one has ended when {@link #start} returns, the other begins with {@link #finish}. The shell
 * stays in between, so that the readings inside and outside find the same processes but the tool's own.
 */
final class GuestRuns implements AutoCloseable {
    /** Of both streams, between the runs; no tool prints it. */
    private static final String MARK = "\u0001run";
    private static final Pattern REPORT = Pattern.compile("\n?" + MARK + " ([0-9]+) ([0-9]+) ([0-9]+) ([0-9]+) ([0-9.]+) ([0-9.]+)\n");
    private static final Pattern ERRORS_END = Pattern.compile("\n?" + MARK + "\n");
    /** Builtins of the shell only, so that the IDs from {@code $first} to {@code $last} are the tool's. */
    private static final String SCRIPT = """
            once() {
                read -r _ _ _ _ first < /proc/loadavg; read -r up _ < /proc/uptime
                env -i %s "$@" < /dev/null; status=$?
                read -r now _ < /proc/uptime; read -r _ _ _ _ last < /proc/loadavg
                printf '\\n\\001run\\n' >&2; printf '\\n\\001run %%s %%s %%s %%s %%s %%s\\n' $status $$ $first $last $up $now
            }
            once "$@"; read -r go; once "$@"
            """;

    private final HeldLine go = new HeldLine();
    private final CompletableFuture<Void> first = new CompletableFuture<>();
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();
    private final Stream out = new Stream(REPORT);
    private final Stream errors = new Stream(ERRORS_END);

    private GuestRuns() {}

    /** @param environment NAME=VALUE, without blanks */
    static GuestRuns start(Guest guest, List<String> command, List<String> environment) throws IOException {
        List<String> words = new ArrayList<>(List.of("sh", "-c", SCRIPT.formatted(String.join(" ", environment)), "sh"));
        words.addAll(command);
        GuestRuns runs = new GuestRuns();
        Thread.ofVirtual().start(() -> runs.run(guest, words));
        await(runs.first);
        return runs;
    }

    /** Lets the tool run again, and returns both runs. */
    List<ToolOutput> finish() throws IOException {
        go.release();
        await(ended);
        List<ToolOutput> runs = new ArrayList<>();
        List<String> said = errors.texts();
        List<String> texts = out.texts();
        if (texts.size() != 2 || said.size() != 2) {
            throw new IOException("the shell in the guest ended early");
        }
        for (int i = 0; i < 2; i++) {
            Matcher report = out.marks().get(i);
            int shell = Integer.parseInt(report.group(2));
            int before = Integer.parseInt(report.group(3));
            int last = Integer.parseInt(report.group(4));
            double seconds = Double.parseDouble(report.group(6)) - Double.parseDouble(report.group(5));
            runs.add(new ToolOutput(texts.get(i), said.get(i), Integer.parseInt(report.group(1)), shell, before, last, seconds));
        }
        return runs;
    }

    private void run(Guest guest, List<String> words) {
        try {
            int status = guest.exec(words, go, out, errors);
            first.completeExceptionally(new IOException("the shell in the guest ended with status " + status + ": " + errors.text()));
            ended.complete(status);
        } catch (RuntimeException failure) {
            first.completeExceptionally(failure);
            ended.completeExceptionally(failure);
        }
    }

    private static <T> void await(CompletableFuture<T> event) throws IOException {
        try {
            event.get();
        } catch (ExecutionException failure) {
            throw new IOException(failure.getCause().getMessage(), failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted");
        }
    }

    /** Lets the shell go. */
    @Override
    public void close() {
        go.release();
    }

    /** An output of the shell, in pieces that end in marks. */
    private final class Stream extends ByteArrayOutputStream {
        private final Pattern end;

        Stream(Pattern end) {
            this.end = end;
        }

        @Override
        public synchronized void write(byte[] source, int offset, int length) {
            super.write(source, offset, length);
            if (this == out && !first.isDone() && !marks().isEmpty()) {
                first.complete(null);
            }
        }

        synchronized String text() {
            return toString(StandardCharsets.ISO_8859_1);
        }

        List<Matcher> marks() {
            List<Matcher> found = new ArrayList<>();
            Matcher matcher = end.matcher(text());
            for (int at = 0; matcher.find(at); at = matcher.end()) {
                Matcher one = end.matcher(text());
                one.find(at);
                found.add(one);
            }
            return found;
        }

        List<String> texts() {
            List<String> texts = new ArrayList<>();
            int at = 0;
            for (Matcher mark : marks()) {
                texts.add(text().substring(at, mark.start()));
                at = mark.end();
            }
            return texts;
        }
    }
}
