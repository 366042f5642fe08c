package io.scwatcher.kernel.arch;

import io.scwatcher.kernel.symbol.VmcoreInfo;
import io.scwatcher.memory.GuestMemory;
import java.util.List;
import java.util.OptionalLong;

/** x86-64: Documentation/arch/x86/x86_64/mm.rst, arch/x86/include/asm/page_64_types.h. */
final class X86_64 implements Architecture {
    /** {@code __START_KERNEL_map}: the image's virtual address minus {@code phys_base} is its physical address. */
    static final long START_KERNEL_MAP = 0xffff_ffff_8000_0000L;
    /** {@code CONFIG_PHYSICAL_START}, 16 MiB in every distribution. */
    private static final long PHYSICAL_START = 0x100_0000;

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
}
