package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.Kernel;

/** Numbers of {@code MMF_*} bits (include/linux/mm_types.h): macros that moved. */
final class MmFlags {
    private MmFlags() {}

    /** {@code MMF_DISABLE_THP} (24), {@code MMF_DISABLE_THP_COMPLETELY}: 24 in all versions. */
    static int disableHugePages(Kernel kernel) {
        return 24;
    }
}
