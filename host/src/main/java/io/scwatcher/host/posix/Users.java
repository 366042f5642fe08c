package io.scwatcher.host.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/** Whom this process runs as. */
public final class Users {
    private static final MethodHandle GETEUID = Libc.plain("geteuid", FunctionDescriptor.of(JAVA_INT));
    private static final MethodHandle GETEGID = Libc.plain("getegid", FunctionDescriptor.of(JAVA_INT));

    private Users() {}

    public static int effectiveUser() {
        try {
            return (int) GETEUID.invokeExact();
        } catch (Throwable e) {
            throw Libc.impossible(e);
        }
    }

    public static int effectiveGroup() {
        try {
            return (int) GETEGID.invokeExact();
        } catch (Throwable e) {
            throw Libc.impossible(e);
        }
    }

    public static boolean isRoot() {
        return effectiveUser() == 0;
    }
}
