package io.scwatcher.kernel.task;

import io.scwatcher.kernel.KObject;

/** A process's resource limits. Numbers as in include/uapi/asm-generic/resource.h. */
public final class ResourceLimits {
    public static final int RSS = 5;
    public static final int SIGPENDING = 11;
    public static final int COUNT = 16;
    /** {@code RLIM_INFINITY}. */
    public static final long INFINITY = -1;

    private ResourceLimits() {}

    public static long soft(KObject signal, int limit) {
        return signal.at("rlim").index(limit).get("rlim_cur");
    }

    public static long hard(KObject signal, int limit) {
        return signal.at("rlim").index(limit).get("rlim_max");
    }
}
