package io.scwatcher.kernel.arch;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.symbol.VmcoreInfo;
import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.PhysicalRange;
import java.util.List;
import java.util.OptionalLong;

/** x86-64: Documentation/arch/x86/x86_64/mm.rst, arch/x86/include/asm/page_64_types.h. */
final class X86_64 implements Architecture {
    /** {@code __START_KERNEL_map}: the image's virtual address minus {@code phys_base} is its physical address. */
    static final long START_KERNEL_MAP = 0xffff_ffff_8000_0000L;
    /** {@code CONFIG_PHYSICAL_START}, 16 MiB in every distribution. */
    private static final long PHYSICAL_START = 0x100_0000;

    /** Offset of the entry that maps the image, in a top-level table. */
    private static final int LAST_ENTRY = 511 * Long.BYTES;

    private static final long NO_TRAMPOLINE = -1;
    private static final long FRAME = 0x000f_ffff_ffff_f000L;

    private static final long DIRECT_MAP_4_LEVELS = 0xffff_8880_0000_0000L;
    private static final long DIRECT_MAP_5_LEVELS = 0xff11_0000_0000_0000L;
    private static final long MEMMAP_4_LEVELS = 0xffff_ea00_0000_0000L;
    private static final long MEMMAP_5_LEVELS = 0xffd4_0000_0000_0000L;

    @Override
    public String machine() {
        return "x86_64";
    }

    @Override
    public KernelMapping mapping(VmcoreInfo info) {
        OptionalLong physBase = info.number("phys_base");
        OptionalLong root = info.symbol("swapper_pg_dir");
        if (root.isEmpty()) {
            root = info.symbol("init_top_pgt");
        }
        if (physBase.isEmpty() || root.isEmpty()) {
            return null;
        }
        long imageShift = START_KERNEL_MAP - physBase.getAsLong();
        int levels = info.number("pgtable_l5_enabled").orElse(0) == 1 ? 5 : 4;
        long encryptionMask = info.number("sme_mask").orElse(0);
        PageTables tables = new X86PageTables(levels, encryptionMask);
        return new KernelMapping(this, tables, root.getAsLong() - imageShift, imageShift);
    }

    @Override
    public List<ImagePlace> searchImages(GuestMemory memory) {
        return new X86ImageSearch(memory).run();
    }

    /** The paging mode is the one in which the tables lead the image's start to where it lies. */
    @Override
    public KernelMapping mapping(ImagePlace place, PhysicalWords memory, KernelVariables kernel) {
        long root = kernel.address("init_top_pgt", kernel.address("swapper_pg_dir", 0));
        long encryptionMask = kernel.u64("sme_me_mask", 0);
        for (int levels = 4; root != 0 && levels <= 5; levels++) {
            PageTables tables = new X86PageTables(levels, encryptionMask);
            KernelMapping mapping = new KernelMapping(this, tables, root - place.shift(), place.shift());
            if (mapping.agreesOn(memory, place.start())) {
                return mapping;
            }
        }
        return null;
    }

    @Override
    public long linkedImageBase() {
        return START_KERNEL_MAP + PHYSICAL_START;
    }

    @Override
    public long directMapBase(KernelMapping mapping, KernelVariables kernel) {
        long unrandomized = mapping.tables().levels() == 5 ? DIRECT_MAP_5_LEVELS : DIRECT_MAP_4_LEVELS;
        return kernel.u64("page_offset_base", unrandomized);
    }

    @Override
    public long memmapBase(KernelMapping mapping, KernelVariables kernel) {
        long unrandomized = mapping.tables().levels() == 5 ? MEMMAP_5_LEVELS : MEMMAP_4_LEVELS;
        return kernel.u64("vmemmap_base", unrandomized);
    }

    @Override
    public List<PhysicalRange> bootMarks(Kernel kernel) {
        long entry = trampolineEntry(kernel);
        // The lowest byte holds flags that the processor sets.
        return entry == NO_TRAMPOLINE ? List.of() : List.of(new PhysicalRange(entry + 1, Long.BYTES - 2));
    }

    @Override
    public boolean ownsBootMarks(Kernel kernel) {
        if (!hasTrampoline(kernel)) {
            return true;
        }
        long entry = trampolineEntry(kernel);
        long root = kernel.address("init_top_pgt");
        return entry != NO_TRAMPOLINE
                && ((kernel.physicalMemory().u64(entry) ^ kernel.memory().u64(root + LAST_ENTRY)) & FRAME) == 0;
    }

    /** Kernels under Xen PV, for one, have none. */
    private static boolean hasTrampoline(Kernel kernel) {
        return kernel.symbols().has("real_mode_header") && kernel.symbols().has("init_top_pgt")
                && kernel.types().hasStruct("real_mode_header")
                && kernel.types().struct("real_mode_header").has("trampoline_pgd")
                && kernel.memory().u64(kernel.address("real_mode_header")) != 0;
    }

    /**
     * Where the real-mode trampoline in low memory has its copy of the kernel's last top-level entry
     * (arch/x86/realmode/init.c, {@code setup_real_mode}).
     */
    private static long trampolineEntry(Kernel kernel) {
        if (!hasTrampoline(kernel)) {
            return NO_TRAMPOLINE;
        }
        KObject header = kernel.at(kernel.memory().u64(kernel.address("real_mode_header")), "real_mode_header");
        if (!kernel.memory().isMapped(header.at("trampoline_pgd").address())) {
            return NO_TRAMPOLINE;
        }
        long entry = header.get("trampoline_pgd") + LAST_ENTRY;
        return kernel.physicalMemory().isMapped(entry) ? entry : NO_TRAMPOLINE;
    }
}
