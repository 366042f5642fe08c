package io.scwatcher.kernel.system;

import io.scwatcher.kernel.Kernel;
import java.util.LinkedHashMap;
import java.util.Map;

/** What x86-64 reports about the kernel's address space (arch/x86/mm/pat/set_memory.c, asm/pgtable_64_types.h). */
public final class DirectMap {
    /** {@code VMALLOC_SIZE_TB_L4}, {@code VMALLOC_SIZE_TB_L5}. */
    private static final long VMALLOC_TERABYTES_4_LEVEL = 32;
    private static final long VMALLOC_TERABYTES_5_LEVEL = 12800;
    /** The lowest kernel address with four levels; the direct map starts below it with five. */
    private static final long KERNEL_HALF_4_LEVEL = 0xffff_8000_0000_0000L;

    private DirectMap() {}

    /** {@code arch_report_meminfo}: kilobytes of the direct map by page size; empty on other architectures. */
    public static Map<String, Long> of(Kernel kernel) {
        Variables variables = new Variables(kernel);
        Map<String, Long> kilobytes = new LinkedHashMap<>();
        if (variables.has("direct_pages_count")) {
            String pages = "direct_pages_count";
            kilobytes.put("DirectMap4k", variables.u64At(pages, variables.constant("PG_LEVEL_4K", 1)) << 2);
            kilobytes.put("DirectMap2M", variables.u64At(pages, variables.constant("PG_LEVEL_2M", 2)) << 11);
            if (variables.isSet("direct_gbpages", 4)) {
                kilobytes.put("DirectMap1G", variables.u64At(pages, variables.constant("PG_LEVEL_1G", 3)) << 20);
            }
        }
        return kilobytes;
    }

    /** Whether the kernel runs with five levels of page tables. */
    public static boolean hasFiveLevels(Kernel kernel) {
        long start = new Variables(kernel).u64("page_offset_base", KERNEL_HALF_4_LEVEL);
        return Long.compareUnsigned(start, KERNEL_HALF_4_LEVEL) < 0;
    }

    /** {@code VMALLOC_TOTAL}: the end is the last byte, so one less than the size. */
    public static long vmallocBytes(Kernel kernel) {
        return ((hasFiveLevels(kernel) ? VMALLOC_TERABYTES_5_LEVEL : VMALLOC_TERABYTES_4_LEVEL) << 40) - 1;
    }
}
