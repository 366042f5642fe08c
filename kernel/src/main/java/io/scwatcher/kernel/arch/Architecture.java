package io.scwatcher.kernel.arch;

import io.scwatcher.kernel.symbol.VmcoreInfo;
import java.util.List;

/** The seam to the guest's processor architecture: all that differs between architectures is asked here. */
public interface Architecture {
    /** What is supported, for trying one after the other. */
    List<Architecture> ALL = List.of(new X86_64());

    /** The machine name of uname(2). */
    String machine();

    /** The mapping that a VMCOREINFO describes, unverified; null if it is of another architecture or incomplete. */
    KernelMapping mapping(VmcoreInfo info);

    /** The address at which the kernel's image starts when it is not randomized. */
    long linkedImageBase();

    /** Start of the kernel's mapping of all RAM, from the kernel's own variables where the kernel has them. */
    long directMapBase(KernelMapping mapping, KernelVariables kernel);

    /** Start of the array of {@code struct page}. */
    long memmapBase(KernelMapping mapping, KernelVariables kernel);

    /** The kernel's 64-bit variables by symbol. */
    interface KernelVariables {
        /** The value of a variable, or {@code otherwise} where the kernel has none of that name. */
        long u64(String symbol, long otherwise);
    }
}
