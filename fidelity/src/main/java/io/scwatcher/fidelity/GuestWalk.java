package io.scwatcher.fidelity;

import io.scwatcher.testbed.Guest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * One run of the reader in a testbed guest: it has read /proc once when {@link #start} returns, sleeps until
 * {@link #finish}, reads again, and only then sends what it read.
 */
final class GuestWalk implements AutoCloseable {
    private static final String PROGRAM = "/tmp/procwalk";

    private final HeldLine go = new HeldLine();
    private final CompletableFuture<Integer> ready = new CompletableFuture<>();
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();
    private final ByteArrayOutputStream archives = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    private GuestWalk() {}

    /** What the guest read before and after. */
    record Archives(byte[] bytes, ProcArchive before, ProcArchive after) {}

    /**
     * Lets the guest read.
     *
     * @param cache folder for the compiled reader
     * @param globs what to read below /proc; empty for everything
     * @throws IOException if the reader cannot be compiled, or fails in the guest
     */
    static GuestWalk start(Guest guest, Path cache, List<String> globs) throws IOException {
        guest.copyIn(Procwalk.compile(cache), PROGRAM);
        guest.exec("chmod", "755", PROGRAM).orFail();
        List<String> command = new ArrayList<>(List.of(PROGRAM, "-p"));
        globs.forEach(glob -> command.add(Globs.relative(glob)));
        GuestWalk walk = new GuestWalk();
        Thread.ofVirtual().start(() -> walk.run(guest, command));
        try {
            walk.ready.get();
        } catch (ExecutionException failure) {
            throw new IOException("the reader failed in the guest: " + walk.said(), failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted");
        }
        return walk;
    }

    /** The reader's process id in the guest. */
    int readerPid() {
        return ready.join();
    }

    /** Lets the guest read again, and fetches what it read both times. */
    Archives finish() throws IOException {
        go.release();
        int status;
        try {
            status = ended.get();
        } catch (ExecutionException failure) {
            throw new IOException("the reader in the guest was lost: " + failure.getCause().getMessage(), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted");
        }
        if (status != 0) {
            throw new IOException("the reader in the guest ended with status " + status + ": " + said());
        }
        byte[] bytes = archives.toByteArray();
        InputStream in = new ByteArrayInputStream(bytes);
        return new Archives(bytes, ProcArchive.read(in), ProcArchive.read(in));
    }

    /** Lets the reader go. */
    @Override
    public void close() {
        go.release();
    }

    private void run(Guest guest, List<String> command) {
        try {
            int status = guest.exec(command, go, new Output(), errors);
            ready.completeExceptionally(new IOException("it ended with status " + status));
            ended.complete(status);
        } catch (RuntimeException failure) {
            ready.completeExceptionally(failure);
            ended.completeExceptionally(failure);
        }
    }

    private String said() {
        return Escaped.of(errors.toString(StandardCharsets.ISO_8859_1).strip(), 500);
    }

    /** The reader's standard output: a line that says it is ready, and with which process id; then the archives. */
    private final class Output extends OutputStream {
        private final StringBuilder line = new StringBuilder();

        @Override
        public void write(int c) {
            if (ready.isDone()) {
                archives.write(c);
            } else if (c == '\n') {
                String text = line.toString();
                if (text.matches("ready [0-9]{1,9}")) {
                    ready.complete(Integer.parseInt(text.substring(6)));
                } else {
                    ready.completeExceptionally(new IOException("it said " + Escaped.of(text, 200)));
                }
            } else if (line.length() < 1000) {
                line.append((char) (c & 0xff));
            }
        }

        @Override
        public void write(byte[] source, int offset, int length) {
            int at = offset;
            while (at < offset + length && !ready.isDone()) {
                write(source[at++]);
            }
            archives.write(source, at, offset + length - at);
        }
    }
}
