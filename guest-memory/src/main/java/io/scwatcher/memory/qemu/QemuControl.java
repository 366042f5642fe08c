package io.scwatcher.memory.qemu;

import io.scwatcher.memory.GuestMemoryException;
import io.scwatcher.memory.VmControl;
import java.nio.file.Path;

/**
 * Pauses and resumes through QMP. The socket is held only while the VM is paused, since it serves one client at a time.
 * Pauses nest: the VM resumes with the last, and only if it ran before the first.
 */
final class QemuControl implements VmControl, AutoCloseable {
    private final Path socket;
    private int pauses;
    private QmpClient held;
    private boolean ranBefore;
    private Watchdog watchdog;

    QemuControl(Path socket) {
        this.socket = socket;
    }

    @Override
    public synchronized Pause pause() {
        if (pauses == 0) {
            stop();
        }
        pauses++;
        return new Pause() {
            private boolean closed;

            @Override
            public void close() {
                synchronized (QemuControl.this) {
                    if (!closed) {
                        closed = true;
                        release();
                    }
                }
            }
        };
    }

    /** Whether the VM's CPUs run now. */
    synchronized boolean isRunning() {
        if (held != null) {
            return held.isRunning();
        }
        try (QmpClient qmp = QmpClient.connect(socket)) {
            return qmp.isRunning();
        }
    }

    private void stop() {
        QmpClient qmp = QmpClient.connect(socket);
        try {
            ranBefore = qmp.isRunning();
            if (ranBefore) {
                if (watchdog == null || !watchdog.isAlive()) {
                    watchdog = new Watchdog(socket);
                }
                watchdog.paused();
                qmp.execute("stop");
            }
            held = qmp;
        } catch (RuntimeException e) {
            qmp.close();
            // Its watchdog resumes the VM if it was stopped all the same.
            close();
            throw e;
        }
    }

    private void release() {
        if (pauses == 0 || --pauses > 0) {
            return;
        }
        try (QmpClient qmp = held) {
            held = null;
            if (ranBefore) {
                qmp.execute("cont");
                watchdog.resumed();
            }
        } catch (GuestMemoryException e) {
            close();
            throw new GuestMemoryException("The VM may be paused still: %s; resume it with the command `cont`"
                    .formatted(e.getMessage()), e);
        }
    }

    /** Resumes what is paused. */
    @Override
    public synchronized void close() {
        if (held != null) {
            pauses = 1;
            release();
        }
        pauses = 0;
        if (watchdog != null) {
            watchdog.close();
            watchdog = null;
        }
    }
}
