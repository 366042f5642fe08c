package io.scwatcher.host.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** mount(2) and umount2(2). Paths are in UTF-8. */
public final class Mounts {
    public static final int MS_RDONLY = 1;
    public static final int MS_NOSUID = 1 << 1;
    public static final int MS_NODEV = 1 << 2;
    public static final int MS_BIND = 1 << 12;
    public static final int MS_REC = 1 << 14;
    public static final int MS_PRIVATE = 1 << 18;

    public static final int MNT_FORCE = 1;
    public static final int MNT_DETACH = 2;
    public static final int UMOUNT_NOFOLLOW = 8;

    private static final MethodHandle MOUNT = Libc.withErrno("mount",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
    private static final MethodHandle UMOUNT2 =
            Libc.withErrno("umount2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));

    private Mounts() {}

    /**
     * mount(2).
     *
     * @param type the file system type, null for a change of existing mounts
     * @param data file-system specific options, null for none
     */
    public static void mount(String source, String target, String type, long flags, String data)
            throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            int result = (int) MOUNT.invokeExact(Libc.callState(), optional(arena, source), optional(arena, target),
                    optional(arena, type), flags, optional(arena, data));
            if (result < 0) {
                throw new PosixException("mounting " + target, Libc.errno());
            }
        } catch (PosixException e) {
            throw e;
        } catch (Throwable e) {
            throw Libc.impossible(e);
        }
    }

    /** umount2(2). */
    public static void unmount(String target, int flags) throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            if ((int) UMOUNT2.invokeExact(Libc.callState(), Libc.string(arena, target), flags) < 0) {
                throw new PosixException("unmounting " + target, Libc.errno());
            }
        } catch (PosixException e) {
            throw e;
        } catch (Throwable e) {
            throw Libc.impossible(e);
        }
    }

    private static MemorySegment optional(Arena arena, String text) {
        return text == null ? MemorySegment.NULL : Libc.string(arena, text);
    }
}
