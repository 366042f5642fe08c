package io.scwatcher.host.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/** readlink(2), byte for byte: java.nio refuses targets that are not in the locale's encoding. */
public final class Links {
    private static final int PATH_MAX = 4096;
    private static final MethodHandle READLINK =
            Libc.withErrno("readlink", FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG));

    private Links() {}

    /** The text of a symbolic link, one {@code char} for each byte. */
    public static String read(String path) throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(PATH_MAX);
            long length = (long) READLINK.invokeExact(Libc.callState(), Libc.string(arena, path), text, (long) PATH_MAX);
            if (length < 0) {
                throw new PosixException(path, Libc.errno());
            }
            return new String(text.asSlice(0, length).toArray(JAVA_BYTE), StandardCharsets.ISO_8859_1);
        } catch (PosixException e) {
            throw e;
        } catch (Throwable e) {
            throw Libc.impossible(e);
        }
    }
}
