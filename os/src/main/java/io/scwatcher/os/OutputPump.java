package io.scwatcher.os;

import io.scwatcher.os.abi.Errno;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;

/** Carries what programs write to the Java streams of a run, in the order of the writes, on a thread that exists as long as something is on its way. */
final class OutputPump {
    /** How long the thread waits for more before it ends. */
    private static final long IDLE_MILLIS = 1000;

    private record Piece(HostOutput output, byte[] bytes) {}

    private final ArrayDeque<Piece> pieces = new ArrayDeque<>();
    private boolean running;

    /** @return how many bytes it took; {@code -EAGAIN}, {@code -EPIPE} */
    synchronized int accept(HostOutput output, byte[] from, int offset, int length) {
        if (output.broken) {
            return -Errno.EPIPE;
        }
        int count = Math.min(length, HostOutput.CAPACITY - output.pending);
        if (count <= 0) {
            return length == 0 ? 0 : -Errno.EAGAIN;
        }
        output.pending += count;
        pieces.add(new Piece(output, Arrays.copyOfRange(from, offset, offset + count)));
        if (!running) {
            running = true;
            Thread.ofPlatform().daemon().name("standard output").start(this::run);
        }
        notifyAll();
        return count;
    }

    private void run() {
        for (Piece piece = next(); piece != null; piece = next()) {
            boolean failed = false;
            try {
                piece.output.stream().write(piece.bytes);
                piece.output.stream().flush();
            } catch (IOException e) {
                failed = true;
            }
            synchronized (this) {
                piece.output.pending -= piece.bytes.length;
                piece.output.broken |= failed;
                notifyAll();
            }
            piece.output.waitQueue().wakeAll();
        }
    }

    /** The next piece, or null: the thread ends. */
    private synchronized Piece next() {
        long end = System.nanoTime() + IDLE_MILLIS * 1_000_000;
        try {
            while (pieces.isEmpty()) {
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    running = false;
                    return null;
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            running = false;
            return null;
        }
        return pieces.remove();
    }

    synchronized void drain(HostOutput output) throws InterruptedException {
        while (output.pending > 0 && !output.broken) {
            wait();
        }
    }
}
