package io.scwatcher.kernel.arch;

/** How the processor translates virtual addresses, under any root. Stateless. */
public interface PageTables {
    /** No translation: not present, not canonical, swapped out, or a table outside RAM. */
    long UNMAPPED = -1;

    /**
     * Walks the tables.
     *
     * @param root guest-physical address of the top-level table
     * @return the guest-physical address behind {@code virtual}, or {@link #UNMAPPED}
     */
    long translate(PhysicalWords memory, long root, long virtual);

    /** Levels of tables, for people. */
    int levels();
}
