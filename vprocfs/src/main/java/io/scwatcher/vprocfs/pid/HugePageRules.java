package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.mm.MappedPages;
import io.scwatcher.kernel.mm.Mm;
import io.scwatcher.kernel.mm.PageTable;
import io.scwatcher.kernel.mm.Vma;
import io.scwatcher.kernel.task.KernelTraits;

/**
 * Whether an area can get transparent huge pages, by the system's settings and the area's own: mm/huge_memory.c
 * {@code thp_vma_allowable_orders}, {@code hugepage_vma_check}.
 */
final class HugePageRules {
    private static final long HUGE_PAGE = 2 << 20;
    private static final long VM_HUGEPAGE = 0x2000_0000;
    private static final long VM_NOHUGEPAGE = 0x4000_0000;
    private static final long VM_SPECIAL = 0x4000 | 0x4_0000 | 0x400 | 0x1000_0000 | Vma.VM_HUGETLB;

    private static final int S_IFMT = 0170000;
    private static final int S_IFREG = 0100000;
    private static final int S_ANON_INODE = 1 << 19;
    /** {@code AS_FOLIO_ORDER_MIN}, and the number of bits for it and for the maximum behind it. */
    private static final int FOLIO_ORDER_MIN = 16;
    private static final int ORDER_BITS = 5;
    private static final int ORDER_MASK = 0x1f;
    private static final int HUGE_ORDER = 9;

    private final boolean filesAllowed;
    private final boolean always;
    private final boolean onRequest;
    private final boolean disabled;

    HugePageRules(Mm mm) {
        Kernel kernel = mm.kernel();
        long flags = kernel.symbols().has("transparent_hugepage_flags")
                ? kernel.memory().u64(kernel.address("transparent_hugepage_flags")) : 0;
        always = isSet(kernel, flags, "TRANSPARENT_HUGEPAGE_FLAG");
        onRequest = isSet(kernel, flags, "TRANSPARENT_HUGEPAGE_REQ_MADV_FLAG");
        filesAllowed = KernelTraits.asksForRegularFile(kernel, "__thp_vma_allowable_orders");
        disabled = (mm.flags() >> MmFlags.DISABLE_HUGE_PAGES & 1) != 0;
    }

    boolean allow(Vma area) {
        boolean wanted = always || onRequest && area.has(VM_HUGEPAGE);
        if (!wanted || disabled || area.has(VM_NOHUGEPAGE) || area.has(VM_SPECIAL)) {
            return false;
        }
        return area.object().get("vm_ops") == 0 ? fits(area, HUGE_PAGE) : filesAllowed && allowFile(area);
    }

    /** {@code file_thp_enabled}, as it is since {@code CONFIG_READ_ONLY_THP_FOR_FS} is gone (7.1): a regular file whose page cache takes units as large as a huge page. */
    private static boolean allowFile(Vma area) {
        KObject file = area.file();
        // Shared memory has rules of its own, by which it gets none unless its mount or the system asks for them.
        if (file.isNull() || MappedPages.isSharedMemory(file.ptr("f_mapping")) || (file.ptr("f_inode").get("i_mode") & S_IFMT) != S_IFREG
                || (file.ptr("f_inode").get("i_flags") & S_ANON_INODE) != 0) {
            return false;
        }
        long orders = file.ptr("f_mapping").get("flags") >>> FOLIO_ORDER_MIN;
        if ((orders & ORDER_MASK) > HUGE_ORDER || (orders >>> ORDER_BITS & ORDER_MASK) < HUGE_ORDER) {
            return false;
        }
        long shift = (area.start() >>> PageTable.PAGE_SHIFT) - area.pageOffset();
        for (int order = 1; order <= HUGE_ORDER + 1; order++) {
            if ((shift & (1L << order) - 1) == 0 && fits(area, PageTable.PAGE_SIZE << order)) {
                return true;
            }
        }
        return false;
    }

    /** Whether an aligned unit lies inside. */
    private static boolean fits(Vma area, long size) {
        long last = area.end() - size & -size;
        return area.end() >= size && last >= area.start();
    }

    private static boolean isSet(Kernel kernel, long flags, String name) {
        var bit = kernel.types().enumerator(name);
        return bit.isPresent() && (flags >>> bit.getAsLong() & 1) != 0;
    }
}
