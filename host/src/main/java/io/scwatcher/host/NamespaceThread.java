package io.scwatcher.host;

import io.scwatcher.host.fuse.FuseMount.MountThread;
import io.scwatcher.host.posix.Mounts;
import io.scwatcher.host.posix.Namespaces;
import io.scwatcher.host.posix.PosixException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A thread with a mount and a UTS namespace of its own, which what it spawns inherits. Namespaces are per thread on
 * Linux: the rest of this process does not notice. It must start no Java threads, since those would live there too.
 */
final class NamespaceThread implements MountThread, AutoCloseable {
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("namespace").factory());

    private NamespaceThread() {}

    /** Takes CAP_SYS_ADMIN. */
    static NamespaceThread unshare() throws PosixException {
        NamespaceThread namespace = new NamespaceThread();
        try {
            namespace.run(() -> {
                Namespaces.unshare(Namespaces.CLONE_NEWNS | Namespaces.CLONE_NEWUTS);
                Mounts.mount("none", "/", null, Mounts.MS_REC | Mounts.MS_PRIVATE, null);
            });
        } catch (PosixException e) {
            namespace.close();
            throw e;
        }
        return namespace;
    }

    @Override
    public void run(Action action) throws PosixException {
        try {
            thread.submit(() -> {
                action.run();
                return null;
            }).get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case PosixException failure -> throw failure;
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                default -> throw new IllegalStateException(e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
