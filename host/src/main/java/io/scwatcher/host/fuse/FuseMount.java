package io.scwatcher.host.fuse;

import io.scwatcher.host.posix.Descriptor;
import io.scwatcher.host.posix.Mounts;
import io.scwatcher.host.posix.PosixException;
import io.scwatcher.host.posix.Users;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A tree mounted on a directory of this host, until it is closed, somebody unmounts it, or this process ends by Ctrl-C or
 * SIGTERM. Root mounts by mount(2); others through {@code fusermount3}.
 */
public final class FuseMount implements AutoCloseable {
    /** As {@code fuse.scwatcher} in /proc/mounts. */
    static final String SUBTYPE = "scwatcher";
    private static final String DEVICE = "/dev/fuse";
    private static final long END_MILLIS = 5_000;

    private final Path directory;
    private final Connection connection;
    private final Unmounter unmounter;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread atExit = new Thread(this::closeAtExit, "unmount");

    private FuseMount(Path directory, Connection connection, Unmounter unmounter) {
        this.directory = directory;
        this.connection = connection;
        this.unmounter = unmounter;
    }

    /** Takes a mount away, so that the kernel ends the connection. */
    interface Unmounter {
        void unmount() throws IOException;
    }

    /**
     * Mounts a tree and serves it in threads of its own.
     *
     * @param unexpected told of exceptions of the tree that are no error numbers; the reader gets EIO
     * @throws MountException with one line that says what to do
     */
    public static FuseMount mount(Tree tree, Path directory, MountOptions options, Consumer<Throwable> unexpected)
            throws MountException {
        check(directory);
        Path target = directory.toAbsolutePath().normalize();
        Operations operations = new Operations(tree, unexpected);
        FuseMount mount = Users.isRoot() ? mountDirectly(operations, target, options, MountThread.CALLER)
                : mountThroughHelper(operations, target, options);
        Runtime.getRuntime().addShutdownHook(mount.atExit);
        return mount;
    }

    /**
     * Runs what mounts and unmounts: in the calling thread, or in one that has a mount namespace of its own. The threads
     * that serve the mount are started by the caller either way, and so never see it themselves.
     */
    public interface MountThread {
        MountThread CALLER = Action::run;

        void run(Action action) throws PosixException;

        /** Mounts or unmounts. */
        interface Action {
            void run() throws PosixException;
        }
    }

    /**
     * Mounts by mount(2), which takes root, from a given thread. Nothing is unmounted when this process ends: the thread's
     * namespace ends as well.
     *
     * @param target an absolute path of a directory as that thread sees it
     */
    public static FuseMount mount(Tree tree, Path target, MountOptions options, Consumer<Throwable> unexpected,
            MountThread thread) throws MountException {
        return mountDirectly(new Operations(tree, unexpected), target, options, thread);
    }

    private static FuseMount mountDirectly(Operations operations, Path target, MountOptions options, MountThread thread)
            throws MountException {
        Descriptor device = openDevice();
        try {
            thread.run(() -> attach(device, target.toString(), options));
        } catch (PosixException e) {
            device.close();
            throw new MountException(e.getMessage() + (e.errno() == PosixException.EPERM
                    ? " (a container needs CAP_SYS_ADMIN for it)" : ""), e);
        }
        Connection connection = new Connection(device, operations);
        connection.start(target.getFileName().toString());
        int flags = Mounts.MNT_FORCE | Mounts.MNT_DETACH | Mounts.UMOUNT_NOFOLLOW;
        return new FuseMount(target, connection,
                () -> thread.run(() -> Mounts.unmount(target.toString(), flags)));
    }

    private static void attach(Descriptor device, String target, MountOptions options) throws PosixException {
        String data = "fd=" + device.number() + ",rootmode=40000,user_id=" + Users.effectiveUser() + ",group_id="
                + Users.effectiveGroup() + (options.everyone() ? ",allow_other,default_permissions" : "");
        Mounts.mount(options.source(), target, "fuse." + SUBTYPE,
                Mounts.MS_RDONLY | Mounts.MS_NOSUID | Mounts.MS_NODEV, data);
    }

    private static Descriptor openDevice() throws MountException {
        try {
            return Descriptor.open(DEVICE, Descriptor.O_RDWR);
        } catch (PosixException e) {
            throw new MountException(e.getMessage() + switch (e.errno()) {
                case PosixException.ENOENT, PosixException.ENODEV ->
                        ": the kernel's FUSE module is not loaded; try: modprobe fuse";
                case PosixException.EPERM -> ": the container may not use it; start it with --device /dev/fuse";
                default -> "";
            }, e);
        }
    }

    private static FuseMount mountThroughHelper(Operations operations, Path target, MountOptions options)
            throws MountException {
        if (options.everyone()) {
            throw new MountException("only root can mount for every user");
        }
        MountHelper helper = MountHelper.mount(target, options);
        Connection connection = new Connection(helper.device(), operations);
        connection.start(target.getFileName().toString());
        return new FuseMount(target, connection, helper::unmount);
    }

    /** The directory that the tree is mounted on. */
    public Path directory() {
        return directory;
    }

    /** Waits until somebody has unmounted it. */
    public void await() throws InterruptedException {
        connection.await();
    }

    /** Unmounts, also while it is in use: whoever still reads from it gets an error. */
    @Override
    public void close() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException shuttingDown) {
            // then it runs, and finds this closed
        }
        if (!connection.isOver()) {
            unmounter.unmount();
        }
        try {
            connection.await(END_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeAtExit() {
        try {
            close();
        } catch (IOException e) {
            System.err.println("scwatcher: " + directory + " stays mounted: " + e.getMessage());
        }
    }

    private static void check(Path directory) throws MountException {
        try {
            if (!Files.readAttributes(directory, BasicFileAttributes.class).isDirectory()) {
                throw new MountException(directory + " is not a directory");
            }
        } catch (NoSuchFileException e) {
            throw new MountException(directory + " does not exist; create it first", e);
        } catch (FileSystemException e) {
            if (e.getReason() != null && e.getReason().contains("not connected")) {
                throw new MountException(directory + " is a dead mount: whoever served it was killed. Remove it with:"
                        + (Users.isRoot() ? " umount -l " : " fusermount3 -uz ") + directory, e);
            }
            throw new MountException(directory + ": " + e.getReason(), e);
        } catch (IOException e) {
            throw new MountException(directory + ": " + e.getMessage(), e);
        }
    }
}
