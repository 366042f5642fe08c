package io.scwatcher.vprocfs.pid;

/** Numbers of {@code MMF_*} bits (include/linux/mm_types.h): macros; these have not moved since 4.19. */
final class MmFlags {
    static final int OOM_SKIP = 21;
    /** {@code MMF_DISABLE_THP}, since 6.18 {@code MMF_DISABLE_THP_COMPLETELY}. */
    static final int DISABLE_HUGE_PAGES = 24;
    static final int MERGE_ANY = 30;

    private MmFlags() {}
}
