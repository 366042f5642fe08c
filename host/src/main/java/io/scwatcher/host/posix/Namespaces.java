package io.scwatcher.host.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** unshare(2) and sethostname(2), which concern the calling thread alone. Never from a virtual thread. */
public final class Namespaces {
    public static final int CLONE_NEWNS = 0x00020000;
    public static final int CLONE_NEWUTS = 0x04000000;

    private static final MethodHandle UNSHARE = Libc.withErrno("unshare", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle SETHOSTNAME =
            Libc.withErrno("sethostname", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));

    private Namespaces() {}

    /** Gives the calling thread new namespaces; the other threads of the process keep theirs. */
    public static void unshare(int flags) throws PosixException {
        try {
            if ((int) UNSHARE.invokeExact(Libc.callState(), flags) < 0) {
                throw new PosixException("unshare", Libc.errno());
            }
        } catch (PosixException e) {
            throw e;
        } catch (Throwable e) {
            throw Libc.impossible(e);
        }
    }

    /** Names the host in the calling thread's UTS namespace. */
    public static void setHostName(String name) throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = Libc.string(arena, name);
            if ((int) SETHOSTNAME.invokeExact(Libc.callState(), text, text.byteSize() - 1) < 0) {
                throw new PosixException("sethostname", Libc.errno());
            }
        } catch (PosixException e) {
            throw e;
        } catch (Throwable e) {
            throw Libc.impossible(e);
        }
    }
}
