package io.scwatcher.kernel.arch;

import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.symbol.VmcoreInfo;
import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.PhysicalRange;
import java.util.List;

/** The seam to the guest's processor architecture: all that differs between architectures is asked here. */
public interface Architecture {
    /** What is supported, for trying one after the other. */
    List<Architecture> ALL = List.of(new X86_64());

    /** The machine name of uname(2). */
    String machine();

    /** The mapping that a VMCOREINFO describes, unverified; null if it is of another architecture or incomplete. */
    KernelMapping mapping(VmcoreInfo info);

    /**
     * Searches memory for kernel images without any help of the kernel, by what the architecture's page tables look like.
     * Stale ones are found as well.
     */
    List<ImagePlace> searchImages(GuestMemory memory);

    /** The mapping of an image whose symbols are known, unverified; null if they do not tell. */
    KernelMapping mapping(ImagePlace place, PhysicalWords memory, KernelVariables kernel);

    /**
     * Where an image lies.
     *
     * @param start its first virtual address
     * @param shift virtual minus physical address
     */
    record ImagePlace(long start, long shift) {}

    /** The address at which the kernel's image starts when it is not randomized. */
    long linkedImageBase();

    /** Start of the kernel's mapping of all RAM, from the kernel's own variables where the kernel has them. */
    long directMapBase(KernelMapping mapping, KernelVariables kernel);

    /** Start of the array of {@code struct page}. */
    long memmapBase(KernelMapping mapping, KernelVariables kernel);

    /**
     * Memory outside the image that every boot writes anew at the same place with addresses of its own. It outlives no
     * reboot, while the image of an earlier boot often does.
     */
    List<PhysicalRange> bootMarks(Kernel kernel);

    /**
     * Whether that memory holds what this kernel wrote there. False means that another kernel has booted since; true that
     * none is known to have.
     */
    boolean ownsBootMarks(Kernel kernel);

    /** The kernel's symbols and 64-bit variables. */
    interface KernelVariables {
        /** The address of a symbol, or {@code otherwise} where the kernel has none of that name. */
        long address(String symbol, long otherwise);

        /** The value of a variable, or {@code otherwise} where the kernel has none of that name. */
        long u64(String symbol, long otherwise);
    }
}
