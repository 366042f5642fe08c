package io.scwatcher.host.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A child process made by posix_spawn(3): it shares standard input, output, error, process group and terminal with this
 * process and has the namespaces of the thread that spawned it. {@link ProcessBuilder} gives neither.
 */
public final class ChildProcess {
    public static final int SIGINT = 2;
    public static final int SIGQUIT = 3;
    public static final int SIGKILL = 9;
    public static final int SIGTERM = 15;

    private static final long SIG_IGN = 1;
    private static final short POSIX_SPAWN_SETSIGDEF = 0x04;
    private static final short POSIX_SPAWN_SETSIGMASK = 0x08;
    /** More than posix_spawnattr_t (336 bytes), sigset_t (128) and sigaction (152) of glibc and musl take. */
    private static final int OPAQUE = 1024;

    private static final MethodHandle SPAWNP = Libc.plain("posix_spawnp",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
    private static final MethodHandle ATTR_INIT = unary("posix_spawnattr_init");
    private static final MethodHandle ATTR_DESTROY = unary("posix_spawnattr_destroy");
    private static final MethodHandle ATTR_FLAGS = Libc.plain("posix_spawnattr_setflags",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_SHORT));
    private static final MethodHandle ATTR_DEFAULT = binary("posix_spawnattr_setsigdefault");
    private static final MethodHandle ATTR_MASK = binary("posix_spawnattr_setsigmask");
    private static final MethodHandle ACTIONS_INIT = unary("posix_spawn_file_actions_init");
    private static final MethodHandle ACTIONS_DESTROY = unary("posix_spawn_file_actions_destroy");
    private static final MethodHandle ACTIONS_DUP2 = Libc.plain("posix_spawn_file_actions_adddup2",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    private static final MethodHandle SIGEMPTYSET = unary("sigemptyset");
    private static final MethodHandle SIGADDSET =
            Libc.plain("sigaddset", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle SIGACTION =
            Libc.plain("sigaction", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle WAITPID =
            Libc.withErrno("waitpid", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle KILL = Libc.plain("kill", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));

    private final int pid;

    private ChildProcess(int pid) {
        this.pid = pid;
    }

    /** SIGINT and SIGQUIT ignored by this process, as system(3) does it, until closed; children get the default back. */
    public static final class KeyboardSignals implements AutoCloseable {
        private final Arena arena = Arena.ofShared();
        private final Map<Integer, MemorySegment> before = new LinkedHashMap<>();

        public KeyboardSignals() {
            MemorySegment ignore = arena.allocate(OPAQUE, 16);
            ignore.set(JAVA_LONG, 0, SIG_IGN); // sa_handler comes first on x86-64 and arm64
            for (int signal : new int[] {SIGINT, SIGQUIT}) {
                MemorySegment action = arena.allocate(OPAQUE, 16);
                sigaction(signal, ignore, action);
                if (action.get(JAVA_LONG, 0) != SIG_IGN) { // else we were started so, and so shall be the child
                    before.put(signal, action);
                }
            }
        }

        /** Those that are ignored because of this. */
        public Collection<Integer> signals() {
            return before.keySet();
        }

        @Override
        public void close() {
            before.forEach((signal, action) -> sigaction(signal, action, MemorySegment.NULL));
            arena.close();
        }

        private static void sigaction(int signal, MemorySegment action, MemorySegment old) {
            try {
                int ignored = (int) SIGACTION.invokeExact(signal, action, old);
            } catch (Throwable e) {
                throw Libc.impossible(e);
            }
        }
    }

    /**
     * Starts a command, looked up in PATH.
     *
     * @param defaults signals whose default action the child gets
     * @throws PosixException ENOENT, EACCES, ENOEXEC ... where it cannot be executed
     */
    public static ChildProcess spawn(List<String> command, Map<String, String> environment, Collection<Integer> defaults)
            throws PosixException {
        return spawn(command, environment, defaults, null);
    }

    /** Likewise, with the environment of this process and another standard input. */
    public static ChildProcess spawn(List<String> command, Descriptor standardInput) throws PosixException {
        return spawn(command, System.getenv(), List.of(), standardInput);
    }

    private static ChildProcess spawn(List<String> command, Map<String, String> environment,
            Collection<Integer> defaults, Descriptor standardInput) throws PosixException {
        List<String> variables = new ArrayList<>();
        environment.forEach((name, value) -> variables.add(name + "=" + value));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(OPAQUE, 16);
            MemorySegment signals = arena.allocate(OPAQUE, 16);
            MemorySegment pid = arena.allocate(JAVA_INT);
            int done = (int) ATTR_INIT.invokeExact(attributes);
            done |= (int) SIGEMPTYSET.invokeExact(signals);
            done |= (int) ATTR_MASK.invokeExact(attributes, signals);
            for (int signal : defaults) {
                done |= (int) SIGADDSET.invokeExact(signals, signal);
            }
            done |= (int) ATTR_DEFAULT.invokeExact(attributes, signals);
            done |= (int) ATTR_FLAGS.invokeExact(attributes, (short) (POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK));
            MemorySegment actions = arena.allocate(OPAQUE, 16);
            done |= (int) ACTIONS_INIT.invokeExact(actions);
            if (standardInput != null) {
                done |= (int) ACTIONS_DUP2.invokeExact(actions, standardInput.number(), 0);
            }
            if (done != 0) {
                throw new PosixException("posix_spawn", PosixException.EINVAL);
            }
            int error = (int) SPAWNP.invokeExact(pid, Libc.string(arena, command.getFirst()), actions, attributes,
                    Libc.strings(arena, command), Libc.strings(arena, variables));
            done = (int) ATTR_DESTROY.invokeExact(attributes) | (int) ACTIONS_DESTROY.invokeExact(actions);
            if (error != 0) {
                throw new PosixException(command.getFirst(), error);
            }
            return new ChildProcess(pid.get(JAVA_INT, 0));
        } catch (PosixException e) {
            throw e;
        } catch (Throwable e) {
            throw Libc.impossible(e);
        }
    }

    /** Waits for its end; the exit status as shells count it, 128 + n where signal n ended it. */
    public int await() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(JAVA_INT);
            while ((int) WAITPID.invokeExact(Libc.callState(), pid, status, 0) < 0) {
                if (Libc.errno() != PosixException.EINTR) {
                    throw new IllegalStateException("waitpid: " + Libc.message(Libc.errno()));
                }
            }
            int ended = status.get(JAVA_INT, 0);
            int signal = ended & 0x7f;
            return signal == 0 ? ended >> 8 & 0xff : 128 + signal;
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw Libc.impossible(e);
        }
    }

    /** kill(2). Not after {@link #await} has returned. */
    public void signal(int signal) {
        try {
            int ignored = (int) KILL.invokeExact(pid, signal);
        } catch (Throwable e) {
            throw Libc.impossible(e);
        }
    }

    public int pid() {
        return pid;
    }

    /**
     * Keeps whatever this process has open, besides the standard streams, from the children to come: the JVM does not do
     * so by itself. Call it where /proc is this host's.
     */
    public static void keepDescriptors() throws IOException {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path path : open) {
                int descriptor = Integer.parseInt(path.getFileName().toString());
                if (descriptor > 2) {
                    Descriptor.keepFromChildren(descriptor);
                }
            }
        }
    }

    private static MethodHandle unary(String name) {
        return Libc.plain(name, FunctionDescriptor.of(JAVA_INT, ADDRESS));
    }

    private static MethodHandle binary(String name) {
        return Libc.plain(name, FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }
}
