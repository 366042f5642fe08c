package io.scwatcher.kernel.mm;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import java.util.List;

/** How many pages of a kind an address space has: {@code get_mm_counter}, in its three layouts. */
public enum PageCounter {
    FILE("MM_FILEPAGES"), ANONYMOUS("MM_ANONPAGES"), SWAP("MM_SWAPENTS"), SHARED_MEMORY("MM_SHMEMPAGES");

    /** The kinds that make up the resident set. */
    public static final List<PageCounter> RESIDENT = List.of(FILE, ANONYMOUS, SHARED_MEMORY);

    private final String enumerator;

    PageCounter(String enumerator) {
        this.enumerator = enumerator;
    }

    /** {@code get_mm_counter}: what the kernel reads cheaply; 6.2 and later leave out what CPUs hold back. */
    public long approximate(Mm mm) {
        KObject counter = counter(mm);
        return Math.max(0, counter.get(counter.has("counters") ? "count" : "counter"));
    }

    /** {@code get_mm_counter_sum}: with what each CPU holds back. */
    public long exact(Mm mm) {
        KObject counter = counter(mm);
        return counter.has("counters") ? Math.max(0, PerCpuCounter.sum(counter)) : approximate(mm);
    }

    private KObject counter(Mm mm) {
        Kernel kernel = mm.kernel();
        long index = kernel.types().enumerator(enumerator).orElse(ordinal());
        KObject object = mm.object();
        // 6.2 turned the array inside a structure into an array of per-CPU counters.
        return object.at(object.has("rss_stat.count") ? "rss_stat.count" : "rss_stat").index(index);
    }
}
