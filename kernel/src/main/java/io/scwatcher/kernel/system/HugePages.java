package io.scwatcher.kernel.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import java.util.ArrayList;
import java.util.List;

/** The pools of huge pages: {@code hstates} (mm/hugetlb.c). */
public final class HugePages {
    private static final int MAX_STATES = 16;
    private static final long PAGE_SIZE = 4096;
    /** {@code HPAGE_PMD_NR}: small pages in the huge page of a middle directory entry, with 4 KiB pages. */
    public static final long PMD_PAGES = 512;

    private final List<KObject> states = new ArrayList<>();
    private final int standard;

    public HugePages(Kernel kernel) {
        Variables variables = new Variables(kernel);
        if (!variables.has("hstates")) {
            standard = -1;
            return;
        }
        int count = (int) Math.min(MAX_STATES, variables.u32("hugetlb_max_hstate"));
        standard = variables.s32("default_hstate_idx");
        for (int i = 0; i < count; i++) {
            states.add(kernel.object("hstates", "hstate").index(i));
        }
    }

    /** {@code hugepages_supported}: whether there are any. */
    public boolean areSupported() {
        return !states.isEmpty();
    }

    public List<KObject> states() {
        return List.copyOf(states);
    }

    /** {@code default_hstate}, or null. */
    public KObject standard() {
        return standard >= 0 && standard < states.size() ? states.get(standard) : null;
    }

    /** {@code huge_page_size} in bytes. */
    public static long size(KObject state) {
        return PAGE_SIZE << (state.getInt("order") & 31);
    }

    /** {@code hugetlb_total_pages}: in pages of the ordinary size. */
    public long totalSmallPages() {
        return states.stream().mapToLong(state -> state.get("nr_huge_pages") * (size(state) / PAGE_SIZE)).sum();
    }
}
