package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.mm.Mm;
import io.scwatcher.kernel.mm.Vma;

/**
 * Whether an area can get transparent huge pages, by the system's settings and the area's own: mm/huge_memory.c
 * {@code thp_vma_allowable_orders}, {@code hugepage_vma_check}. For anonymous memory; of files only those on file systems
 * that map huge pages by themselves could.
 */
final class HugePageRules {
    private static final long HUGE_PAGE = 2 << 20;
    private static final long VM_HUGEPAGE = 0x2000_0000;
    private static final long VM_NOHUGEPAGE = 0x4000_0000;
    private static final long VM_SPECIAL = 0x4000 | 0x4_0000 | 0x400 | 0x1000_0000 | Vma.VM_HUGETLB;

    private final boolean always;
    private final boolean onRequest;
    private final boolean disabled;

    HugePageRules(Mm mm) {
        Kernel kernel = mm.kernel();
        long flags = kernel.symbols().has("transparent_hugepage_flags")
                ? kernel.memory().u64(kernel.address("transparent_hugepage_flags")) : 0;
        always = isSet(kernel, flags, "TRANSPARENT_HUGEPAGE_FLAG");
        onRequest = isSet(kernel, flags, "TRANSPARENT_HUGEPAGE_REQ_MADV_FLAG");
        disabled = (mm.flags() >> MmFlags.DISABLE_HUGE_PAGES & 1) != 0;
    }

    boolean allow(Vma area) {
        boolean wanted = always || onRequest && area.has(VM_HUGEPAGE);
        boolean anonymous = area.object().get("vm_ops") == 0;
        boolean excluded = disabled || area.has(VM_NOHUGEPAGE) || area.has(VM_SPECIAL);
        return wanted && anonymous && !excluded && fits(area);
    }

    /** Whether an aligned huge page lies inside. */
    private static boolean fits(Vma area) {
        long last = area.end() - HUGE_PAGE & -HUGE_PAGE;
        return area.end() >= HUGE_PAGE && last >= area.start();
    }

    private static boolean isSet(Kernel kernel, long flags, String name) {
        var bit = kernel.types().enumerator(name);
        return bit.isPresent() && (flags >>> bit.getAsLong() & 1) != 0;
    }
}
