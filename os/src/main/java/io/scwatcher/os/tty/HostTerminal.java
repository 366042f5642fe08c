package io.scwatcher.os.tty;

import io.scwatcher.os.StandardStreams;
import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.OpenFlags;
import io.scwatcher.os.wait.WaitQueue;
import io.scwatcher.os.wait.Waiter;
import java.util.concurrent.Semaphore;
import java.util.function.IntSupplier;

/** The master side of a terminal in the hands of somebody outside of the layer: what is typed goes in, what programs show comes out. For one run. */
public final class HostTerminal implements AutoCloseable {
    private final Terminal terminal;
    private volatile boolean closed;

    HostTerminal(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Descriptors 0, 1 and 2 of the run, whose controlling terminal it becomes. To be called once. */
    public StandardStreams streams() {
        return StandardStreams.of(new SlaveDescription(terminal, null, OpenFlags.O_RDWR));
    }

    /** Types. Waits while programs don't read; returns early when it is closed. */
    public void write(byte[] from, int offset, int length) throws InterruptedException {
        int done = 0;
        while (done < length && !closed) {
            int start = done;
            done += Math.max(0, await(() -> terminal.type(from, offset + start, length - start)));
        }
    }

    /** What programs show: at least one byte. @return how many, or -1 when no program has the terminal any more */
    public int read(byte[] to, int offset, int length) throws InterruptedException {
        int count = await(() -> closed ? -Errno.EIO : terminal.watch(to, offset, length));
        if (count < 0) {
            return -1;
        }
        terminal.shown(count);
        return count;
    }

    private int await(IntSupplier attempt) throws InterruptedException {
        int result = attempt.getAsInt();
        if (result != -Errno.EAGAIN) {
            return result;
        }
        Semaphore wakeups = new Semaphore(0);
        Waiter waiter = wakeups::release;
        WaitQueue queue = terminal.masterQueue();
        queue.register(waiter);
        try {
            while ((result = attempt.getAsInt()) == -Errno.EAGAIN && !closed) {
                wakeups.acquire();
                wakeups.drainPermits();
            }
            return result;
        } finally {
            queue.unregister(waiter);
        }
    }

    /** The window has another size: the foreground process group gets SIGWINCH. */
    public void resize(int rows, int columns) {
        terminal.windowSize(new byte[] {(byte) rows, (byte) (rows >>> 8), (byte) columns, (byte) (columns >>> 8), 0, 0, 0, 0});
    }

    /** Hangs up: the session's leader gets SIGHUP. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            terminal.hangUp();
        }
    }
}
